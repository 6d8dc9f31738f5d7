package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/session"
)

// WriteMarkdown writes the leaderboard as a table for a README or an issue, with
// units in its head as hyperfine's has them, and below it what stands behind the
// figures and what was found.
func WriteMarkdown(w io.Writer, result session.Result) error {
	var lines []string
	add := func(words ...string) { lines = append(lines, words...) }
	add("**"+markdown(result.Workload.Name)+"**: "+markdown(result.Workload.Words), "")
	if result.Interrupted {
		add("Interrupted: these are the figures until then.", "")
	}
	add(markdownTable(result)...)
	add("")
	for _, rule := range ruleLines(result) {
		add("- " + markdown(rule))
	}
	if host := hostWords(result.Host); host != "" {
		add("- measured with benchtui on " + markdown(host) + ", " + result.Started.Format("2 January 2006"))
	}
	for _, one := range result.Contenders {
		if one.Capacity != nil {
			add("- " + markdown(one.Name) + ": " + markdown(one.Capacity.Words()))
		}
	}
	add(markdownFindings(result)...)
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

func markdownTable(result session.Result) []string {
	metric := rankedBy(result)
	latencies := ""
	if metric == leaderboard.MeanAll {
		latencies = ", all replies"
	}
	interval := markdownInterval(result, metric)
	head := []string{"", "#", "Contender", "Mean [ms]" + latencies, "p50 [ms]", "p99 [ms]", "Max [ms]", "OK [req/s]", "KO", "CPU [µs/req]", "Memory [MB]", "Startup [ms]"}
	retries := slices.ContainsFunc(result.Contenders, func(r session.ContenderResult) bool { return r.Requests.Retried > 0 })
	if retries {
		head = slices.Insert(head, slices.Index(head, "KO")+1, "Retried")
	}
	ruler := []string{":--", "--:", ":---"}
	for range head[len(ruler):] {
		ruler = append(ruler, "---:")
	}
	lettered := result.Lettered()
	if lettered {
		head, ruler = slices.Insert(head, 2, "Ties"), slices.Insert(ruler, 2, ":--")
	}
	if interval != nil {
		head, ruler = append(head, interval.title), append(ruler, "---:")
	}
	best, relative := bestOf(result, metric)
	if relative {
		head, ruler = append(head, "Relative"), append(ruler, "---:")
	}
	lines := []string{markdownRow(head), markdownRow(ruler)}
	for _, one := range result.Contenders {
		row := []string{medal(one.Tier), rankWords(one), markdownName(one)}
		for _, pick := range []string{"mean", "p50", "p99", "max"} {
			row = append(row, bareLatency(boardLatency(one, pick, metric == leaderboard.MeanAll)))
		}
		ko := missing
		if one.Requests.Total > 0 {
			ko = percent(one.Requests.FailureRate)
		}
		row = append(row, bareWhole(one.Figure("rps")), ko)
		if retries {
			row = append(row, count(one.Requests.Retried))
		}
		for _, name := range []string{"cpu-per-request", "rss", "startup"} {
			row = append(row, bareWhole(one.Figure(name)))
		}
		if interval != nil {
			row = append(row, interval.words(one))
		}
		if relative {
			row = append(row, relativeWords(one, metric, best))
		}
		if lettered {
			row = slices.Insert(row, 2, one.Letters)
		}
		lines = append(lines, markdownRow(row))
	}
	return lines
}

// markdownInterval is the column of the intervals of what ranks go by; nil of one round.
func markdownInterval(result session.Result, metric leaderboard.Metric) *boardFigure {
	figure, known := comparedFigureNamed(string(metric))
	if result.Workload.Rounds < 2 || !known {
		return nil
	}
	column := intervalFigure(namedFigure{figure.name, figure.name, figure.write}, result)
	column.title += " of " + figure.name
	return &column
}

// boardLatency is a figure of the OK replies or, where the board is by the mean of
// all replies, of all.
func boardLatency(one session.ContenderResult, name string, all bool) *float64 {
	switch {
	case !all:
		return shown(one, name)
	case name == "mean":
		return one.Figure("mean-all")
	}
	return figureOf(one.LatencyMS.Total, distributionNamed(name))
}

func markdownRow(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

// markdownName is a contender's name with what was built, and its marks.
func markdownName(one session.ContenderResult) string {
	name := markdown(one.Name)
	if one.Starred {
		name += " \\*"
	}
	if one.Verdict == diagnosis.VerdictGenerator {
		name += " !"
	}
	if startersFigures(one) {
		name += " °"
	}
	if one.Version != "" {
		name += " (" + markdown(one.Version) + ")"
	}
	if one.Rank == 0 && one.RankNote != "" {
		name += ": *" + markdown(cut(firstLine(one.RankNote), 80)) + "*"
	}
	return name
}

// markdownFindings are the findings by contender, as a list.
func markdownFindings(result session.Result) []string {
	var lines []string
	for _, one := range result.Contenders {
		for _, finding := range one.Findings {
			lines = append(lines, "- ⚑ **"+markdown(one.Name)+"**: "+markdown(finding.Title))
			for _, evidence := range finding.Evidence {
				lines = append(lines, "  - "+markdown(evidence))
			}
			if finding.Advice != "" {
				lines = append(lines, "  - → "+markdown(finding.Advice))
			}
		}
	}
	if len(lines) > 0 {
		lines = append([]string{"", "What was found:", ""}, lines...)
	}
	return lines
}

// markdownSpecial escapes what Markdown, in GitHub's dialect, and the HTML within it
// would take for more than text.
var markdownSpecial = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "{", `\{`, "}", `\}`, "[", `\[`, "]", `\]`,
	"#", `\#`, "|", `\|`, "~", `\~`, "$", `\$`, "&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "://", `:\//`,
)

// markdown writes text of others so that it stays text, in one line.
func markdown(text string) string { return markdownSpecial.Replace(oneLine(text)) }

// rankWords is a contender's place: "1", "=2", "–".
func rankWords(one session.ContenderResult) string {
	switch {
	case one.Rank == 0:
		return missing
	case len(one.TiedWith) > 0:
		return "=" + strconv.Itoa(one.Rank)
	}
	return strconv.Itoa(one.Rank)
}

// bestOf is the best figure on the board; ok says that there is one to set others
// in relation to.
func bestOf(result session.Result, metric leaderboard.Metric) (best float64, ok bool) {
	for _, one := range result.Contenders {
		if value := one.Figure(string(metric)); value != nil && one.Rank > 0 && *value > 0 {
			best = *value // the first: others may share its rank
			break
		}
	}
	return best, best > 0 && len(result.Contenders) > 1
}

// relativeWords sets a figure in relation to the best: "1.00", "36.9".
func relativeWords(one session.ContenderResult, metric leaderboard.Metric, best float64) string {
	value := one.Figure(string(metric))
	if value == nil || one.Rank == 0 {
		return missing
	}
	return threeDigits(*value/best, 2)
}

// bare writes a figure in three digits and without its unit.
func bare(value *float64) string {
	return known(value, func(v float64) string { return threeDigits(v, 2) })
}

// bareLatency is the same for a latency.
func bareLatency(value *float64) string {
	if value != nil && *value >= session.MostMS {
		return overlong
	}
	return bare(value)
}

// bareWhole is the same for a figure of which a fraction says little from 10 on.
func bareWhole(value *float64) string {
	return known(value, func(v float64) string {
		if v >= 10 {
			return whole(v)
		}
		return threeDigits(v, 1)
	})
}

// threeDigits writes so many digits that three count, and at most the given
// number behind the point.
func threeDigits(value float64, most int) string {
	switch {
	case value >= 100:
		return whole(value)
	case value >= 10:
		most = min(most, 1)
	}
	return strconv.FormatFloat(value, 'f', most, 64)
}

func distributionNamed(name string) func(*session.Distribution) float64 {
	for _, figure := range distributionFigures {
		if figure.name == name {
			return figure.of
		}
	}
	return nil
}
