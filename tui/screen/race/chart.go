package race

import (
	"math"
	"slices"

	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// drawChart lays the lines over each other: the crowd first, the best above
// it, the one under load on top.
func (r *Screen) drawChart(ctx *screen.Context, s *term.Surface, box term.Rect, state *view.State, standings view.Standings) {
	if box.Empty() {
		return
	}
	pace := ctx.Settings.Pace
	words := pace.Words()
	in := s.Box(box, term.RoleBorder, term.Say(words.Name, term.RoleTitle))
	if in.Empty() {
		return
	}
	low, high, to := math.Inf(1), 0.0, max(1, state.Plan.Workload.DurationS)
	for _, r := range standings.Runners {
		to = max(to, r.Track.Last())
		for i := range r.Track.Points.Len() {
			if y := r.Track.Points.At(i).Pace[pace]; !math.IsNaN(y) {
				low, high = min(low, y), max(high, y)
			}
		}
	}
	if high == 0 {
		s.TextCentre(in.Row(in.H/2), "no reply so far", term.RoleDim)
		return
	}
	plot := &chart.Plot{}
	columns, rows := plot.GraphSize(in)
	plot.X = scale.Time(0, to, chart.Moments(columns))
	plot.Y = scale.Log(low, high, plot.Steps(rows), words.Label)
	if words.Higher {
		plot.Y = scale.Linear(high, plot.Steps(rows), words.Label)
	}
	plot.Series = lines(ctx, standings)
	if !math.IsInf(standings.Second, 1) {
		plot.Marks = []chart.Mark{{X: standings.Second, Sign: '▲', Role: term.RolePhase}}
	}
	for _, runner := range standings.Runners {
		if id := runner.Track.Facts.ID; id == standings.Running || id == ctx.Settings.Picked {
			plot.Asides = append(plot.Asides, part.Asides(runner.Track.Asides)...)
		}
	}
	r.chart.Draw(s, in, plot)
	if columns >= chart.MinGraphColumns && rows >= chart.MinGraphRows {
		r.drawLetters(ctx, s, term.Rect{X: in.X + chart.LabelWidth + 1, Y: in.Y, W: columns, H: rows}, plot, standings)
	}
}

func lines(ctx *screen.Context, standings view.Standings) []chart.Series {
	pace := ctx.Settings.Pace
	points := func(track *view.Track) []chart.XY {
		line := make([]chart.XY, 0, track.Points.Len()+1)
		for i := range track.Points.Len() {
			point := track.Points.At(i)
			line = append(line, chart.XY{X: point.At, Y: point.Pace[pace]})
		}
		return line
	}
	crowd := chart.Series{Role: term.RoleAxis, Stroke: chart.Dotted}
	var lines, front []chart.Series
	for _, r := range slices.Backward(standings.Runners) {
		id := r.Track.Facts.ID
		switch {
		case r.Lane == 0: // all in one line with gaps: a grid of dots each would be dear
			crowd.Points = append(append(crowd.Points, points(r.Track)...), chart.XY{X: math.NaN(), Y: math.NaN()})
		case id == standings.Running || id == ctx.Settings.Picked:
			front = append(front, chart.Series{Role: part.LaneRole(r), Stroke: chart.Thick, Points: points(r.Track)})
		default:
			lines = append(lines, chart.Series{Role: part.LaneRole(r), Points: points(r.Track)})
		}
	}
	return slices.Concat([]chart.Series{crowd}, lines, front)
}

// drawLetters marks each line with its letter: at its end, and those that are
// picked out along the way, so that lines can be told apart without colours.
func (r *Screen) drawLetters(ctx *screen.Context, s *term.Surface, graph term.Rect, plot *chart.Plot, standings view.Standings) {
	const apart = 24 // columns
	for _, r := range slices.Backward(standings.Runners) {
		letter := r.Track.Letter()
		put := func(point view.TrackPoint) {
			y := point.Pace[ctx.Settings.Pace]
			if math.IsNaN(y) || point.At > plot.X.Max {
				return
			}
			column := chart.Pixel(plot.X.Place(point.At), graph.W*2) / 2
			row := graph.H - 1 - chart.Pixel(plot.Y.Place(y), graph.H*4)/4
			s.Set(graph.X+column, graph.Y+row, letter, part.LaneRole(r))
		}
		n := r.Track.Points.Len()
		if r.Lane > 0 && n > 0 {
			next := float64(r.Track.Number * 5 % apart)
			for i := range n {
				column := plot.X.Place(r.Track.Points.At(i).At) * float64(graph.W)
				if column >= next {
					put(r.Track.Points.At(i))
					next += apart
				}
			}
		}
		if last, ok := r.Track.LastReply(ctx.Settings.Pace); ok {
			put(last)
		}
	}
}
