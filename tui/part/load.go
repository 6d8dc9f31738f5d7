package part

import (
	"fmt"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// LoadTitle writes the first line while a contender is under load: which it is, and its
// phase with the time that has passed in it.
func LoadTitle(ctx *screen.Context, s *term.Surface, in term.Rect) {
	state, now := ctx.State, ctx.Now
	measuring := state.Now
	phase := term.Say("● "+strings.ToUpper(string(measuring.Phase)), term.RolePhase)
	switch {
	case ctx.Paused:
		phase = term.Say("‖ PAUSED", term.RoleWarn)
	case measuring.Phase == stream.PhaseWhy || measuring.Aside && measuring.Phase == stream.PhaseLoad:
		phase = term.Say("● WHY: NOTHING OF THIS COUNTS", term.RoleWarn)
	}
	ctx.Title(s, in,
		[]term.Span{term.Say(words.Join(" · ", state.Plan.Workload.Name, state.Plan.Workload.Words), term.RoleDim)},
		term.Say(measuring.Facts.ID, term.RoleStrong),
		term.Say(fmt.Sprintf("  %d/%d%s  ", measuring.Number, measuring.Of, measuring.RoundWords()), term.RoleDim),
		phase,
		term.Say("  "+words.Clock(now-measuring.PhaseAt, true)+" ", term.RoleText),
	)
}

// Progress writes how far the contender under load is, and how long it will take.
func Progress(s *term.Surface, in term.Rect, progress view.Progress) {
	if in.Empty() {
		return
	}
	right := ""
	if progress.Left >= 0 {
		right = "ETA " + words.Clock(roundUp(progress.Left), false)
		if progress.LeftAll > progress.Left {
			right += " (" + words.Clock(roundUp(progress.LeftAll), false) + " all)"
		}
		right += " "
	}
	width := s.TextRight(in, right, term.RoleDim)
	in.W -= width
	barWidth := max(8, in.W*2/5)
	chart.Bar(s, term.Rect{X: in.X + 1, Y: in.Y, W: min(barWidth, in.W-1), H: 1}, progress.Fraction, term.RolePhase)
	room, words := in.W-barWidth-3, progress.Words
	for !term.Fits(words, room) && strings.Contains(words, " · ") { // what is done matters least
		_, words, _ = strings.Cut(words, " · ")
	}
	s.Text(term.Rect{X: in.X + barWidth + 2, Y: in.Y, W: room, H: 1}, words, term.RoleText)
}

// roundUp keeps what is left from reading 0 before it is.
func roundUp(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
