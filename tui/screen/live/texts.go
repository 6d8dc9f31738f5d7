package live

import (
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

func (l *Screen) drawFindings(s *term.Surface, box term.Rect, measuring *view.Measuring) {
	if box.Empty() {
		return
	}
	findings := measuring.Findings
	title := term.Say("findings", term.RoleTitle)
	if len(findings) > 0 {
		title = term.Say("⚑ "+figure.Plural(len(findings), "finding", "findings"), term.RoleWarn)
	}
	in := l.border(s, box, panelFindings, title)
	in = in.Narrow(1)
	if in.Empty() {
		return
	}
	if len(findings) == 0 {
		s.Text(in, "nothing to tell so far", term.RoleDim)
		return
	}
	// The newest are shown when there is no room for all; with room to spare,
	// each gets its evidence and what to do about it.
	findings = findings[max(0, len(findings)-in.H):]
	spare := in.H - len(findings)
	for i, finding := range findings {
		more := spare / (len(findings) - i)
		used := drawFinding(s, term.Rect{X: in.X, Y: in.Y, W: in.W, H: min(in.H, 1+more)}, finding)
		spare -= used - 1
		_, in = in.CutTop(used)
	}
}

// drawFinding writes a finding into what lines it is given; it returns how many it took.
func drawFinding(s *term.Surface, in term.Rect, finding view.Finding) int {
	role := term.RoleStrong
	if finding.Ended {
		role = term.RoleText
	}
	at := term.Say("⚑ "+figure.At(finding.At.Seconds())+"  ", term.RoleWarn)
	spans := []term.Span{at, term.Say(finding.Title, role)}
	rest := finding.Evidence
	if in.H == 1 && len(rest) > 0 {
		spans = append(spans, term.Say(": "+rest[0], term.RoleText))
	}
	indent := term.SpansWidth([]term.Span{at})
	used := 1
	if in.H > 1 { // the whole sentence
		s.Spans(in.Row(0), at)
		used = s.Paragraph(term.Rect{X: in.X + indent, Y: in.Y, W: in.W - indent, H: in.H}, finding.Title, role)
	} else {
		s.Spans(in.Row(0), spans...)
	}
	write := func(text string, role term.Role) {
		if text != "" && used < in.H {
			used += s.Paragraph(term.Rect{X: in.X + indent, Y: in.Y + used, W: in.W - indent, H: in.H - used}, text, role)
		}
	}
	if in.H > 1 {
		write(strings.Join(rest, " · "), term.RoleText)
		if finding.Advice != "" {
			write("→ "+finding.Advice, term.RoleDim)
		}
	}
	return used
}

// drawWhy is where the server's CPU time goes, as far as a profile tells.
func (l *Screen) drawWhy(ctx *screen.Context, s *term.Surface, box term.Rect, why *view.Why) {
	if box.Empty() {
		return
	}
	title := []term.Span{term.Say("where the CPU goes", term.RoleTitle)}
	headline := "" // where it has no room in the border
	if why.Has() {
		headline = why.Headline()
		beside := term.Fitting(part.TitleWidth(box), title, []term.Span{term.Say("  "+headline, term.RoleWarn)})
		if len(beside) > len(title) {
			headline = ""
		}
		title = term.Fitting(part.TitleWidth(box), beside, []term.Span{term.Say("  "+part.ProfileOf(why.Taken.Result), term.RoleDim)})
	}
	in := l.border(s, box, panelWhy, title...)
	in = in.Narrow(1)
	if in.Empty() {
		return
	}
	w := &part.Lines{Width: in.W}
	switch {
	case why != nil:
		const leastWithHeadline = 4 // that line, the columns' titles, two functions
		result := why.Taken.Result
		missing := &part.Lines{Width: in.W}
		missing.Missing(result)
		if headline != "" && in.H >= leastWithHeadline {
			w.Text(0, headline, term.RoleWarn)
		}
		room := in.H - len(w.All) - 1 // below the columns' titles
		lacking := min(len(missing.All), max(0, room-len(result.Hottest)))
		if !why.Has() {
			lacking = len(missing.All)
		}
		w.Hottest(result, room-lacking)
		w.All = append(w.All, missing.All[:lacking]...)
	case ctx.State.Now.Phase == stream.PhaseWhy || ctx.State.Now.Aside:
		w.Text(0, "a profile is being taken …", term.RoleDim)
	case ctx.Replay != nil:
		w.Text(0, "no profile so far: "+flagname.Why+" takes one after each load", term.RoleDim)
	default:
		w.Text(0, "no profile so far: "+l.keys.Profile.Help().Key+" takes one now", term.RoleDim)
	}
	for i := range min(in.H, len(w.All)) {
		s.Spans(in.Row(i), w.All[i]...)
	}
}

func (l *Screen) drawFailures(s *term.Surface, box term.Rect, measuring *view.Measuring) {
	if box.Empty() {
		return
	}
	in := l.border(s, box, panelFailures, term.Say("failures by cause", term.RoleTitle))
	in = in.Narrow(1)
	if in.Empty() {
		return
	}
	causes := measuring.Totals.ByCount()
	if len(causes) == 0 {
		s.Text(in, "none", term.RoleDim)
		return
	}
	room := in.H
	for _, failure := range causes {
		if room == 0 {
			break
		}
		row := in.Row(in.H - room)
		rate := float64(failure.Count) / float64(max(1, measuring.Totals.Replies()))
		s.Spans(row, term.Say("✗ "+string(failure.Cause), term.RoleBad),
			term.Say(" ×"+figure.Count(failure.Count), term.RoleStrong),
			term.Say("  "+figure.Percent(rate)+"  first at "+figure.Length(failure.FirstAt), term.RoleDim))
		room--
		if failure.Sample != "" && room >= len(causes) {
			s.Text(term.Rect{X: in.X + 2, Y: in.Y + in.H - room, W: in.W - 2, H: 1}, foreign.Sample(failure.Sample), term.RoleDim)
			room--
		}
	}
}

func (l *Screen) drawLog(s *term.Surface, box term.Rect, measuring *view.Measuring) {
	if box.Empty() {
		return
	}
	in := l.border(s, box, panelLog, term.Say("server log", term.RoleTitle))
	in = in.Narrow(1)
	if measuring.Log.Len() == 0 {
		s.Text(in, "nothing logged", term.RoleDim)
	}
	part.Tail(s, in, &measuring.Log)
}
