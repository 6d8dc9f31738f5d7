package diagnosis

import "github.com/benchtui/benchtui/internal/flagname"

// starterMeasured tells that CPU and memory are not the server's, but those of what
// started it: its own processes could not be found.
func starterMeasured(Facts) ruleFunc {
	return func(w Window) *evidence {
		if w.StarterMeasured == "" {
			return nil
		}
		return &evidence{
			since:   w.From,
			title:   "CPU and memory are those of what started the server, not the server's",
			figures: []string{w.StarterMeasured},
			advice:  "read CPU, memory and CPU per request as those of the starter; run benchtui as the user who runs the server, or as root, or give the server's process by " + flagname.URL + " and " + flagname.PID,
		}
	}
}
