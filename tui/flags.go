package tui

// startMarks are where the warm-up ends and the measured load begins.
func (m *Measuring) startMarks() []Mark {
	if !m.Loaded || !m.WarmedUp {
		return nil
	}
	return []Mark{{X: 0, Line: '┊', Role: RoleAxis}}
}

// flags are the findings on the time axis that all charts share, each at the
// second at which it began.
func (m *Measuring) flags() []Mark {
	var marks []Mark
	for _, finding := range m.Findings {
		marks = append(marks, Mark{X: finding.At.Seconds(), Sign: '⚑', Line: '╎', Role: RoleWarn})
	}
	return marks
}
