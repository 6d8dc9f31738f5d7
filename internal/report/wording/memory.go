package wording

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// BesideRSS names memory that is PSS so, with RSS beside it; "" of what has RSS alone.
func BesideRSS(process *stream.ProcessResult) string {
	if process.MemoryIs != stream.MemoryIsPSS {
		return ""
	}
	return " (PSS; RSS " + figure.Known(process.RSSMBMax, figure.MB) + ")"
}
