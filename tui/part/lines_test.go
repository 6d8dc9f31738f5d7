package part

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
)

func TestLinesSayWhatTheVerdictRestsOn(t *testing.T) {
	for verdict, says := range map[string]string{
		"generator":    "⚠ the generator was the limit, not the server: 12.0 of 64",
		"machine":      "= the machine was the limit, which server and generator share: 12.0 of 64",
		"inconclusive": "? what limited this run can't be told: 12.0 of 64",
		"server":       "these figures are the server's: 12.0 of 64",
	} {
		lines := &Lines{Width: 120}
		lines.Verdict(stream.ContenderResult{Measured: stream.Measured{Verdict: verdict, VerdictWhy: "12.0 of 64 connections waited"}})
		text := ""
		for _, line := range lines.All {
			for _, span := range line {
				text += span.Text
			}
		}
		if !strings.Contains(text, says) {
			t.Errorf("%s: %q does not say %q", verdict, text, says)
		}
	}
}
