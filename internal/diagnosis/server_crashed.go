package diagnosis

import "github.com/benchtui/benchtui/internal/figure"

// serverCrashed tells that the server ended during the load without being asked to.
func serverCrashed(Facts) judge {
	var found *claim
	var ok, failed uint64
	return func(w Window) *claim {
		ok += w.OK
		failed += w.KO
		if found != nil || w.ServerExit == "" {
			return found
		}
		found = &claim{
			since: w.To,
			title: "the server ended during the load",
			evidence: []string{
				"it ended by itself at about " + at(w.To) + ": " + w.ServerExit,
				"until then it gave " + figure.Count(ok) + " good replies, and " + figure.Count(failed) + " requests failed",
			},
			advice: "its last log lines tell more; the figures are those up to its end, and no measure of what it can do",
		}
		return found
	}
}
