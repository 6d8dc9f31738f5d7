package present

import (
	"strings"

	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// whySlide is what a contender's CPU time goes into, in a sentence.
func whySlide(id string, why *view.Why) slide {
	return func(ctx *screen.Context, s *term.Surface, in term.Rect) {
		rest := drawName(s, in, id, "where the CPU goes", term.RolePhase)
		drawWhy(s, rest, why)
	}
}

// drawWhy writes the sentence large, or of a longer one the share, and below it in
// ordinary letters where the functions are.
func drawWhy(s *term.Surface, in term.Rect, why *view.Why) {
	told, result := why.Headline(), why.Taken.Result
	w := &part.Lines{Width: in.W}
	const most = 2
	for _, reason := range result.Reasons[:min(most, len(result.Reasons))] {
		w.Text(0, "· "+reason.Evidence, term.RoleText)
	}
	if len(result.Reasons) > 0 && result.Reasons[0].Advice != "" {
		w.Text(0, "→ "+result.Reasons[0].Advice, term.RoleStrong)
	}
	w.Text(0, part.ProfileOf(result)+"; nothing of it is in the figures", term.RoleDim)
	above, below := in.CutBottom(min(len(w.All), in.H/2))
	large, small := told, ""
	if share, of, ok := strings.Cut(told, " of "); ok && !s.CanBeLarge(above, told) {
		large, small = share, "of "+of
		above.H = max(1, above.H-2)
	}
	taken := s.LargeParagraph(above, large, term.RoleWarn)
	if small != "" {
		s.Paragraph(term.Rect{X: above.X, Y: above.Y + taken + 1, W: above.W, H: 1}, small, term.RoleStrong)
	}
	for i := range min(below.H, len(w.All)) {
		s.Spans(below.Row(i), w.All[i]...)
	}
}
