package tui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/session"
)

// detail is the screen of one contender's result.
type detail struct {
	result session.ContenderResult
	scroll list
	lines  int // how many there were when last drawn

	track           *Track // of its load; nil: not at hand
	curve, timeline *Chart
}

func newDetail(result session.ContenderResult, track *Track) detail {
	return detail{result: result, track: track, curve: NewChart(), timeline: NewChart()}
}

// takeKey scrolls: here the cursor is the first line that is seen.
func (d *detail) takeKey(msg tea.KeyMsg, keys Keys) {
	d.scroll.takeKey(msg, keys, max(1, d.lines-d.scroll.page+1))
}

func (m *model) drawDetail(area Rect) {
	result := m.detail.result
	layout := layoutDetail(area, result.LatencyMS.OK != nil)
	m.drawTitle(layout.title, []Span{{m.board.result.Workload.Words, RoleDim}}, Span{result.Name + " ", RoleStrong})
	m.drawFooter(layout.footer, m.keys.detail())
	if m.detail.track == nil || m.detail.track.Points.Len() == 0 {
		layout.curve.W, layout.timeline = area.W, Rect{}
	}
	m.drawCurve(layout.curve)
	if m.detail.track != nil {
		m.drawTimeline(layout.timeline)
	}
	area = layout.text
	in := m.surface.Box(area, RoleBorder, Span{result.Name, RoleTitle}, Span{"  " + join(" · ", result.Language, result.Version, result.Variant), RoleDim})
	in = Rect{in.X + 1, in.Y, max(0, in.W-2), in.H}
	if in.Empty() {
		return
	}
	lines := detailLines(result, in.W)
	m.detail.lines, m.detail.scroll.page = len(lines), in.H
	first := max(0, min(m.detail.scroll.cursor, len(lines)-in.H))
	m.detail.scroll.cursor = first
	for i := range min(in.H, len(lines)) {
		m.surface.Spans(in.Row(i), lines[first+i]...)
	}
	m.surface.ScrollBar(area, first, first+in.H, len(lines))
}

func secondsLong(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// lineWriter collects lines of a text that is as wide as it may be.
type lineWriter struct {
	width int
	lines [][]Span
}

func (w *lineWriter) line(spans ...Span) { w.lines = append(w.lines, spans) }

// text writes a paragraph with an indent.
func (w *lineWriter) text(indent int, text string, role Role) {
	if w.width <= indent {
		return
	}
	for _, line := range wrap(text, w.width-indent) {
		w.line(Span{strings.Repeat(" ", indent) + line, role})
	}
}

// titled writes a sentence beside what stands before it, over as many lines as it takes.
func (w *lineWriter) titled(before Span, title string) {
	indent := spansWidth([]Span{before})
	for _, line := range wrap(title, max(8, w.width-indent)) {
		w.line(before, Span{line, RoleStrong})
		before = Span{Text: strings.Repeat(" ", indent)}
	}
}

func (w *lineWriter) heading(text string) {
	if len(w.lines) > 0 {
		w.line()
	}
	w.line(Span{text, RoleTitle})
}

// summaryLines says what stands out about a result: how it ended, findings, failures.
func summaryLines(result session.ContenderResult, width int) [][]Span {
	w := &lineWriter{width: width}
	w.ending(result)
	if result.Capacity != nil {
		w.text(0, result.Capacity.Words(), RoleStrong)
	}
	w.findings(result, false)
	w.failures(result, false)
	if len(w.lines) == 0 || result.Capacity != nil && len(result.Findings)+len(result.Failures) == 0 {
		w.line(Span{"✓ ", RoleGood}, Span{"no findings, no failures", RoleText})
	}
	if result.Requests.Total > 0 {
		w.line()
		w.figures(result)
	}
	return w.lines
}

// detailLines says all that is known of a result.
func detailLines(result session.ContenderResult, width int) [][]Span {
	w := &lineWriter{width: width}
	w.ending(result)
	if result.Requests.Total > 0 {
		w.rounds(result)
		if len(result.Intervals) > 0 {
			w.heading("all counted rounds together")
		}
		w.latencies(result)
		w.heading("requests and server")
		w.figures(result)
	}
	if capacity := result.Capacity; capacity != nil {
		w.heading("search for the capacity")
		w.text(0, capacity.Words(), RoleStrong)
		for _, step := range capacity.Steps {
			w.text(2, fmt.Sprintf("%2d  %s", step.Number, step.Words()), map[bool]Role{true: RoleText, false: RoleDim}[step.Kept])
		}
	}
	if len(result.Findings) > 0 {
		w.heading("findings")
		w.findings(result, true)
	}
	if len(result.Failures) > 0 {
		w.heading("failures")
		w.failures(result, true)
	}
	if len(result.LogTail) > 0 {
		w.heading("last log lines")
		for _, line := range result.LogTail {
			w.text(2, line, RoleDim)
		}
	}
	return w.lines
}

func (w *lineWriter) ending(result session.ContenderResult) {
	if result.Status != session.StatusOK {
		w.text(0, "✗ "+join(": ", strings.ReplaceAll(string(result.Status), "_", " "), result.StatusDetail), RoleBad)
	}
	if result.RankNote != "" && result.RankNote != result.StatusDetail {
		w.text(0, "✗ not ranked: "+result.RankNote, RoleBad)
	}
	w.verdict(result)
	if len(result.TiedWith) > 0 {
		w.text(0, "= tied with "+strings.Join(result.TiedWith, ", "), RoleText)
	}
}

// verdict says what limited the run, and the figures that this rests on.
func (w *lineWriter) verdict(result session.ContenderResult) {
	switch {
	case result.Verdict == verdictGenerator:
		w.text(0, "⚠ "+join(": ", "the generator was the limit, not this server", result.VerdictWhy), RoleWarn)
	case result.Verdict == verdictMachine:
		w.text(0, "= "+join(": ", "the machine was the limit, which server and generator share", result.VerdictWhy), RoleText)
	case result.Verdict == "inconclusive" && result.VerdictWhy != "":
		w.text(0, "? what limited this run can't be told: "+result.VerdictWhy, RoleWarn)
	case result.VerdictWhy != "":
		w.text(0, "these figures are the server's: "+result.VerdictWhy, RoleDim)
	}
}

func (w *lineWriter) findings(result session.ContenderResult, full bool) {
	for _, finding := range result.Findings {
		when := fmt.Sprintf("⚑ %.1f s  ", finding.AtS)
		if finding.EndedAtS > 0 {
			when = fmt.Sprintf("⚑ %.1f–%.1f s  ", finding.AtS, finding.EndedAtS)
		}
		w.titled(Span{when, RoleWarn}, finding.Title+inRounds(finding.Rounds))
		if full {
			for _, evidence := range finding.Evidence {
				w.text(4, "· "+evidence, RoleText)
			}
		} else if len(finding.Evidence) > 0 {
			w.text(4, strings.Join(finding.Evidence, " · "), RoleText)
		}
		if finding.Advice != "" {
			w.text(4, "→ "+finding.Advice, RoleDim)
		}
	}
}

func (w *lineWriter) failures(result session.ContenderResult, full bool) {
	for _, failure := range result.Failures {
		w.line(Span{"✗ " + failure.Cause, RoleBad}, Span{" ×" + thousands(float64(failure.Count)), RoleStrong},
			Span{"  " + percent(float64(failure.Count)/float64(max(1, result.Requests.Total))) + "  first at " + took(secondsLong(failure.FirstAtS)), RoleDim})
		if full {
			for _, reason := range reasonsOf(failure) {
				w.text(4, reason, RoleText)
			}
		}
		if full && failure.Sample != "" && failure.Sample != failure.Reason {
			w.text(4, oneLine(failure.Sample), RoleDim)
		}
	}
}

// reasonsOf are why a cause came about, with how often where there are several.
func reasonsOf(failure session.FailureResult) (reasons []string) {
	if failure.Reason == "" {
		return nil
	}
	if len(failure.Reasons) < 2 {
		return []string{failure.Reason}
	}
	for _, reason := range failure.Reasons {
		reasons = append(reasons, reason.Reason+" ×"+thousands(float64(reason.Count)))
	}
	return reasons
}

// quantities are the columns of the table of times; those of the lowest
// importance go first where there is no room.
var quantities = []struct {
	name       string
	of         func(*session.Distribution) float64
	importance int
}{
	{"min", func(d *session.Distribution) float64 { return d.Min }, 3},
	{"mean", func(d *session.Distribution) float64 { return d.Mean }, 9},
	{"p50", func(d *session.Distribution) float64 { return d.P50 }, 8},
	{"p75", func(d *session.Distribution) float64 { return d.P75 }, 1},
	{"p90", func(d *session.Distribution) float64 { return d.P90 }, 5},
	{"p95", func(d *session.Distribution) float64 { return d.P95 }, 2},
	{"p99", func(d *session.Distribution) float64 { return d.P99 }, 7},
	{"p99.9", func(d *session.Distribution) float64 { return d.P999 }, 4},
	{"max", func(d *session.Distribution) float64 { return d.Max }, 6},
}

func (w *lineWriter) latencies(result session.ContenderResult) {
	const nameWidth, columnWidth = 15, 8
	room := max(1, (w.width-nameWidth)/columnWidth)
	least := len(quantities) + 1 - room
	header := pad("times, ms", nameWidth)
	for _, quantity := range quantities {
		if quantity.importance >= least {
			header += fmt.Sprintf("%*s", columnWidth, quantity.name)
		}
	}
	w.heading(header)
	l := result.LatencyMS
	for _, row := range []struct {
		name string
		of   *session.Distribution
	}{
		{"OK replies", l.OK}, {"KO replies", l.KO}, {"all replies", l.Total},
		{"service time", l.Service}, {"connect", l.Connect}, {"first reply", l.FirstReply},
		{"lay unread", l.ReadLateness}, {"OK, to read", l.OKToReading},
	} {
		if row.of == nil {
			continue
		}
		text := ""
		for _, quantity := range quantities {
			if quantity.importance >= least {
				text += fmt.Sprintf("%*s", columnWidth, millis(quantity.of(row.of)))
			}
		}
		w.line(Span{pad("  "+row.name, nameWidth), RoleDim}, Span{text, RoleText})
	}
}

// figures writes counts and what the server took, a few to a line.
func (w *lineWriter) figures(result session.ContenderResult) {
	count := func(n uint64) string { return thousands(float64(n)) }
	pairs := [][2]string{
		{"requests", count(result.Requests.Total)},
		{"OK", count(result.Requests.OK)},
		{"KO", count(result.Requests.KO) + " (" + percent(result.Requests.FailureRate) + ")"},
		{"OK/s", perSecond(result.RPS.OK)},
		{"replies/s", perSecond(result.RPS.Total)},
		{"retried", count(result.Requests.Retried)},
		{"reconnects", count(result.Requests.Reconnects)},
		{"unanswered", count(result.Requests.Unanswered)},
		{"start to first reply", orNone(result.StartupMS, func(ms float64) string { return longMillis(ms) + " ms" })},
	}
	if len(result.Statuses) > 0 {
		var statuses []string
		for _, status := range result.StatusCounts() {
			statuses = append(statuses, strconv.Itoa(status.Status)+" ×"+count(status.Count))
		}
		pairs = append(pairs, [2]string{"by status", strings.Join(statuses, " · ")})
	}
	if later := result.Requests.Later; later.OK+later.KO > 0 {
		pairs = append(pairs, [2]string{"after the load", "OK " + count(later.OK) + ", KO " + count(later.KO)})
	}
	if n := result.Requests.EndedAtReading; n > 0 {
		pairs = append(pairs, [2]string{"end at reading", count(n)})
	}
	if p := result.Process; p != nil {
		percentOfCore := func(v float64) string { return thousands(v) + " %" }
		megabytes := func(v float64) string { return short(v) + " MB" }
		for _, figure := range []struct {
			name  string
			value *float64
			write func(float64) string
		}{
			{"CPU mean", p.CPUPercentMean, percentOfCore},
			{"CPU max", p.CPUPercentMax, percentOfCore},
			{"hottest thread", p.HottestThreadPercentMax, percentOfCore},
			{"CPU per request", p.CPUUSPerRequest, func(v float64) string { return short(v) + " µs" }},
			{"req/s per core", p.RPSPerCore, thousands},
			{"req/s per MB", p.RPSPerMB, perMB},
			{"RSS idle", p.RSSMBIdle, megabytes},
			{"RSS max", p.RSSMBMax, megabytes},
			{"threads", p.ThreadsMax, thousands},
			{"accept queue", p.AcceptQueueMax, func(v float64) string {
				if p.AcceptQueueLimit == nil {
					return thousands(v)
				}
				return thousands(v) + " of " + thousands(*p.AcceptQueueLimit)
			}},
		} {
			pairs = append(pairs, [2]string{figure.name, orNone(figure.value, figure.write)})
		}
	}
	pairs = append(pairs, treePairs(result.Process)...)
	pairs = append(pairs, eventLoopPairs(result.Process)...)
	var spans []Span
	for _, pair := range pairs {
		next := []Span{{pair[0] + " ", RoleDim}, {pair[1], RoleText}}
		if len(spans) > 0 && spansWidth(spans)+3+spansWidth(next) > w.width {
			w.line(spans...)
			spans = nil
		}
		if len(spans) > 0 {
			spans = append(spans, Span{"   ", RoleText})
		}
		spans = append(spans, next...)
	}
	w.line(spans...)
}

// eventLoopPairs are what the probe in a Node server saw at worst, or why it saw nothing.
func eventLoopPairs(p *session.ProcessResult) [][2]string {
	switch {
	case p == nil:
		return nil
	case p.EventLoop == nil:
		if p.EventLoopNote != "" {
			return [][2]string{{"event loop", "not seen: " + p.EventLoopNote}}
		}
		return nil
	}
	pairs := [][2]string{
		{"event loop used", fmt.Sprintf("%.0f %%", math.Floor(100*p.EventLoop.UtilizationMax))},
		{"its delay p99", longMillis(p.EventLoop.DelayMSP99Max) + " ms"},
	}
	if silent := p.EventLoop.SilentSMax; silent > 0 {
		pairs = append(pairs, [2]string{"it did not turn for", took(secondsLong(silent))})
	}
	return pairs
}
