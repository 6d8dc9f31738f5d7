package wording

import (
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// Ending say how measuring a contender ended.
func Ending(one stream.ContenderResult) string {
	if one.StatusDetail == "" {
		return statusWords(one.Status)
	}
	return statusWords(one.Status) + ": " + foreign.Text(one.StatusDetail)
}

// statusWords is a status in words.
func statusWords(status stream.Status) string {
	switch status {
	case stream.StatusStartFailed:
		return "did not start"
	case stream.StatusBuildFailed:
		return "not built"
	}
	return string(status)
}
