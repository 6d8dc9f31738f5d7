package wording

import (
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// Ending say how measuring a contender ended.
func Ending(one stream.ContenderResult) string {
	if one.StatusDetail == "" {
		return one.Status.Words()
	}
	return one.Status.Words() + ": " + foreign.Text(one.StatusDetail)
}
