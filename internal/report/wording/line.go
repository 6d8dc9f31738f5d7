package wording

import (
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
)

// FirstLine is what of a text fits a table.
func FirstLine(text string) string {
	line, _, _ := strings.Cut(foreign.Text(text), "\n")
	return strings.TrimSpace(line)
}

// IndentRest puts what follows the first line of a text under its beginning.
func IndentRest(text, indent string) string {
	return strings.ReplaceAll(text, "\n", "\n"+indent)
}

// OfLimit says what a figure can be at most, if that is known.
func OfLimit(limit *float64) string {
	if limit == nil {
		return ""
	}
	return " of " + figure.Whole(*limit)
}
