package present

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// drawPlaces is the first of the leaderboard.
func drawPlaces(ctx *screen.Context, s *term.Surface, in term.Rect) {
	result := *ctx.State.Result
	_, in = in.CutTop(min(1, in.H/20))
	head, in := in.CutTop(2)
	s.Spans(head, term.Say(words.RankWords(result), term.RoleTitle))
	if told := words.Doubt(result); told != "" {
		s.TextRight(head, "⚠ "+told, term.RoleWarn)
	}
	var ranked []stream.ContenderResult
	for _, row := range result.Contenders {
		if row.Rank > 0 {
			ranked = append(ranked, row)
		}
	}
	if len(ranked) == 0 {
		s.LargeParagraph(in, "nobody has a place", term.RoleWarn)
		return
	}
	most := 4
	if in.H < 20 {
		most = 3
	}
	shown := min(len(ranked), most)
	written := placesIn(in, ranked[:shown])
	for _, row := range result.Contenders { // those who failed, where room is left over
		if row.Rank == 0 && row.Requests.Total > 0 && shown < most {
			if more := placesIn(in, append(ranked[:shown:shown], row)); more.scale >= min(2, written.scale) {
				written = more
				shown++
				ranked = append(ranked[:shown-1:shown-1], row)
			}
		}
	}
	step := written.step
	for i, row := range ranked[:shown] {
		at := term.Rect{X: in.X, Y: in.Y + i*step, W: in.W, H: step}
		s.Text(term.Rect{X: at.X, Y: at.Y + step/3, W: medals, H: 1}, figure.Medal(row.Tier), term.RoleText)
		if step > 1 {
			s.Text(term.Rect{X: at.X, Y: at.Y + step/3 + 1, W: medals, H: 1}, words.Place(row), term.RoleDim)
		}
		role, valueRole := term.TierRole(row.Tier), term.RoleStrong
		if row.Rank == 0 {
			role, valueRole = term.RoleDim, term.RoleBad
		}
		s.Large(term.Rect{X: at.X + medals, Y: at.Y, W: at.W - medals, H: at.H}, row.ID, role, written.scale)
		width := term.LargeWidth(written.values[i], written.scale)
		if written.scale == 0 {
			width = ansi.StringWidth(written.values[i])
		}
		s.Large(term.Rect{X: at.X + at.W - width, Y: at.Y, W: width, H: at.H}, written.values[i], valueRole, written.scale)
	}
	if y := step * shown; y < in.H && len(result.Contenders) > shown {
		s.Text(in.Row(y), fmt.Sprintf("and %d more", len(result.Contenders)-shown), term.RoleDim)
	}
}

// medals is how many columns a medal and a place take on the stage.
const medals = 5

// places are how large the places of the stage are written.
type places struct {
	values      []string
	scale, step int
}

// placesIn writes those rows as large as they go into the rectangle.
func placesIn(in term.Rect, rows []stream.ContenderResult) places {
	by := string(stream.Result{Contenders: rows}.RankedBy())
	of, _ := figure.Named(by)
	p := places{step: 1}
	var texts []string
	for _, row := range rows {
		value := of.Bare(row.Figure(by))
		if row.Rank == 0 {
			value = figure.Percent(row.Requests.FailureRate) + " KO"
		}
		p.values = append(p.values, value)
		texts = append(texts, row.ID, value)
	}
	height := max(1, min(in.H/len(rows), in.H/3)-1)
	for try := term.Largest(in.W, height, texts...); try > 0 && p.scale == 0; try-- {
		widest := 0
		for i := range rows {
			widest = max(widest, term.LargeWidth(rows[i].ID, try)+term.LargeWidth(p.values[i], try))
		}
		if widest+medals+4 <= in.W {
			p.scale, p.step = try, min(in.H/len(rows), term.LargeHeight(try)+2)
		}
	}
	return p
}

// drawResult is one contender's result in four figures.
func drawResult(s *term.Surface, in term.Rect, row stream.ContenderResult) {
	about, role := "below the line", term.RoleBad
	if row.Rank > 0 {
		about, role = words.Join(" ", figure.Medal(row.Tier), "place", words.Place(row)), term.RoleTitle
	}
	if row.Verdict == diagnosis.VerdictGenerator {
		about, role = about+" ⚠ the generator was the limit", term.RoleWarn
	}
	rest := drawName(s, in, row.ID, about, role)
	if row.Requests.Total == 0 {
		s.LargeParagraph(rest, words.Cause(row), term.RoleBad)
		return
	}
	if n := len(row.Findings); n > 0 {
		rest = sentence(s, rest, row.Findings[n-1].Title)
	} else if row.RankNote != "" {
		var below term.Rect
		rest, below = rest.CutBottom(2)
		s.Text(below, "✗ "+row.RankNote, term.RoleBad)
	}
	failed := term.RoleGood
	if row.Requests.KO > 0 {
		failed = term.RoleBad
	}
	p99, unit := figure.Missing, "ms"
	if value := row.Figure("p99"); value != nil {
		p99, unit = largeTime(*value)
	}
	drawFigures(s, rest, []largeFigure{
		{"p99, " + unit, p99, term.RoleP99},
		{"OK replies per second", figure.Known(row.Figure("rps"), figure.PerSecond), term.RoleOK},
		{withRetried("failed", row.Requests.Retried), figure.Percent(row.Requests.FailureRate), failed},
		{"server CPU, % of a core", figure.Known(row.Figure("cpu-percent"), figure.Whole), term.RoleCPU},
	})
}
