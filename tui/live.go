package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// live is the screen of the contender under load.
type live struct {
	latency, throughput, cpu, rss *chart.Chart
	loopDelay, queue              *chart.Chart
	heat                          *chart.Heatmap

	switches switches
	focus    Panel // NoPanel: none
	enlarged bool
	cursor   cursor
	window   window  // of a recording
	shown    []Panel // as last drawn, in the order of their keys
	single   bool    // one panel has the room of all
}

func newLive() live {
	return live{
		latency: chart.NewChart(), throughput: chart.NewChart(), cpu: chart.NewChart(), rss: chart.NewChart(), loopDelay: chart.NewChart(), queue: chart.NewChart(),
		heat: chart.NewHeatmap(),
	}
}

func (m *model) drawLive(area term.Rect) {
	state, now := m.shown()
	measuring := state.Now
	if measuring == nil {
		return
	}
	layout := layoutLive(area, wishes{
		eventLoop: measuring.EventLoop.Heard, switches: m.live.switches, focus: m.live.focus, enlarged: m.live.enlarged,
	})
	m.drawLiveTitle(layout.title, state, now)
	m.drawProgress(layout.progress, state.Progress(now))
	view := charts(measuring, now, m.live.cursor.place(measuring))
	from, to, window := m.live.stretch(measuring)
	if window {
		view.marks = append(view.marks, chart.Mark{X: m.live.window.mark, Line: '│', Role: term.RoleKey})
	}
	m.live.shown, m.live.single, m.live.cursor.columns = m.live.shown[:0], layout.single, 0
	for _, placed := range layout.panels {
		view.placedPanel = placed
		m.live.shown = append(m.live.shown, placed.panel)
		m.drawPanel(measuring, view)
		m.clickPanel(placed, view)
	}
	slices.Sort(m.live.shown)
	if !layout.noPanel.Empty() {
		m.surface.TextCentre(layout.noPanel.Row(layout.noPanel.H/2), "all charts are off: 1 to 7 switch them on", term.RoleDim)
	}
	m.drawLoopLine(layout.loopLine, measuring)
	if window {
		m.drawWindow(layout.totals, measuring, from, to)
	} else {
		m.drawTotals(layout.totals, measuring)
	}
	m.drawGenerator(layout.generator, state, now)
	m.drawFooter(layout.footer, m.keys.live(m.live.away()))
}

func (m *model) drawPanel(measuring *view.Measuring, view chartView) {
	box := view.in
	switch view.panel {
	case PanelLatency:
		m.drawLatency(box, measuring, view)
	case PanelThroughput:
		m.drawThroughput(box, measuring, view)
	case PanelHeatmap:
		m.drawHeatmap(box, measuring, view)
	case PanelCPU:
		m.drawCPU(box, measuring, view)
	case PanelMemory:
		m.drawRSS(box, measuring, view)
	case PanelLoop:
		m.drawLoopDelay(box, measuring, view)
	case PanelQueue:
		m.drawQueue(box, measuring, view)
	case PanelFindings:
		m.drawFindings(box, measuring)
	case PanelFailures:
		m.drawFailures(box, measuring)
	case PanelLog:
		m.drawLog(box, measuring)
	}
}

// border draws a panel's border with the panel's key before its title; the border
// of the one in focus is heavy. Without lines for one there is none.
func (m *model) border(box term.Rect, panel Panel, title ...term.Span) term.Rect {
	if box.H < 3 {
		return box
	}
	title = append([]term.Span{term.Say(panel.Key()+" ", term.RoleKey)}, title...)
	if panel == m.live.focus {
		return m.surface.HeavyBox(box, term.RoleKey, title...)
	}
	return m.surface.Box(box, term.RoleBorder, title...)
}

func (m *model) drawLog(box term.Rect, measuring *view.Measuring) {
	if box.Empty() {
		return
	}
	in := m.border(box, PanelLog, term.Say("server log", term.RoleTitle))
	in = term.Rect{X: in.X + 1, Y: in.Y, W: max(0, in.W-2), H: in.H}
	if measuring.Log.Len() == 0 {
		m.surface.Text(in, "nothing logged", term.RoleDim)
	}
	m.drawTail(in, &measuring.Log)
}

func (m *model) drawLiveTitle(in term.Rect, state *view.State, now time.Duration) {
	measuring := state.Now
	phase := term.Say("● "+strings.ToUpper(string(measuring.Phase)), term.RolePhase)
	if m.paused() {
		phase = term.Say("‖ PAUSED", term.RoleWarn)
	}
	m.drawTitle(in,
		[]term.Span{term.Say(words.Join(" · ", state.Plan.Workload.Name, state.Plan.Workload.Words), term.RoleDim)},
		term.Say(measuring.Facts.ID, term.RoleStrong),
		term.Say(fmt.Sprintf("  %d/%d%s  ", measuring.Number, measuring.Of, measuring.RoundWords()), term.RoleDim),
		phase,
		term.Say("  "+words.Clock(now-measuring.PhaseAt, true)+" ", term.RoleText),
	)
}

func (m *model) drawProgress(in term.Rect, progress view.Progress) {
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
	width := m.surface.TextRight(in, right, term.RoleDim)
	in.W -= width
	barWidth := max(8, in.W*2/5)
	chart.Bar(m.surface, term.Rect{X: in.X + 1, Y: in.Y, W: min(barWidth, in.W-1), H: 1}, progress.Fraction, term.RolePhase)
	room, words := in.W-barWidth-3, progress.Words
	for !term.Fits(words, room) && strings.Contains(words, " · ") { // what is done matters least
		_, words, _ = strings.Cut(words, " · ")
	}
	m.surface.Text(term.Rect{X: in.X + barWidth + 2, Y: in.Y, W: room, H: 1}, words, term.RoleText)
}

// roundUp keeps what is left from reading 0 before it is.
func roundUp(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}

func (m *model) drawGenerator(in term.Rect, state *view.State, now time.Duration) {
	measuring := state.Now
	generator := measuring.Generator
	spans := []term.Span{
		term.Say(" generator ", term.RoleTitle),
		term.Say(fmt.Sprintf("%.0f %% CPU", generator.CPUPercentOfCore), term.RoleText),
	}
	if sent := measuring.Totals.Replies(); sent > 0 && generator.CPU > 0 {
		perRequest := float64(generator.CPU.Microseconds()) / float64(sent)
		spans = append(spans, term.Say(fmt.Sprintf(" · %s µs/request", words.Short(perRequest)), term.RoleText))
	}
	limit := measuring.Holds("generator_saturated")
	if limit {
		spans = append(spans, term.Say(" ⚠ it is the limit, not the server", term.RoleWarn))
	}
	if generator.Lateness.Count() > 0 {
		late := time.Duration(generator.Lateness.Quantile(0.99)) * time.Microsecond
		sign := term.Say(" ✓", term.RoleGood)
		if limit {
			sign = term.Span{}
		} else if late > words.LatenessTolerated {
			sign = term.Say(" ⚠ in the latencies", term.RoleWarn)
		}
		spans = append(spans, term.Say(" · lateness p99 "+words.InMillis(float64(late.Microseconds())/1000), term.RoleText), sign)
	}
	if late := generator.ReadLateness; late.Count() > 0 {
		label := " · reads late p99 "
		if generator.Lateness.Count() > 0 {
			label = " · reading "
		}
		spans = append(spans, term.Say(label+words.Millis(float64(late.Quantile(0.99))/1000)+" ms", term.RoleText))
	}
	taken := m.surface.Spans(in, spans...)
	const noticeStays = 10 * time.Second
	if state.Notice != "" && now-state.NoticeAt < noticeStays {
		m.surface.TextRight(term.Rect{X: in.X + taken + 2, Y: in.Y, W: in.W - taken - 3, H: in.H}, state.Notice, term.RoleWarn)
		return
	}
	room := in.W - taken - 3
	if spans := machineSpans(measuring.Machine, room); term.SpansWidth(spans) > 0 {
		width := term.SpansWidth(spans)
		m.surface.Spans(term.Rect{X: in.X + in.W - width - 1, Y: in.Y, W: width, H: 1}, spans...)
	}
}

func (m *model) drawTotals(in term.Rect, measuring *view.Measuring) {
	totals := measuring.Totals
	spans := []term.Span{
		term.Say(" OK ", term.RoleGood), term.Say(words.Thousands(float64(totals.OK)), term.RoleStrong),
	}
	if totals.KO > 0 {
		spans = append(spans, term.Say("  KO ", term.RoleBad), term.Say(words.Thousands(float64(totals.KO))+" ("+words.Percent(totals.FailureRate())+")", term.RoleStrong))
	} else {
		spans = append(spans, term.Say("  KO 0", term.RoleDim))
	}
	if totals.Retried > 0 {
		spans = append(spans, term.Say("  retried ", term.RoleWarn), term.Say(words.Thousands(float64(totals.Retried)), term.RoleStrong))
	}
	for _, status := range totals.ToldStatuses() {
		spans = append(spans, term.Say("  "+strconv.Itoa(status.Status)+" ×"+words.Thousands(float64(status.Count)), term.RoleText))
	}
	for _, failure := range totals.ByCount() {
		spans = append(spans, term.Say("  "+string(failure.Cause)+" ×"+words.Thousands(float64(failure.Count)), term.RoleBad))
	}
	right := fmt.Sprintf("in flight %s", words.Thousands(float64(totals.InFlight)))
	if totals.Backlog > 0 {
		right += " · waiting to be sent " + words.Thousands(float64(totals.Backlog))
	}
	if totals.Unanswered > 0 {
		right += " · unanswered " + words.Thousands(float64(totals.Unanswered))
	}
	if measuring.Phase == stream.PhaseStop {
		right = ""
	}
	taken := m.surface.Spans(in, spans...)
	if room := in.W - taken - 3; room >= 12 {
		m.surface.TextRight(term.Rect{X: in.X + taken + 2, Y: in.Y, W: room, H: 1}, right, term.RoleDim)
	}
}

func (m *model) drawFindings(box term.Rect, measuring *view.Measuring) {
	if box.Empty() {
		return
	}
	findings := measuring.Findings
	title := term.Say("findings", term.RoleTitle)
	if len(findings) > 0 {
		title = term.Say("⚑ "+words.Plural(len(findings), "finding"), term.RoleWarn)
	}
	in := m.border(box, PanelFindings, title)
	in = term.Rect{X: in.X + 1, Y: in.Y, W: max(0, in.W-2), H: in.H}
	if in.Empty() {
		return
	}
	if len(findings) == 0 {
		m.surface.Text(in, "nothing to tell so far", term.RoleDim)
		return
	}
	// The newest are shown when there is no room for all; with room to spare,
	// each gets its evidence and what to do about it.
	findings = findings[max(0, len(findings)-in.H):]
	spare := in.H - len(findings)
	for i, finding := range findings {
		more := spare / (len(findings) - i)
		used := m.drawFinding(term.Rect{X: in.X, Y: in.Y, W: in.W, H: min(in.H, 1+more)}, finding)
		spare -= used - 1
		_, in = in.CutTop(used)
	}
}

// drawFinding writes a finding into what lines it is given; it returns how many it took.
func (m *model) drawFinding(in term.Rect, finding view.Finding) int {
	role := term.RoleStrong
	if finding.Ended {
		role = term.RoleText
	}
	at := term.Say(fmt.Sprintf("⚑ %.1f s  ", finding.At.Seconds()), term.RoleWarn)
	spans := []term.Span{at, term.Say(finding.Title, role)}
	rest := finding.Evidence
	if in.H == 1 && len(rest) > 0 {
		spans = append(spans, term.Say(": "+rest[0], term.RoleText))
	}
	indent := term.SpansWidth([]term.Span{at})
	used := 1
	if in.H > 1 { // the whole sentence
		m.surface.Spans(in.Row(0), at)
		used = m.surface.Paragraph(term.Rect{X: in.X + indent, Y: in.Y, W: in.W - indent, H: in.H}, finding.Title, role)
	} else {
		m.surface.Spans(in.Row(0), spans...)
	}
	write := func(text string, role term.Role) {
		if text != "" && used < in.H {
			used += m.surface.Paragraph(term.Rect{X: in.X + indent, Y: in.Y + used, W: in.W - indent, H: in.H - used}, text, role)
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

func (m *model) drawFailures(box term.Rect, measuring *view.Measuring) {
	if box.Empty() {
		return
	}
	in := m.border(box, PanelFailures, term.Say("failures by cause", term.RoleTitle))
	in = term.Rect{X: in.X + 1, Y: in.Y, W: max(0, in.W-2), H: in.H}
	if in.Empty() {
		return
	}
	causes := measuring.Totals.ByCount()
	if len(causes) == 0 {
		m.surface.Text(in, "none", term.RoleDim)
		return
	}
	room := in.H
	for _, failure := range causes {
		if room == 0 {
			break
		}
		row := in.Row(in.H - room)
		rate := float64(failure.Count) / float64(max(1, measuring.Totals.Replies()))
		m.surface.Spans(row, term.Say("✗ "+string(failure.Cause), term.RoleBad),
			term.Say(" ×"+words.Thousands(float64(failure.Count)), term.RoleStrong),
			term.Say("  "+words.Percent(rate)+"  first at "+words.Took(failure.FirstAt), term.RoleDim))
		room--
		if failure.Sample != "" && room >= len(causes) {
			m.surface.Text(term.Rect{X: in.X + 2, Y: in.Y + in.H - room, W: in.W - 2, H: 1}, words.OneLine(failure.Sample), term.RoleDim)
			room--
		}
	}
}
