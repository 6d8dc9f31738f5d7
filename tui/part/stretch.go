package part

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// Stretch is what charts of one load have in common: the stretch of time that they
// show, and what happened in it.
type Stretch struct {
	From, To float64 // s since the measured load began
	Now      float64
	Cursor   float64 // where values are read; NaN: at the end
	Marks    []chart.Mark
	Asides   []chart.Aside // that are in no figure

	Labels int  // columns for the labels of lines, the same for all charts above each other
	HideX  bool // the time axis is left to the charts above
}

// StretchOf is what charts of a load show at a time since the run began.
func StretchOf(m *view.Measuring, now time.Duration, cursor float64) Stretch {
	at := Stretch{Cursor: cursor, Now: m.Seconds(now.Seconds()), Marks: append(startMarks(m), flags(m)...)}
	at.From, at.To = m.Span(now)
	at.Asides = Asides(m.Asides)
	return at
}

// Asides are the stretches of a load that are in no figure, for charts of it.
func Asides(of []view.Aside) (asides []chart.Aside) {
	for _, one := range of {
		asides = append(asides, chart.Aside(one))
	}
	return asides
}

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

// Plot is a plot over that time, for the inside of a border.
func (v Stretch) Plot(in term.Rect) (plot *chart.Plot, rows int) {
	plot = &chart.Plot{HideX: v.HideX, Marks: v.Marks, Asides: v.Asides, Labels: v.Labels}
	if v.Reading() {
		plot.Cursor = &v.Cursor
	}
	columns, rows := plot.GraphSize(in)
	plot.X = scale.Time(v.From, v.To, chart.Moments(columns))
	return plot, rows
}

// readWithin is how far from the cursor a point may be to be read as its value, s:
// the server is looked at four times a second.
const readWithin = 0.3

// Reading says that values are read at the cursor.
func (v Stretch) Reading() bool { return !math.IsNaN(v.Cursor) }

// Read sets what a line's label says: the value at the cursor, or the latest.
func (v Stretch) Read(series *chart.Series, write func(float64) string) {
	series.Latest, series.Read = "", math.NaN()
	if v.Reading() {
		if at := Nearest(v.Cursor, len(series.Points), func(i int) float64 { return series.Points[i].X }); at >= 0 {
			series.Read = series.Points[at].Y
		}
	} else {
		for i := len(series.Points) - 1; i >= 0 && math.IsNaN(series.Read); i-- {
			series.Read = series.Points[i].Y
		}
	}
	if !math.IsNaN(series.Read) {
		series.Latest = write(series.Read)
	}
}

// Nearest is which of n ascending times is nearest to the cursor; -1 if none is near.
func Nearest(cursor float64, n int, time func(i int) float64) int {
	best, distance := -1, readWithin
	for i := range n {
		if d := math.Abs(time(i) - cursor); d <= distance {
			best, distance = i, d
		}
	}
	return best
}

// TitleWidth is the room that a panel's border has for a title beside its key.
func TitleWidth(box term.Rect) int { return box.W - 8 }

// LabelColumns says how much room the labels of lines get beside a graph.
func LabelColumns(width int) int {
	if width >= 56 {
		return 12
	}
	return 0
}

// Panel draws a panel's border with its key before its title, heavy where it is in
// focus, and returns what is inside. Without lines for a border there is none.
func Panel(s *term.Surface, box term.Rect, key string, focused bool, title ...term.Span) term.Rect {
	if box.H < 3 {
		return box
	}
	title = append([]term.Span{term.Say(key+" ", term.RoleKey)}, title...)
	if focused {
		return s.HeavyBox(box, term.RoleKey, title...)
	}
	return s.Box(box, term.RoleBorder, title...)
}
