package wording

import (
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/session"
)

// Ending say how measuring a contender ended.
func Ending(one session.ContenderResult) string {
	if one.StatusDetail == "" {
		return statusWords(one.Status)
	}
	return statusWords(one.Status) + ": " + foreign.Text(one.StatusDetail)
}

// statusWords is a status in words.
func statusWords(status session.Status) string {
	switch status {
	case session.StatusStartFailed:
		return "did not start"
	case session.StatusBuildFailed:
		return "not built"
	}
	return string(status)
}
