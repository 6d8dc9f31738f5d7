package stream

import "github.com/benchtui/benchtui/internal/diagnosis"

// VerdictWords say what limited the run, and on what that rests. Where that is not told, as
// in results of old versions, they are "" unless the server was not the limit.
func (m Measured) VerdictWords() string {
	words := ""
	switch m.Verdict {
	case diagnosis.VerdictGenerator:
		words = "the generator was the limit, not the server"
	case diagnosis.VerdictMachine:
		words = "the machine was the limit, which server and generator share"
	case diagnosis.VerdictServer:
		words = "these figures are the server's"
	case diagnosis.VerdictInconclusive:
		words = "what limited this run can't be told"
	default:
		return ""
	}
	switch {
	case m.VerdictWhy != "":
		words += ": " + m.VerdictWhy
	case m.Verdict == diagnosis.VerdictServer, m.Verdict == diagnosis.VerdictInconclusive:
		return ""
	}
	return words
}
