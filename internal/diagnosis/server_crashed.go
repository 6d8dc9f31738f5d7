package diagnosis

import "github.com/benchtui/benchtui/internal/figure"

// serverCrashed tells that the server ended during the load without being asked to.
func serverCrashed(Facts) ruleFunc {
	var found *evidence
	var ok, failed uint64
	return func(w Window) *evidence {
		ok += w.OK
		failed += w.KO
		if found != nil || w.ServerExit == "" {
			return found
		}
		found = &evidence{
			since: w.To,
			title: "the server ended during the load",
			figures: []string{
				"it ended by itself at about " + at(w.To) + ": " + w.ServerExit,
				"until then it gave " + figure.Plural(ok, "good reply", "good replies") + ", and " + figure.Plural(failed, "request", "requests") + " failed",
			},
			advice: "its last log lines tell more; the figures are those up to its end, and no measure of what it can do",
		}
		return found
	}
}
