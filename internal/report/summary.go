package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// WriteSummary writes what a run found out: the leaderboard, the rules behind it,
// the generator's own health, and per contender what failed and why.
func WriteSummary(w io.Writer, result stream.Result) error {
	var lines []string
	if result.Interrupted {
		lines = append(lines, "interrupted: these are the figures until then", "")
	}
	lines = append(lines, leaderboardLines(result)...)
	lines = append(lines, wording.Rules(result)...)
	for _, one := range result.Contenders {
		if details := detailLines(one); len(details) > 0 {
			lines = append(lines, "", foreign.Text(one.Name)+" ("+one.ID+")")
			lines = append(lines, details...)
		}
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// leaderboardLines is the table, with a line between those that are ranked and the others.
func leaderboardLines(result stream.Result) []string {
	figures := wording.LeaderboardColumns(result)
	table := wording.Table{Columns: []wording.Column{wording.TextColumn(""), wording.FigureColumn("#"), wording.TextColumn("contender"), wording.TextColumn("version")}}
	lettered := result.Lettered()
	if lettered {
		table.Columns = slices.Insert(table.Columns, 2, wording.TextColumn(tiesTitle))
	}
	for _, fig := range figures {
		table.Columns = append(table.Columns, wording.FigureColumn(fig.Title))
	}
	ranked := 0
	for _, one := range result.Contenders {
		if one.Rank > 0 {
			ranked++
		}
		row := leaderboardRow(one, figures)
		if lettered {
			row = slices.Insert(row, 2, one.Letters)
		}
		table.Add(row...)
	}
	lines := table.Lines()
	width := 0
	for _, line := range lines {
		width = max(width, wording.Cells.StringWidth(line))
	}
	head := append([]string{"leaderboard, by " + result.RankTitle() + wording.Medians(result)}, lines[:1+ranked]...)
	if ranked == len(result.Contenders) {
		return head
	}
	label := "─── below the line "
	head = append(head, label+strings.Repeat("─", max(0, width-wording.Cells.StringWidth(label))))
	for i, one := range result.Contenders[ranked:] {
		head = append(head, lines[1+ranked+i])
		if one.RankNote != "" {
			head = append(head, "      "+wording.Cut(wording.FirstLine(one.RankNote), 120))
		}
	}
	return head
}

// tiesTitle heads the letters of ties.
const tiesTitle = "ties"

func leaderboardRow(one stream.ContenderResult, figures []wording.LeaderboardColumn) []string {
	name := foreign.Text(one.Name) + wording.Marks(one)
	row := []string{figure.Medal(one.Tier), one.Place(), name, foreign.Text(one.Version)}
	for _, fig := range figures {
		row = append(row, fig.Words(one))
	}
	return row
}

// detailLines are what a contender cost, its failures and findings.
func detailLines(one stream.ContenderResult) []string {
	var lines []string
	// A reason of one line stands under the table.
	if one.Status != stream.StatusOK && (one.StatusDetail != one.RankNote || strings.Contains(one.StatusDetail, "\n")) {
		lines = append(lines, "  "+wording.IndentRest(wording.Ending(one), "    "))
	}
	if one.Requests.KO > 0 {
		lines = append(lines, fmt.Sprintf("  KO %s of %s (%s)", figure.Count(one.Requests.KO), figure.Plural(one.Requests.Total, "request", "requests"), figure.Percent(one.Requests.FailureRate)))
		causes := wording.Table{Columns: []wording.Column{wording.TextColumn(""), wording.FigureColumn(""), wording.TextColumn(""), wording.TextColumn("")}}
		for _, failure := range one.Failures {
			causes.Add("    "+foreign.Text(failure.Cause), "×"+figure.Count(failure.Count), "first at "+figure.At(failure.FirstAtS), wording.Cut(foreign.Sample(failure.Sample), 60))
		}
		for i, line := range causes.Lines()[1:] {
			lines = append(lines, line)
			for _, reason := range wording.Reasons(one.Failures[i]) {
				lines = append(lines, "      "+reason)
			}
		}
	}
	if one.Requests.Retried > 0 {
		lines = append(lines, "  retried "+figure.Count(one.Requests.Retried)+": sent once more, because a kept-alive connection closed as they went out")
	}
	if told := wording.ByStatus(one); told != "" {
		lines = append(lines, "  by status: "+told)
	}
	if told := wording.Later(one); told != "" {
		lines = append(lines, "  after the load: "+told)
	}
	if one.Requests.Unanswered > 0 {
		lines = append(lines, "  "+figure.Plural(one.Requests.Unanswered, "connection", "connections")+" never got a reply")
	}
	if n := one.Requests.EndedAtReading; n > 0 {
		lines = append(lines, "  "+figure.Plural(n, "reply has no time of arrival and ends at its", "replies have no time of arrival and end at their")+" reading")
	}
	if one.Capacity != nil {
		lines = append(lines, "  "+foreign.Text(one.Capacity.Words()))
	}
	lines = append(lines, wording.RoundLines(one)...)
	lines = append(lines, serverLines(one)...)
	for _, finding := range one.Findings {
		lines = append(lines, wording.Finding("  ", finding)...)
	}
	lines = append(lines, profileLines(one)...)
	return append(lines, verdictLines(one)...)
}

// profileLines say where the CPU went, if a profile was taken.
func profileLines(one stream.ContenderResult) []string {
	const most = 5
	p := one.Profile
	if p == nil {
		return nil
	}
	lines := []string{"  " + wording.Profile(*p)}
	reasons, advice := wording.ProfileReasons(one)
	for _, reason := range reasons {
		lines = append(lines, "    "+reason)
	}
	if advice != "" {
		lines = append(lines, "    → "+advice)
	}
	if len(p.Hottest) > 0 {
		table := wording.ProfileTable(*p, most)
		for i := range table.Rows {
			table.Rows[i][2] = wording.Cut(table.Rows[i][2], 60)
		}
		for _, line := range table.Lines() {
			lines = append(lines, "    "+line)
		}
	}
	for _, missing := range p.Missing {
		lines = append(lines, "    missing: "+wording.Missing(missing))
	}
	return lines
}

// verdictLines say what limited the run, and on what that rests.
func verdictLines(one stream.ContenderResult) []string {
	words := foreign.Text(one.VerdictWords())
	if words == "" {
		return nil
	}
	if one.Verdict == diagnosis.VerdictGenerator || one.Verdict == diagnosis.VerdictInconclusive {
		words = "! " + words
	}
	return []string{"  " + words}
}

// serverLines say what the server cost: what people pay for.
func serverLines(one stream.ContenderResult) []string {
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
	add(process.CPUUSPerRequest, func(v float64) string {
		return figure.Microseconds(v) + " of CPU per request" + wording.OfReached(one.Requests)
	})
	add(process.RPSPerCore, func(v float64) string { return figure.PerSecond(v) + " req/s per core" })
	add(process.MemoryMBIdle(), func(v float64) string { return figure.MB(v) + " at idle" })
	add(process.MemoryMBMax(), func(v float64) string { return figure.MB(v) + " at its peak" + process.BesideRSS() })
	add(one.StartupMS, func(v float64) string { return "first reply " + figure.LongMS(v) + " after its start" })
	var lines []string
	if len(words) > 0 {
		lines = append(lines, "  server: "+strings.Join(words, " · "))
	}
	if process.FiguresOf != "" {
		lines = append(lines, "          "+foreign.Text(process.FiguresOf))
	}
	words = nil
	add(process.CPUPercentMax, func(v float64) string { return "at most " + figure.OfCore(v) + " of a core" })
	add(process.HottestThreadPercentMax, func(v float64) string { return "its hottest thread " + figure.OfCore(v) })
	add(process.AcceptQueueMax, func(v float64) string {
		return "accept queue at most " + figure.Whole(v) + wording.OfLimit(process.AcceptQueueLimit)
	})
	if len(words) > 0 {
		lines = append(lines, "          "+strings.Join(words, " · "))
	}
	lines = append(lines, treeLines(process)...)
	switch loop := process.EventLoop; {
	case loop != nil:
		text := fmt.Sprintf("  event loop: at most %s used · %s late at p99 at worst", figure.Utilization(loop.UtilizationMax), figure.LongMS(loop.DelayMSP99Max))
		if loop.SilentSMax > 0 {
			text += " · once it did not turn for " + figure.At(loop.SilentSMax)
		}
		lines = append(lines, text)
	case process.EventLoopNote != "":
		lines = append(lines, "  event loop: not seen; "+foreign.Text(process.EventLoopNote))
	}
	words = nil
	for i, told := range process.RuntimeFigures() {
		if i == 0 {
			told.Name += ":"
		}
		words = append(words, told.Name+" "+told.Value)
	}
	if len(words) > 0 {
		lines = append(lines, "  "+strings.Join(words, " · "))
	}
	return lines
}
