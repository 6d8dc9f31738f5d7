package live

import (
	"fmt"
	"strconv"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

func drawTotals(s *term.Surface, in term.Rect, measuring *view.Measuring) {
	totals := measuring.Totals
	spans := []term.Span{
		term.Say(" OK ", term.RoleGood), term.Say(figure.Count(totals.OK), term.RoleStrong),
	}
	if totals.KO > 0 {
		spans = append(spans, term.Say("  KO ", term.RoleBad), term.Say(figure.Count(totals.KO)+" ("+figure.Percent(totals.FailureRate())+")", term.RoleStrong))
	} else {
		spans = append(spans, term.Say("  KO 0", term.RoleDim))
	}
	if totals.Retried > 0 {
		spans = append(spans, term.Say("  retried ", term.RoleWarn), term.Say(figure.Count(totals.Retried), term.RoleStrong))
	}
	for _, status := range totals.ToldStatuses() {
		spans = append(spans, term.Say("  "+strconv.Itoa(status.Status)+" ×"+figure.Count(status.Count), term.RoleText))
	}
	for _, failure := range totals.ByCount() {
		spans = append(spans, term.Say("  "+string(failure.Cause)+" ×"+figure.Count(failure.Count), term.RoleBad))
	}
	right := fmt.Sprintf("in flight %s", figure.Count(totals.InFlight))
	if totals.Backlog > 0 {
		right += " · waiting to be sent " + figure.Count(totals.Backlog)
	}
	if totals.Unanswered > 0 {
		right += " · unanswered " + figure.Count(totals.Unanswered)
	}
	if measuring.Phase == stream.PhaseStop {
		right = ""
	}
	taken := s.Spans(in, spans...)
	if room := in.W - taken - 3; room >= 12 {
		s.TextRight(term.Rect{X: in.X + taken + 2, Y: in.Y, W: room, H: 1}, right, term.RoleDim)
	}
}

func drawGenerator(s *term.Surface, in term.Rect, state *view.State, now time.Duration) {
	measuring := state.Now
	generator := measuring.Generator
	spans := []term.Span{
		term.Say(" generator ", term.RoleTitle),
		term.Say(figure.OfCore(generator.CPUPercentOfCore)+" CPU", term.RoleText),
	}
	if sent := measuring.Totals.Replies(); sent > 0 && generator.CPU > 0 {
		perRequest := float64(generator.CPU.Microseconds()) / float64(sent)
		spans = append(spans, term.Say(fmt.Sprintf(" · %s CPU/req", figure.Microseconds(perRequest)), term.RoleText))
	}
	found, limit := measuring.Holding(diagnosis.GeneratorSaturated)
	switch {
	case limit && diagnosis.BlamesGenerator(found.ID, found.Title):
		spans = append(spans, term.Say(" ⚠ it is the limit, not the server", term.RoleWarn))
	case limit:
		spans = append(spans, term.Say(" ⚠ its own part is in the figures", term.RoleWarn))
	}
	if generator.Lateness.Count() > 0 {
		late := time.Duration(generator.Lateness.Quantile(0.99)) * time.Microsecond
		sign := term.Say(" ✓", term.RoleGood)
		if limit {
			sign = term.Span{}
		} else if late > words.LatenessTolerated {
			sign = term.Say(" ⚠ in the latencies", term.RoleWarn)
		}
		spans = append(spans, term.Say(" · late by "+figure.MS(figure.Milliseconds(late))+" at p99", term.RoleText), sign)
	}
	if late := generator.ReadLateness; late.Count() > 0 {
		label := " · reads late p99 "
		if generator.Lateness.Count() > 0 {
			label = " · reading "
		}
		spans = append(spans, term.Say(label+figure.MS(measure.MS(late.Quantile(0.99))), term.RoleText))
	}
	taken := s.Spans(in, spans...)
	const noticeStays = 10 * time.Second
	if state.Notice != "" && now-state.NoticeAt < noticeStays {
		s.TextRight(term.Rect{X: in.X + taken + 2, Y: in.Y, W: in.W - taken - 3, H: in.H}, state.Notice, term.RoleWarn)
		return
	}
	room := in.W - taken - 3
	if spans := machineSpans(measuring.Machine, room); term.SpansWidth(spans) > 0 {
		width := term.SpansWidth(spans)
		s.Spans(term.Rect{X: in.X + in.W - width - 1, Y: in.Y, W: width, H: 1}, spans...)
	}
}
