package tui

import (
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// startMarks are where the warm-up ends and the measured load begins.
func startMarks(m *view.Measuring) []chart.Mark {
	if !m.Loaded || !m.WarmedUp {
		return nil
	}
	return []chart.Mark{{X: 0, Line: '┊', Role: term.RoleAxis}}
}

// flags are the findings on the time axis that all charts share, each at the
// second at which it began.
func flags(m *view.Measuring) []chart.Mark {
	var marks []chart.Mark
	for _, finding := range m.Findings {
		marks = append(marks, chart.Mark{X: finding.At.Seconds(), Sign: '⚑', Line: '╎', Role: term.RoleWarn})
	}
	return marks
}
