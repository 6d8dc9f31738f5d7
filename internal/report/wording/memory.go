package wording

import "github.com/benchtui/benchtui/internal/session"

// BesideRSS names memory that is PSS so, with RSS beside it; "" of what has RSS alone.
func BesideRSS(process *session.ProcessResult) string {
	if process.MemoryIs != session.MemoryIsPSS {
		return ""
	}
	return " (PSS; RSS " + Known(process.RSSMBMax, MB) + ")"
}
