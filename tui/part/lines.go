package part

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// Lines collects lines of a text that is as wide as it may be.
type Lines struct {
	Width int
	All   [][]term.Span
}

// Line adds a line.
func (w *Lines) Line(spans ...term.Span) { w.All = append(w.All, spans) }

// Text writes a paragraph with an indent.
func (w *Lines) Text(indent int, text string, role term.Role) {
	if w.Width <= indent {
		return
	}
	for _, line := range term.Wrap(text, w.Width-indent) {
		w.Line(term.Say(strings.Repeat(" ", indent)+line, role))
	}
}

// Titled writes a sentence beside what stands before it, over as many lines as it takes.
func (w *Lines) Titled(before term.Span, title string) {
	indent := term.SpansWidth([]term.Span{before})
	for _, line := range term.Wrap(title, max(8, w.Width-indent)) {
		w.Line(before, term.Say(line, term.RoleStrong))
		before = term.Span{Text: strings.Repeat(" ", indent)}
	}
}

// Heading adds a heading, apart from what stands before it.
func (w *Lines) Heading(text string) {
	if len(w.All) > 0 {
		w.Line()
	}
	w.Line(term.Say(text, term.RoleTitle))
}

// Summary says what stands out about a result: how it ended, where its CPU time
// went, findings, failures. why may be nil.
func Summary(result stream.ContenderResult, why *view.Why, width int) [][]term.Span {
	w := &Lines{Width: width}
	w.Ending(result)
	if result.Capacity != nil {
		w.Text(0, result.Capacity.Words(), term.RoleStrong)
	}
	w.why(why)
	w.Findings(result, false)
	w.Failures(result, false)
	if len(w.All) == 0 || result.Capacity != nil && len(result.Findings)+len(result.Failures) == 0 {
		w.Line(term.Say("✓ ", term.RoleGood), term.Say("no findings, no failures", term.RoleText))
	}
	if result.Requests.Total > 0 {
		w.Line()
		w.Figures(result)
	}
	return w.All
}

// Ending says how a contender ended, where it stands for that, and with whom it is tied.
func (w *Lines) Ending(result stream.ContenderResult) {
	if result.Status != stream.StatusOK {
		w.Text(0, "✗ "+words.Join(": ", result.Status.Words(), result.StatusDetail), term.RoleBad)
	}
	if result.RankNote != "" && result.RankNote != result.StatusDetail {
		w.Text(0, "✗ below the line: "+result.RankNote, term.RoleBad)
	}
	w.Verdict(result)
	if len(result.TiedWith) > 0 {
		w.Text(0, "= tied with "+strings.Join(result.TiedWith, ", "), term.RoleText)
	}
}

// Verdict says what limited the run, and the figures that this rests on.
func (w *Lines) Verdict(result stream.ContenderResult) {
	text := result.VerdictWords()
	switch {
	case text == "":
	case result.Verdict == diagnosis.VerdictGenerator:
		w.Text(0, "⚠ "+text, term.RoleWarn)
	case result.Verdict == diagnosis.VerdictMachine:
		w.Text(0, "= "+text, term.RoleText)
	case result.Verdict == diagnosis.VerdictInconclusive:
		w.Text(0, "? "+text, term.RoleWarn)
	default:
		w.Text(0, text, term.RoleDim)
	}
}

// Findings are told with what proves them, each on lines of its own if in full.
func (w *Lines) Findings(result stream.ContenderResult, full bool) {
	for _, finding := range result.Findings {
		when := "⚑ " + figure.At(finding.AtS) + "  "
		if finding.EndedAtS > 0 {
			when = fmt.Sprintf("⚑ %.1f–%s  ", finding.AtS, figure.At(finding.EndedAtS))
		}
		w.Titled(term.Say(when, term.RoleWarn), finding.Title+stream.InRounds(finding.Rounds))
		if full {
			for _, evidence := range finding.Evidence {
				w.Text(4, "· "+evidence, term.RoleText)
			}
		} else if len(finding.Evidence) > 0 {
			w.Text(4, strings.Join(finding.Evidence, " · "), term.RoleText)
		}
		if finding.Advice != "" {
			w.Text(4, "→ "+finding.Advice, term.RoleDim)
		}
	}
}

// Failures are told by cause, in full with reasons and a sample.
func (w *Lines) Failures(result stream.ContenderResult, full bool) {
	for _, failure := range result.Failures {
		w.Line(term.Say("✗ "+failure.Cause, term.RoleBad), term.Say(" ×"+figure.Count(failure.Count), term.RoleStrong),
			term.Say("  "+figure.Percent(float64(failure.Count)/float64(max(1, result.Requests.Total)))+"  first at "+figure.Length(figure.Seconds(failure.FirstAtS)), term.RoleDim))
		if !full {
			continue
		}
		reasons := failure.Told(func(sample string) string { return sample })
		for _, reason := range reasons {
			w.Text(4, reason, term.RoleText)
		}
		if failure.Sample != "" && (len(reasons) == 0 || failure.Sample != failure.Reason) {
			w.Text(4, foreign.Sample(failure.Sample), term.RoleDim)
		}
	}
}

// Figures writes counts and what the server took, a few to a line.
func (w *Lines) Figures(result stream.ContenderResult) {
	count := figure.Count[uint64]
	pairs := [][2]string{
		{"requests", count(result.Requests.Total)},
		{"OK", count(result.Requests.OK)},
		{"KO", count(result.Requests.KO) + " (" + figure.Percent(result.Requests.FailureRate) + ")"},
		pairOf("rps", "", &result.RPS.OK),
		{"req/s, all", figure.PerSecond(result.RPS.Total)},
		{"retried", count(result.Requests.Retried)},
		{"reconnects", count(result.Requests.Reconnects)},
		{"unanswered", count(result.Requests.Unanswered)},
		pairOf("startup", "", result.StartupMS),
	}
	if reached := result.Requests.Reached; reached != nil {
		pairs = append(pairs, [2]string{"reached it", count(*reached)})
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
		memory := p.MemoryWord()
		pairs = append(pairs, pairOf("cpu-percent", "", p.CPUPercentMean))
		for _, of := range []struct {
			name  string
			value *float64
			write func(float64) string
		}{
			{"CPU at most", p.CPUPercentMax, figure.OfCore},
			{"hottest thread", p.HottestThreadPercentMax, figure.OfCore},
		} {
			pairs = append(pairs, [2]string{of.name, figure.Known(of.value, of.write)})
		}
		most := pairOf("rss", memory, p.MemoryMBMax())
		if p.MemoryMBMax() != nil {
			most[1] += p.BesidePSS()
		}
		pairs = append(pairs,
			pairOf("cpu-per-request", "", p.CPUUSPerRequest), pairOf("rps-per-core", "", p.RPSPerCore), pairOf("rps-per-mb", "", p.RPSPerMB),
			pairOf("rss-idle", memory, p.MemoryMBIdle()), most)
		for _, of := range []struct {
			name  string
			value *float64
			write func(float64) string
		}{
			{"threads", p.ThreadsMax, figure.Whole},
			{"accept queue", p.AcceptQueueMax, func(v float64) string {
				if p.AcceptQueueLimit == nil {
					return figure.Whole(v)
				}
				return figure.Whole(v) + " of " + figure.Whole(*p.AcceptQueueLimit)
			}},
		} {
			pairs = append(pairs, [2]string{of.name, figure.Known(of.value, of.write)})
		}
	}
	pairs = append(pairs, treePairs(result.Process)...)
	pairs = append(pairs, eventLoopPairs(result.Process)...)
	for _, told := range result.Process.RuntimeFigures() {
		pairs = append(pairs, [2]string{told.Name, told.Value})
	}
	var spans []term.Span
	for _, pair := range pairs {
		next := []term.Span{term.Say(pair[0]+" ", term.RoleDim), term.Say(pair[1], term.RoleText)}
		if len(spans) > 0 && term.SpansWidth(spans)+3+term.SpansWidth(next) > w.Width {
			w.Line(spans...)
			spans = nil
		}
		if len(spans) > 0 {
			spans = append(spans, term.Say("   ", term.RoleText))
		}
		spans = append(spans, next...)
	}
	w.Line(spans...)
}

// pairOf is a figure of the catalogue under the name that tables have it by; memory says
// which kind that is, if it is any.
func pairOf(name, memory string, value *float64) [2]string {
	of, _ := figure.Named(name)
	return [2]string{of.OfMemory(memory).Head, of.Cell(value)}
}

// eventLoopPairs are what the probe in a Node server saw at worst, or why it saw nothing.
func eventLoopPairs(p *stream.ProcessResult) [][2]string {
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
		{"event loop used", figure.Utilization(p.EventLoop.UtilizationMax)},
		{"its delay p99", figure.LongMS(p.EventLoop.DelayMSP99Max)},
	}
	if silent := p.EventLoop.SilentSMax; silent > 0 {
		pairs = append(pairs, [2]string{"it did not turn for", figure.Length(figure.Seconds(silent))})
	}
	return pairs
}

// treePairs are what the server's processes did, and the machine around them;
// nothing in recordings that do not tell.
func treePairs(p *stream.ProcessResult) (pairs [][2]string) {
	if p == nil || p.Tree == nil {
		return nil
	}
	tree := p.Tree
	pairs = [][2]string{
		{"CPU user", figure.Known(tree.CPUUserPercentMean, figure.OfCore)},
		{"system", figure.Known(tree.CPUSystemPercentMean, figure.OfCore)},
		{"waited for a CPU", figure.Known(tree.RunQueueWaitPercentMean, figure.OfCore)},
		{"open files", figure.Known(tree.FileDescriptorsMax, figure.Whole)},
		{"context switches/s", figure.Known(tree.ContextSwitchesPerS, figure.Whole)},
	}
	if tree.ProcessesMax > 1 {
		var each []string
		for _, one := range tree.RSSMBByProcess {
			each = append(each, one.Name+" "+figure.Known(cmp.Or(one.PSSMB, one.RSSMB), figure.MB))
		}
		pairs = append(pairs, [2]string{"processes", figure.Whole(tree.ProcessesMax)})
		if len(each) > 0 {
			pairs = append(pairs, [2]string{"memory of each", strings.Join(each, ", ")})
		}
	}
	if p.Machine == nil {
		return pairs
	}
	machine := p.Machine
	var cores []string
	for _, percent := range machine.CPUPercentByCoreMean {
		cores = append(cores, figure.Whole(percent))
	}
	if len(cores) > 0 && len(cores) <= view.MostCores {
		pairs = append(pairs, [2]string{"machine's cores", strings.Join(cores, " ") + " %"})
	}
	pairs = append(pairs,
		[2]string{"machine's steal", figure.Known(machine.StealPercentMean, figure.OfCore)},
		[2]string{"its accept queues overflowed", figure.Known(machine.ListenOverflows, figure.Whole)},
		[2]string{"dropped", figure.Known(machine.ListenDrops, figure.Whole)},
		[2]string{"SYNs sent again", figure.Known(machine.SYNRetransmits, figure.Whole)},
	)
	if len(machine.BusyOtherProcesses) > 0 {
		pairs = append(pairs, [2]string{"busy beside it", strings.Join(machine.BusyOtherProcesses, ", ")})
	}
	return pairs
}
