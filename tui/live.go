package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/session"
)

// live is the screen of the contender under load.
type live struct {
	latency, throughput, cpu, rss *Chart
	loopDelay, queue              *Chart
	heat                          *Heatmap

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
		latency: NewChart(), throughput: NewChart(), cpu: NewChart(), rss: NewChart(), loopDelay: NewChart(), queue: NewChart(),
		heat: NewHeatmap(),
	}
}

func (m *model) drawLive(area Rect) {
	state, now := m.shown()
	measuring := state.Now
	if measuring == nil {
		return
	}
	layout := layoutLive(area, wishes{
		eventLoop: measuring.EventLoop.Heard, switches: m.live.switches, focus: m.live.focus, enlarged: m.live.enlarged,
	})
	m.drawLiveTitle(layout.title, state, now)
	m.drawProgress(layout.progress, state.progress(now))
	view := measuring.charts(now, m.live.cursor.place(measuring))
	from, to, window := m.live.stretch(measuring)
	if window {
		view.marks = append(view.marks, Mark{X: m.live.window.mark, Line: '│', Role: RoleKey})
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
		m.surface.TextCentre(layout.noPanel.Row(layout.noPanel.H/2), "all charts are off: 1 to 7 switch them on", RoleDim)
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

func (m *model) drawPanel(measuring *Measuring, view chartView) {
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
func (m *model) border(box Rect, panel Panel, title ...Span) Rect {
	if box.H < 3 {
		return box
	}
	title = append([]Span{{panel.Key() + " ", RoleKey}}, title...)
	if panel == m.live.focus {
		return m.surface.HeavyBox(box, RoleKey, title...)
	}
	return m.surface.Box(box, RoleBorder, title...)
}

func (m *model) drawLog(box Rect, measuring *Measuring) {
	if box.Empty() {
		return
	}
	in := m.border(box, PanelLog, Span{"server log", RoleTitle})
	in = Rect{in.X + 1, in.Y, max(0, in.W-2), in.H}
	if measuring.Log.Len() == 0 {
		m.surface.Text(in, "nothing logged", RoleDim)
	}
	m.drawTail(in, &measuring.Log)
}

func (m *model) drawLiveTitle(in Rect, state *State, now time.Duration) {
	measuring := state.Now
	phase := Span{"● " + strings.ToUpper(string(measuring.Phase)), RolePhase}
	if m.paused() {
		phase = Span{"‖ PAUSED", RoleWarn}
	}
	m.drawTitle(in,
		[]Span{{join(" · ", state.Plan.Workload.Name, state.Plan.Workload.Words), RoleDim}},
		Span{measuring.Facts.ID, RoleStrong},
		Span{fmt.Sprintf("  %d/%d%s  ", measuring.Number, measuring.Of, measuring.roundWords()), RoleDim},
		phase,
		Span{"  " + clock(now-measuring.PhaseAt, true) + " ", RoleText},
	)
}

func (m *model) drawProgress(in Rect, progress Progress) {
	if in.Empty() {
		return
	}
	right := ""
	if progress.Left >= 0 {
		right = "ETA " + clock(roundUp(progress.Left), false)
		if progress.LeftAll > progress.Left {
			right += " (" + clock(roundUp(progress.LeftAll), false) + " all)"
		}
		right += " "
	}
	width := m.surface.TextRight(in, right, RoleDim)
	in.W -= width
	barWidth := max(8, in.W*2/5)
	bar(m.surface, Rect{in.X + 1, in.Y, min(barWidth, in.W-1), 1}, progress.Fraction, RolePhase)
	room, words := in.W-barWidth-3, progress.Words
	for !fits(words, room) && strings.Contains(words, " · ") { // what is done matters least
		_, words, _ = strings.Cut(words, " · ")
	}
	m.surface.Text(Rect{in.X + barWidth + 2, in.Y, room, 1}, words, RoleText)
}

// roundUp keeps what is left from reading 0 before it is.
func roundUp(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}

// bar fills a share of a line, to an eighth of a cell.
func bar(s *Surface, in Rect, share float64, role Role) {
	eighths := int(min(1, max(0, share))*float64(in.W*8) + 0.5)
	for x := range in.W {
		switch {
		case eighths >= (x+1)*8:
			s.Set(in.X+x, in.Y, '█', role)
		case eighths > x*8:
			s.Set(in.X+x, in.Y, []rune(" ▏▎▍▌▋▊▉")[eighths-x*8], role)
		default:
			s.Set(in.X+x, in.Y, '░', RoleTrough)
		}
	}
}

// latenessTolerated is how late requests may be sent, at the 99th percentile,
// before the screen says that it counts in the latencies: those below about ten
// times as much are in doubt. From when on nothing can be trusted, the verdict says.
const latenessTolerated = time.Millisecond

func (m *model) drawGenerator(in Rect, state *State, now time.Duration) {
	measuring := state.Now
	generator := measuring.Generator
	spans := []Span{
		{" generator ", RoleTitle},
		{fmt.Sprintf("%.0f %% CPU", generator.CPUPercentOfCore), RoleText},
	}
	if sent := measuring.Totals.Replies(); sent > 0 && generator.CPU > 0 {
		perRequest := float64(generator.CPU.Microseconds()) / float64(sent)
		spans = append(spans, Span{fmt.Sprintf(" · %s µs/request", short(perRequest)), RoleText})
	}
	limit := measuring.holds("generator_saturated")
	if limit {
		spans = append(spans, Span{" ⚠ it is the limit, not the server", RoleWarn})
	}
	if generator.Lateness.Count() > 0 {
		late := time.Duration(generator.Lateness.Quantile(0.99)) * time.Microsecond
		sign := Span{" ✓", RoleGood}
		if limit {
			sign = Span{}
		} else if late > latenessTolerated {
			sign = Span{" ⚠ in the latencies", RoleWarn}
		}
		spans = append(spans, Span{" · lateness p99 " + inMillis(float64(late.Microseconds())/1000), RoleText}, sign)
	}
	if late := generator.ReadLateness; late.Count() > 0 {
		label := " · reads late p99 "
		if generator.Lateness.Count() > 0 {
			label = " · reading "
		}
		spans = append(spans, Span{label + millis(float64(late.Quantile(0.99))/1000) + " ms", RoleText})
	}
	taken := m.surface.Spans(in, spans...)
	const noticeStays = 10 * time.Second
	if state.Notice != "" && now-state.NoticeAt < noticeStays {
		m.surface.TextRight(Rect{in.X + taken + 2, in.Y, in.W - taken - 3, in.H}, state.Notice, RoleWarn)
		return
	}
	room := in.W - taken - 3
	if spans := machineSpans(measuring.Machine, room); spansWidth(spans) > 0 {
		width := spansWidth(spans)
		m.surface.Spans(Rect{in.X + in.W - width - 1, in.Y, width, 1}, spans...)
	}
}

func (m *model) drawTotals(in Rect, measuring *Measuring) {
	totals := measuring.Totals
	spans := []Span{
		{" OK ", RoleGood}, {thousands(float64(totals.OK)), RoleStrong},
	}
	if totals.KO > 0 {
		spans = append(spans, Span{"  KO ", RoleBad}, Span{thousands(float64(totals.KO)) + " (" + percent(totals.FailureRate()) + ")", RoleStrong})
	} else {
		spans = append(spans, Span{"  KO 0", RoleDim})
	}
	if totals.Retried > 0 {
		spans = append(spans, Span{"  retried ", RoleWarn}, Span{thousands(float64(totals.Retried)), RoleStrong})
	}
	for _, status := range totals.statuses() {
		spans = append(spans, Span{"  " + strconv.Itoa(status.Status) + " ×" + thousands(float64(status.Count)), RoleText})
	}
	for _, failure := range totals.ByCount() {
		spans = append(spans, Span{"  " + string(failure.Cause) + " ×" + thousands(float64(failure.Count)), RoleBad})
	}
	right := fmt.Sprintf("in flight %s", thousands(float64(totals.InFlight)))
	if totals.Backlog > 0 {
		right += " · waiting to be sent " + thousands(float64(totals.Backlog))
	}
	if totals.Unanswered > 0 {
		right += " · unanswered " + thousands(float64(totals.Unanswered))
	}
	if measuring.Phase == session.PhaseStop {
		right = ""
	}
	taken := m.surface.Spans(in, spans...)
	if room := in.W - taken - 3; room >= 12 {
		m.surface.TextRight(Rect{in.X + taken + 2, in.Y, room, 1}, right, RoleDim)
	}
}

func (m *model) drawFindings(box Rect, measuring *Measuring) {
	if box.Empty() {
		return
	}
	findings := measuring.Findings
	title := Span{"findings", RoleTitle}
	if len(findings) > 0 {
		title = Span{"⚑ " + plural(len(findings), "finding"), RoleWarn}
	}
	in := m.border(box, PanelFindings, title)
	in = Rect{in.X + 1, in.Y, max(0, in.W-2), in.H}
	if in.Empty() {
		return
	}
	if len(findings) == 0 {
		m.surface.Text(in, "nothing to tell so far", RoleDim)
		return
	}
	// The newest are shown when there is no room for all; with room to spare,
	// each gets its evidence and what to do about it.
	findings = findings[max(0, len(findings)-in.H):]
	spare := in.H - len(findings)
	for i, finding := range findings {
		more := spare / (len(findings) - i)
		used := m.drawFinding(Rect{in.X, in.Y, in.W, min(in.H, 1+more)}, finding)
		spare -= used - 1
		_, in = in.CutTop(used)
	}
}

// drawFinding writes a finding into what lines it is given; it returns how many it took.
func (m *model) drawFinding(in Rect, finding Finding) int {
	role := RoleStrong
	if finding.Ended {
		role = RoleText
	}
	at := Span{fmt.Sprintf("⚑ %.1f s  ", finding.At.Seconds()), RoleWarn}
	spans := []Span{at, {finding.Title, role}}
	rest := finding.Evidence
	if in.H == 1 && len(rest) > 0 {
		spans = append(spans, Span{": " + rest[0], RoleText})
	}
	indent := spansWidth([]Span{at})
	used := 1
	if in.H > 1 { // the whole sentence
		m.surface.Spans(in.Row(0), at)
		used = m.surface.Paragraph(Rect{in.X + indent, in.Y, in.W - indent, in.H}, finding.Title, role)
	} else {
		m.surface.Spans(in.Row(0), spans...)
	}
	write := func(text string, role Role) {
		if text != "" && used < in.H {
			used += m.surface.Paragraph(Rect{in.X + indent, in.Y + used, in.W - indent, in.H - used}, text, role)
		}
	}
	if in.H > 1 {
		write(strings.Join(rest, " · "), RoleText)
		if finding.Advice != "" {
			write("→ "+finding.Advice, RoleDim)
		}
	}
	return used
}

func (m *model) drawFailures(box Rect, measuring *Measuring) {
	if box.Empty() {
		return
	}
	in := m.border(box, PanelFailures, Span{"failures by cause", RoleTitle})
	in = Rect{in.X + 1, in.Y, max(0, in.W-2), in.H}
	if in.Empty() {
		return
	}
	causes := measuring.Totals.ByCount()
	if len(causes) == 0 {
		m.surface.Text(in, "none", RoleDim)
		return
	}
	room := in.H
	for _, failure := range causes {
		if room == 0 {
			break
		}
		row := in.Row(in.H - room)
		rate := float64(failure.Count) / float64(max(1, measuring.Totals.Replies()))
		m.surface.Spans(row, Span{"✗ " + string(failure.Cause), RoleBad},
			Span{" ×" + thousands(float64(failure.Count)), RoleStrong},
			Span{"  " + percent(rate) + "  first at " + took(failure.FirstAt), RoleDim})
		room--
		if failure.Sample != "" && room >= len(causes) {
			m.surface.Text(Rect{in.X + 2, in.Y + in.H - room, in.W - 2, 1}, oneLine(failure.Sample), RoleDim)
			room--
		}
	}
}
