package tui

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// lineWriter collects lines of a text that is as wide as it may be.
type lineWriter struct {
	width int
	lines [][]term.Span
}

func (w *lineWriter) line(spans ...term.Span) { w.lines = append(w.lines, spans) }

// text writes a paragraph with an indent.
func (w *lineWriter) text(indent int, text string, role term.Role) {
	if w.width <= indent {
		return
	}
	for _, line := range term.Wrap(text, w.width-indent) {
		w.line(term.Say(strings.Repeat(" ", indent)+line, role))
	}
}

// titled writes a sentence beside what stands before it, over as many lines as it takes.
func (w *lineWriter) titled(before term.Span, title string) {
	indent := term.SpansWidth([]term.Span{before})
	for _, line := range term.Wrap(title, max(8, w.width-indent)) {
		w.line(before, term.Say(line, term.RoleStrong))
		before = term.Span{Text: strings.Repeat(" ", indent)}
	}
}

func (w *lineWriter) heading(text string) {
	if len(w.lines) > 0 {
		w.line()
	}
	w.line(term.Say(text, term.RoleTitle))
}

// summaryLines says what stands out about a result: how it ended, findings, failures.
func summaryLines(result stream.ContenderResult, width int) [][]term.Span {
	w := &lineWriter{width: width}
	w.ending(result)
	if result.Capacity != nil {
		w.text(0, result.Capacity.Words(), term.RoleStrong)
	}
	w.findings(result, false)
	w.failures(result, false)
	if len(w.lines) == 0 || result.Capacity != nil && len(result.Findings)+len(result.Failures) == 0 {
		w.line(term.Say("✓ ", term.RoleGood), term.Say("no findings, no failures", term.RoleText))
	}
	if result.Requests.Total > 0 {
		w.line()
		w.figures(result)
	}
	return w.lines
}

func (w *lineWriter) ending(result stream.ContenderResult) {
	if result.Status != stream.StatusOK {
		w.text(0, "✗ "+words.Join(": ", strings.ReplaceAll(string(result.Status), "_", " "), result.StatusDetail), term.RoleBad)
	}
	if result.RankNote != "" && result.RankNote != result.StatusDetail {
		w.text(0, "✗ not ranked: "+result.RankNote, term.RoleBad)
	}
	w.verdict(result)
	if len(result.TiedWith) > 0 {
		w.text(0, "= tied with "+strings.Join(result.TiedWith, ", "), term.RoleText)
	}
}

// verdict says what limited the run, and the figures that this rests on.
func (w *lineWriter) verdict(result stream.ContenderResult) {
	switch {
	case result.Verdict == words.VerdictGenerator:
		w.text(0, "⚠ "+words.Join(": ", "the generator was the limit, not this server", result.VerdictWhy), term.RoleWarn)
	case result.Verdict == words.VerdictMachine:
		w.text(0, "= "+words.Join(": ", "the machine was the limit, which server and generator share", result.VerdictWhy), term.RoleText)
	case result.Verdict == "inconclusive" && result.VerdictWhy != "":
		w.text(0, "? what limited this run can't be told: "+result.VerdictWhy, term.RoleWarn)
	case result.VerdictWhy != "":
		w.text(0, "these figures are the server's: "+result.VerdictWhy, term.RoleDim)
	}
}

func (w *lineWriter) findings(result stream.ContenderResult, full bool) {
	for _, finding := range result.Findings {
		when := fmt.Sprintf("⚑ %.1f s  ", finding.AtS)
		if finding.EndedAtS > 0 {
			when = fmt.Sprintf("⚑ %.1f–%.1f s  ", finding.AtS, finding.EndedAtS)
		}
		w.titled(term.Say(when, term.RoleWarn), finding.Title+words.InRounds(finding.Rounds))
		if full {
			for _, evidence := range finding.Evidence {
				w.text(4, "· "+evidence, term.RoleText)
			}
		} else if len(finding.Evidence) > 0 {
			w.text(4, strings.Join(finding.Evidence, " · "), term.RoleText)
		}
		if finding.Advice != "" {
			w.text(4, "→ "+finding.Advice, term.RoleDim)
		}
	}
}

func (w *lineWriter) failures(result stream.ContenderResult, full bool) {
	for _, failure := range result.Failures {
		w.line(term.Say("✗ "+failure.Cause, term.RoleBad), term.Say(" ×"+words.Thousands(float64(failure.Count)), term.RoleStrong),
			term.Say("  "+words.Percent(float64(failure.Count)/float64(max(1, result.Requests.Total)))+"  first at "+words.Took(view.Duration(failure.FirstAtS)), term.RoleDim))
		if full {
			for _, reason := range words.ReasonsOf(failure) {
				w.text(4, reason, term.RoleText)
			}
		}
		if full && failure.Sample != "" && failure.Sample != failure.Reason {
			w.text(4, words.OneLine(failure.Sample), term.RoleDim)
		}
	}
}

// figures writes counts and what the server took, a few to a line.
func (w *lineWriter) figures(result stream.ContenderResult) {
	count := func(n uint64) string { return words.Thousands(float64(n)) }
	pairs := [][2]string{
		{"requests", count(result.Requests.Total)},
		{"OK", count(result.Requests.OK)},
		{"KO", count(result.Requests.KO) + " (" + words.Percent(result.Requests.FailureRate) + ")"},
		{"OK/s", words.PerSecond(result.RPS.OK)},
		{"replies/s", words.PerSecond(result.RPS.Total)},
		{"retried", count(result.Requests.Retried)},
		{"reconnects", count(result.Requests.Reconnects)},
		{"unanswered", count(result.Requests.Unanswered)},
		{"start to first reply", words.OrNone(result.StartupMS, func(ms float64) string { return words.LongMillis(ms) + " ms" })},
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
		percentOfCore := func(v float64) string { return words.Thousands(v) + " %" }
		megabytes := func(v float64) string { return words.Short(v) + " MB" }
		for _, figure := range []struct {
			name  string
			value *float64
			write func(float64) string
		}{
			{"CPU mean", p.CPUPercentMean, percentOfCore},
			{"CPU max", p.CPUPercentMax, percentOfCore},
			{"hottest thread", p.HottestThreadPercentMax, percentOfCore},
			{"CPU per request", p.CPUUSPerRequest, func(v float64) string { return words.Short(v) + " µs" }},
			{"req/s per core", p.RPSPerCore, words.Thousands},
			{"req/s per MB", p.RPSPerMB, words.PerMB},
			{p.MemoryWord() + " idle", p.MemoryMBIdle(), megabytes},
			{p.MemoryWord() + " max", p.MemoryMBMax(), func(v float64) string { return megabytes(v) + besideRSS(p) }},
			{"threads", p.ThreadsMax, words.Thousands},
			{"accept queue", p.AcceptQueueMax, func(v float64) string {
				if p.AcceptQueueLimit == nil {
					return words.Thousands(v)
				}
				return words.Thousands(v) + " of " + words.Thousands(*p.AcceptQueueLimit)
			}},
		} {
			pairs = append(pairs, [2]string{figure.name, words.OrNone(figure.value, figure.write)})
		}
	}
	pairs = append(pairs, treePairs(result.Process)...)
	pairs = append(pairs, eventLoopPairs(result.Process)...)
	var spans []term.Span
	for _, pair := range pairs {
		next := []term.Span{term.Say(pair[0]+" ", term.RoleDim), term.Say(pair[1], term.RoleText)}
		if len(spans) > 0 && term.SpansWidth(spans)+3+term.SpansWidth(next) > w.width {
			w.line(spans...)
			spans = nil
		}
		if len(spans) > 0 {
			spans = append(spans, term.Say("   ", term.RoleText))
		}
		spans = append(spans, next...)
	}
	w.line(spans...)
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
		{"event loop used", fmt.Sprintf("%.0f %%", math.Floor(100*p.EventLoop.UtilizationMax))},
		{"its delay p99", words.LongMillis(p.EventLoop.DelayMSP99Max) + " ms"},
	}
	if silent := p.EventLoop.SilentSMax; silent > 0 {
		pairs = append(pairs, [2]string{"it did not turn for", words.Took(view.Duration(silent))})
	}
	return pairs
}

// besideRSS is the RSS beside memory that is told as PSS.
func besideRSS(p *stream.ProcessResult) string {
	if p.MemoryIs != stream.MemoryIsPSS {
		return ""
	}
	return ", RSS " + words.OrNone(p.RSSMBMax, words.Short)
}
