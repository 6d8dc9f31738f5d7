package wording

import (
	"fmt"
	"strings"

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
	when += InRounds(finding.Rounds)
	lines := []string{fmt.Sprintf("%s⚑ %s  %s", indent, when, foreign.Text(finding.Title))}
	for _, evidence := range finding.Evidence {
		lines = append(lines, indent+"    "+foreign.Text(evidence))
	}
	if finding.Advice != "" {
		lines = append(lines, indent+"  → "+foreign.Text(finding.Advice))
	}
	return lines
}

// InRounds says in which of several rounds a finding fired.
func InRounds(rounds []int) string {
	switch len(rounds) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" in round %d", rounds[0])
	}
	words := make([]string, len(rounds))
	for i, round := range rounds {
		words[i] = fmt.Sprint(round)
	}
	return " in rounds " + strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
