package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/session"
)

// WriteSummary writes what a run found out: the leaderboard, the rules behind it,
// the generator's own health, and per contender what failed and why.
func WriteSummary(w io.Writer, result session.Result) error {
	var lines []string
	if result.Interrupted {
		lines = append(lines, "interrupted: these are the figures until then", "")
	}
	lines = append(lines, boardLines(result)...)
	lines = append(lines, ruleLines(result)...)
	for _, one := range result.Contenders {
		if details := detailLines(one); len(details) > 0 {
			lines = append(lines, "", foreign.Text(one.Name)+" ("+one.ID+")")
			lines = append(lines, details...)
		}
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// medals by tier.
var medals = [...]string{"", "🥇", "🥈", "🥉", "🏅"}

func medal(tier int) string {
	if tier < 0 || tier >= len(medals) {
		return ""
	}
	return medals[tier]
}

// rankedBy is the metric of the result's board.
func rankedBy(result session.Result) leaderboard.Metric {
	for _, one := range result.Contenders {
		if one.RankedBy != "" {
			return leaderboard.Metric(one.RankedBy)
		}
	}
	return leaderboard.Mean
}

// boardLines is the table, with a line between those that are ranked and the others.
func boardLines(result session.Result) []string {
	metric := rankedBy(result)
	figures := boardFigures(result)
	board := table{columns: []column{{"", true}, {"#", false}, {"contender", true}, {"version", true}}}
	lettered := result.Lettered()
	if lettered {
		board.columns = slices.Insert(board.columns, 2, column{tiesTitle, true})
	}
	for _, figure := range figures {
		board.columns = append(board.columns, column{figure.title, false})
	}
	ranked := 0
	for _, one := range result.Contenders {
		if one.Rank > 0 {
			ranked++
		}
		row := boardRow(one, figures)
		if lettered {
			row = slices.Insert(row, 2, one.Letters)
		}
		board.add(row...)
	}
	lines := board.lines()
	width := 0
	for _, line := range lines {
		width = max(width, cells.StringWidth(line))
	}
	head := append([]string{"leaderboard, by " + metric.Title() + medianWords(result)}, lines[:1+ranked]...)
	if ranked == len(result.Contenders) {
		return head
	}
	label := "─── below the line "
	head = append(head, label+strings.Repeat("─", max(0, width-cells.StringWidth(label))))
	for i, one := range result.Contenders[ranked:] {
		head = append(head, lines[1+ranked+i])
		if one.RankNote != "" {
			head = append(head, "      "+cut(firstLine(one.RankNote), 120))
		}
	}
	return head
}

// tiesTitle heads the letters of ties.
const tiesTitle = "ties"

func boardRow(one session.ContenderResult, figures []boardFigure) []string {
	rank := missing
	if one.Rank > 0 {
		rank = fmt.Sprint(one.Rank)
		if len(one.TiedWith) > 0 {
			rank = "=" + rank
		}
	}
	name := foreign.Text(one.Name)
	if one.Starred {
		name += " *"
	}
	if one.Verdict == diagnosis.VerdictGenerator {
		name += " !"
	}
	if startersFigures(one) {
		name += " °"
	}
	row := []string{medal(one.Tier), rank, name, foreign.Text(one.Version)}
	for _, figure := range figures {
		row = append(row, figure.words(one))
	}
	return row
}

// startersFigures says whether a contender's CPU and memory are not the server's, but
// those of what started it.
func startersFigures(one session.ContenderResult) bool {
	return one.Process != nil && one.Process.StarterOnly
}

// ruleLines say what stands behind the table.
func ruleLines(result session.Result) []string {
	var lines []string
	if result.TierRule != "" {
		lines = append(lines, result.TierRule)
	}
	var starred, limited, failing bool
	tied := ""
	for _, one := range result.Contenders {
		starred = starred || one.Starred
		if len(one.TiedWith) > 0 {
			tied = "= shares its rank"
		}
		limited = limited || one.Verdict == diagnosis.VerdictGenerator
		failing = failing || one.Rank == 0 && one.Requests.FailureRate > leaderboard.MostFailures
	}
	if slices.ContainsFunc(result.Contenders, startersFigures) {
		lines = append(lines, "° CPU and memory are those of what started the server, not the server's")
	}
	if starred {
		lines = append(lines, "* ranked in spite of its failures")
	}
	if result.TieRule != "" {
		tied = result.TieRule
	}
	if tied != "" {
		lines = append(lines, tied)
	}
	lines = append(lines, intervalRule(result)...)
	if limited {
		lines = append(lines, "! limited by the load generator: the server could do more than these figures say")
	}
	if failing {
		lines = append(lines, fmt.Sprintf("who fails more than %s of its requests stands below the line", percent(leaderboard.MostFailures)))
	}
	return append(lines, generatorLine(result.Generator))
}

func generatorLine(generator session.GeneratorResult) string {
	if generator.CPUUSPerRequest == 0 {
		return "generator: nothing was sent"
	}
	late := generator.LatenessMS
	line := fmt.Sprintf("generator: %s of CPU per request, at most %s of a core; sends late by %s at p50, %s at p99, %s at worst",
		microseconds(generator.CPUUSPerRequest), ofCore(generator.CPUPercentMax), ms(late.P50), ms(late.P99), ms(late.Max))
	if late := generator.ReadLatenessMS; late != nil {
		line += fmt.Sprintf("; reads replies late by %s, %s, %s, which is in no latency here", ms(late.P50), ms(late.P99), ms(late.Max))
	}
	return line
}

// detailLines are what a contender cost, its failures and findings.
func detailLines(one session.ContenderResult) []string {
	var lines []string
	// A reason of one line stands under the table.
	if one.Status != session.StatusOK && (one.StatusDetail != one.RankNote || strings.Contains(one.StatusDetail, "\n")) {
		lines = append(lines, "  "+indentRest(endWords(one), "    "))
	}
	if one.Requests.KO > 0 {
		lines = append(lines, fmt.Sprintf("  KO %s of %s requests (%s)", count(one.Requests.KO), count(one.Requests.Total), percent(one.Requests.FailureRate)))
		causes := table{columns: []column{{"", true}, {"", false}, {"", true}, {"", true}}}
		for _, failure := range one.Failures {
			causes.add("    "+foreign.Text(failure.Cause), "×"+count(failure.Count), "first at "+at(failure.FirstAtS), cut(oneLine(failure.Sample), 60))
		}
		for i, line := range causes.lines()[1:] {
			lines = append(lines, line)
			for _, reason := range reasonWords(one.Failures[i]) {
				lines = append(lines, "      "+reason)
			}
		}
	}
	if one.Requests.Retried > 0 {
		lines = append(lines, "  retried "+count(one.Requests.Retried)+": sent once more, because a kept-alive connection closed as they went out")
	}
	if told := statusWordsOf(one); told != "" {
		lines = append(lines, "  by status: "+told)
	}
	if told := laterWords(one); told != "" {
		lines = append(lines, "  after the load: "+told)
	}
	if one.Requests.Unanswered > 0 {
		lines = append(lines, "  "+count(one.Requests.Unanswered)+" connections never got a reply")
	}
	if n := one.Requests.EndedAtReading; n > 0 {
		lines = append(lines, "  "+count(n)+" replies have no time of arrival and end at their reading")
	}
	if one.Capacity != nil {
		lines = append(lines, "  "+foreign.Text(one.Capacity.Words()))
	}
	lines = append(lines, roundLines(one)...)
	lines = append(lines, serverLines(one)...)
	for _, finding := range one.Findings {
		lines = append(lines, findingLines("  ", finding)...)
	}
	return append(lines, verdictLines(one)...)
}

// verdictLines say what limited the run, and on what that rests.
func verdictLines(one session.ContenderResult) []string {
	var words string
	switch one.Verdict {
	case diagnosis.VerdictGenerator:
		words = "limited by the load generator, not by the server"
	case diagnosis.VerdictMachine:
		words = "limited by the machine that server and generator share"
	case diagnosis.VerdictInconclusive:
		words = "what limited this run can't be told"
	case diagnosis.VerdictServer:
		words = "these figures are the server's"
	default:
		return nil
	}
	if one.VerdictWhy != "" {
		words += ": " + foreign.Text(one.VerdictWhy)
	} else if one.Verdict == diagnosis.VerdictServer {
		return nil // what goes without saying needs its proof
	}
	if one.Verdict != diagnosis.VerdictServer && one.Verdict != diagnosis.VerdictMachine {
		words = "! " + words
	}
	return []string{"  " + words}
}

// serverLines say what the server cost: what people pay for.
func serverLines(one session.ContenderResult) []string {
	process := one.Process
	if process == nil {
		return nil
	}
	var words []string
	add := func(value *float64, write func(float64) string) {
		if value != nil {
			words = append(words, write(*value))
		}
	}
	add(process.CPUUSPerRequest, func(v float64) string { return microseconds(v) + " of CPU per request" })
	add(process.RPSPerCore, func(v float64) string { return perSecond(v) + " req/s per core" })
	add(process.RSSMBIdle, func(v float64) string { return mb(v) + " at idle" })
	add(process.RSSMBMax, func(v float64) string { return mb(v) + " at its peak" })
	add(one.StartupMS, func(v float64) string { return "first reply " + longMS(v) + " after its start" })
	var lines []string
	if len(words) > 0 {
		lines = append(lines, "  server: "+strings.Join(words, " · "))
	}
	if process.FiguresOf != "" {
		lines = append(lines, "          "+foreign.Text(process.FiguresOf))
	}
	words = nil
	add(process.CPUPercentMax, func(v float64) string { return "at most " + ofCore(v) + " of a core" })
	add(process.HottestThreadPercentMax, func(v float64) string { return "its hottest thread " + ofCore(v) })
	add(process.AcceptQueueMax, func(v float64) string {
		return "accept queue at most " + whole(v) + ofLimit(process.AcceptQueueLimit)
	})
	if len(words) > 0 {
		lines = append(lines, "          "+strings.Join(words, " · "))
	}
	lines = append(lines, treeLines(process)...)
	switch loop := process.EventLoop; {
	case loop != nil:
		text := fmt.Sprintf("  event loop: at most %s used · %s late at p99 at worst", utilization(loop.UtilizationMax), longMS(loop.DelayMSP99Max))
		if loop.SilentSMax > 0 {
			text += " · once it did not turn for " + at(loop.SilentSMax)
		}
		lines = append(lines, text)
	case process.EventLoopNote != "":
		lines = append(lines, "  event loop: not seen; "+foreign.Text(process.EventLoopNote))
	}
	return lines
}

// oneLine writes a sample of a reply, which has lines of its own, in one.
func oneLine(sample string) string {
	sample = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n").Replace(sample) // as the engine makes it printable
	return strings.Join(strings.FieldsFunc(foreign.Text(sample), func(r rune) bool { return r == '\n' }), " · ")
}

// findingLines tell a finding: what, the figures that show it, and what to do.
func findingLines(indent string, finding session.FindingResult) []string {
	when := at(finding.AtS)
	if finding.EndedAtS > 0 {
		when += " to " + at(finding.EndedAtS)
	}
	when += inRounds(finding.Rounds)
	lines := []string{fmt.Sprintf("%s⚑ %s  %s", indent, when, foreign.Text(finding.Title))}
	for _, evidence := range finding.Evidence {
		lines = append(lines, indent+"    "+foreign.Text(evidence))
	}
	if finding.Advice != "" {
		lines = append(lines, indent+"  → "+foreign.Text(finding.Advice))
	}
	return lines
}

// requestWords sums up a load in a line.
func requestWords(one session.ContenderResult) string {
	words := []string{count(one.Requests.Total) + " requests", "OK " + count(one.Requests.OK), "KO " + count(one.Requests.KO)}
	if one.Requests.KO > 0 {
		words[2] += " (" + percent(one.Requests.FailureRate) + ")"
	}
	if one.Requests.Retried > 0 {
		words = append(words, "retried "+count(one.Requests.Retried))
	}
	for _, failure := range one.Failures {
		words = append(words, foreign.Text(failure.Cause)+" ×"+count(failure.Count))
	}
	if told := statusWordsOf(one); told != "" {
		words = append(words, "by status "+told)
	}
	if ok := one.LatencyMS.OK; ok != nil {
		words = append(words, "mean "+ms(ok.Mean), "p99 "+ms(ok.P99))
	}
	return strings.Join(append(words, perSecond(one.RPS.OK)+" req/s OK"), " · ")
}

// reasonWords are why a cause came about: the reason that its sample does not show
// already, or all of them with their numbers and what they look like.
func reasonWords(failure session.FailureResult) (words []string) {
	if len(failure.Reasons) == 0 {
		if failure.Reason == "" || failure.Reason == failure.Sample && len(failure.Sample) <= 60 {
			return nil
		}
		return []string{foreign.Text(oneLine(failure.Reason))}
	}
	for i, reason := range failure.Reasons {
		text := "×" + count(reason.Count) + " " + foreign.Text(oneLine(reason.Reason))
		if i > 0 && reason.Sample != "" {
			text += ": " + cut(oneLine(reason.Sample), 60)
		}
		words = append(words, text)
	}
	return words
}

// statusWordsOf are the replies by status, "" if all were 200, or failed by theirs.
func statusWordsOf(one session.ContenderResult) string {
	var words []string
	plain := true
	for _, status := range one.StatusCounts() {
		text := strconv.Itoa(status.Status)
		failed := slices.ContainsFunc(one.Failures, func(f session.FailureResult) bool { return f.Cause == "status "+text })
		plain = plain && (status.Status == 200 || failed && status.Status >= 400)
		words = append(words, text+" ×"+count(status.Count)+placesWords(one, status.Status))
	}
	if plain {
		return ""
	}
	return strings.Join(words, ", ")
}

// placesWords says where the redirects of a status lead.
func placesWords(one session.ContenderResult, status int) string {
	var places []string
	for _, told := range one.Statuses {
		if told.Status == status && told.Location != "" {
			places = append(places, foreign.Text(told.Location))
		}
	}
	const most = 3
	switch {
	case len(places) == 0:
		return ""
	case len(places) > most:
		return " to " + strings.Join(places[:most], ", ") + ", …"
	}
	return " to " + strings.Join(places, ", ")
}

// laterWords tell what ended after the load had run its time, and is in no rate; ""
// if that was no more than what was under way then.
func laterWords(one session.ContenderResult) string {
	const least = 0.2 // s
	later := one.Requests.Later
	if later.OK+later.KO == 0 || later.WaitedS < least {
		return ""
	}
	return fmt.Sprintf("OK %s, KO %s more, within %s; the rates are over the %s before",
		count(later.OK), count(later.KO), length(secondsLong(later.WaitedS)), length(secondsLong(one.RPS.OverS)))
}

// endWords say how measuring a contender ended.
func endWords(one session.ContenderResult) string {
	if one.StatusDetail == "" {
		return statusWords(one.Status)
	}
	return statusWords(one.Status) + ": " + foreign.Text(one.StatusDetail)
}

// statusWords is a status in words.
func statusWords(status session.Status) string {
	switch status {
	case session.StatusStartFailed:
		return "did not start"
	case session.StatusBuildFailed:
		return "not built"
	}
	return string(status)
}
