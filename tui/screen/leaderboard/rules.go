package leaderboard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// rules say what the ranks and tiers rest on, and whether the generator can be
// trusted, in lines of so many columns: a rule that is cut off can't be checked.
func (b *Screen) rules(width int) (lines [][]term.Span) {
	const indent = "  "
	ranked := words.RankWords(b.result)
	if n := b.result.Workload.Rounds; n > 1 {
		what, better, _ := strings.Cut(ranked, ", ")
		ranked = fmt.Sprintf("%s, median of %d rounds, %s", what, n, better)
	}
	add := func(label, text string, role term.Role) {
		for _, line := range term.Wrap(text, width-len(indent)-len(label)-1) {
			lines = append(lines, []term.Span{term.Say(indent+label, term.RoleDim), term.Say(line, role)})
			label = strings.Repeat(" ", len(label))
		}
	}
	// Its last words may be cut off: which way is better shows in the order.
	lines = append(lines, []term.Span{term.Say(indent+"ranked by ", term.RoleDim), term.Say(ranked, term.RoleText)})
	for _, rule := range []string{b.result.TierRule, b.result.TieRule} {
		if label, text, labelled := strings.Cut(rule, ": "); labelled {
			add(label+": ", text, term.RoleDim)
		} else if rule != "" {
			add("", rule, term.RoleDim)
		}
	}
	if slices.ContainsFunc(b.result.Contenders, stream.ContenderResult.StartersFigures) {
		add("", stream.StartersRule, term.RoleDim)
	}
	g := b.result.Generator
	figures := fmt.Sprintf("generator %s CPU at most · %s CPU/req · late by %s at p99",
		figure.OfCore(g.CPUPercentMax), figure.Microseconds(g.CPUUSPerRequest), figure.MS(g.LatenessMS.P99))
	if late := g.ReadLatenessMS; late != nil {
		reading := ", of reading " + figure.MS(late.P99)
		if ansi.StringWidth(indent+figures+reading)+len(" ✓") <= width { // it is in no latency: the first to go
			figures += reading
		}
	}
	told := words.Doubt(b.result)
	if told == "" {
		return append(lines, []term.Span{term.Say(indent+figures, term.RoleDim), term.Say(" ✓", term.RoleGood)})
	}
	warning := []term.Span{term.Say(indent+"⚠ "+told, term.RoleWarn)}
	if ansi.StringWidth(warning[0].Text)+ansi.StringWidth(indent+figures) < width {
		return append(lines, append(warning, term.Say(indent+figures, term.RoleDim)))
	}
	lines = append(lines, warning)
	add("", figures, term.RoleDim)
	return lines
}
