package wording

import (
	"fmt"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// Finding tell a finding: what, the figures that show it, and what to do.
func Finding(indent string, finding stream.FindingResult) []string {
	when := figure.At(finding.AtS)
	if finding.EndedAtS > 0 {
		when += " to " + figure.At(finding.EndedAtS)
	}
	when += stream.InRounds(finding.Rounds)
	lines := []string{fmt.Sprintf("%s⚑ %s  %s", indent, when, foreign.Text(finding.Title))}
	for _, evidence := range finding.Evidence {
		lines = append(lines, indent+"    "+foreign.Text(evidence))
	}
	if finding.Advice != "" {
		lines = append(lines, indent+"  → "+foreign.Text(finding.Advice))
	}
	return lines
}
