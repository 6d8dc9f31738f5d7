package report

import (
	"io"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// WriteMarkdown writes the leaderboard as a table for a README or an issue, with
// units in its head as hyperfine's has them, and below it what stands behind the
// figures and what was found.
func WriteMarkdown(w io.Writer, result stream.Result) error {
	var lines []string
	add := func(words ...string) { lines = append(lines, words...) }
	add("**"+wording.Markdown(result.Workload.Name)+"**: "+wording.Markdown(result.Workload.Words), "")
	if result.Interrupted {
		add("Interrupted: these are the figures until then.", "")
	}
	add(markdownTable(result)...)
	add("")
	for _, rule := range wording.Rules(result) {
		add("- " + wording.Markdown(rule))
	}
	if host := wording.Host(result.Host); host != "" {
		add("- measured with benchtui on " + wording.Markdown(host) + ", " + result.Started.Format("2 January 2006"))
	}
	for _, one := range result.Contenders {
		if one.Capacity != nil {
			add("- " + wording.Markdown(one.Name) + ": " + wording.Markdown(one.Capacity.Words()))
		}
	}
	add(markdownFindings(result)...)
	add(markdownProfiles(result)...)
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

func markdownTable(result stream.Result) []string {
	metric := result.RankedBy()
	ofAll := metric == leaderboard.MeanAll
	interval := markdownInterval(result, metric)
	head := []string{"", "#", "contender"}
	for _, name := range markdownFigures {
		if name == "mean" && ofAll {
			name = "mean-all"
		}
		head = append(head, markdownHead(name, stream.MemoryWord(result.Contenders)))
	}
	retries := slices.ContainsFunc(result.Contenders, func(r stream.ContenderResult) bool { return r.Requests.Retried > 0 })
	if retries {
		head = slices.Insert(head, slices.Index(head, "KO")+1, "retried")
	}
	ruler := []string{":--", "--:", ":---"}
	for range head[len(ruler):] {
		ruler = append(ruler, "---:")
	}
	lettered := result.Lettered()
	if lettered {
		head, ruler = slices.Insert(head, 2, "ties"), slices.Insert(ruler, 2, ":--")
	}
	if interval != nil {
		head, ruler = append(head, interval.Title), append(ruler, "---:")
	}
	best, relative := bestOf(result, metric)
	if relative {
		head, ruler = append(head, "relative"), append(ruler, "---:")
	}
	lines := []string{wording.MarkdownRow(head), wording.MarkdownRow(ruler)}
	for _, one := range result.Contenders {
		row := []string{figure.Medal(one.Tier), one.Place(), markdownName(one)}
		for _, name := range markdownFigures {
			of, _ := figure.Named(name)
			if of.Unit == figure.InMS {
				row = append(row, of.Bare(leaderboardLatency(one, name, ofAll)))
			} else {
				row = append(row, of.Bare(one.Figure(name)))
			}
			if name == "failures" && retries {
				row = append(row, figure.Count(one.Requests.Retried))
			}
		}
		if interval != nil {
			row = append(row, interval.Words(one))
		}
		if relative {
			row = append(row, relativeWords(one, metric, best))
		}
		if lettered {
			row = slices.Insert(row, 2, one.Letters)
		}
		lines = append(lines, wording.MarkdownRow(row))
	}
	return lines
}

// markdownFigures are the columns of figures.
var markdownFigures = []string{"mean", "p50", "p99", "max", "rps", "failures", "cpu-per-request", "rss", "startup"}

// markdownHead is a figure's name with its unit in brackets, as hyperfine has it.
func markdownHead(name, memory string) string {
	of, _ := figure.Named(name)
	of = of.OfMemory(memory)
	if of.Unit == figure.InShare || of.Unit == figure.InRequests {
		return of.Head
	}
	return of.Head + " [" + of.Unit.Name() + "]"
}

// markdownInterval is the column of the intervals of what ranks go by; nil of one round.
func markdownInterval(result stream.Result, metric leaderboard.Metric) *wording.LeaderboardColumn {
	if result.Workload.Rounds < 2 {
		return nil
	}
	column := wording.IntervalColumn(string(metric), result)
	column.Title += " of " + metric.Figure().OfMemory(stream.MemoryWord(result.Contenders)).Head
	return &column
}

// leaderboardLatency is a figure of the OK replies or, where the leaderboard is by the mean of
// all replies, of all.
func leaderboardLatency(one stream.ContenderResult, name string, all bool) *float64 {
	switch {
	case !all:
		return wording.Shown(one, name)
	case name == "mean":
		return one.Figure("mean-all")
	}
	return one.LatencyMS.Total.Figure(name)
}

// markdownName is a contender's name with what was built, and its marks.
func markdownName(one stream.ContenderResult) string {
	name := wording.Markdown(one.Name) + strings.Replace(wording.Marks(one), "*", `\*`, 1)
	if one.Version != "" {
		name += " (" + wording.Markdown(one.Version) + ")"
	}
	if one.Rank == 0 && one.RankNote != "" {
		name += ": *" + wording.Markdown(wording.Cut(wording.FirstLine(one.RankNote), 80)) + "*"
	}
	return name
}

// markdownFindings are the findings by contender, as a list.
func markdownFindings(result stream.Result) []string {
	var lines []string
	for _, one := range result.Contenders {
		for _, finding := range one.Findings {
			lines = append(lines, "- ⚑ **"+wording.Markdown(one.Name)+"**: "+wording.Markdown(finding.Title))
			for _, evidence := range finding.Evidence {
				lines = append(lines, "  - "+wording.Markdown(evidence))
			}
			if finding.Advice != "" {
				lines = append(lines, "  - → "+wording.Markdown(finding.Advice))
			}
		}
	}
	if len(lines) > 0 {
		lines = append([]string{"", "What was found:", ""}, lines...)
	}
	return lines
}

// markdownProfiles says of each contender that has a profile where its CPU went.
func markdownProfiles(result stream.Result) (lines []string) {
	const most = 5
	for _, one := range result.Contenders {
		if one.Profile == nil {
			continue
		}
		lines = append(lines, "", "**"+wording.Markdown(one.Name)+"**, "+wording.Markdown(wording.Profile(*one.Profile)))
		if table := wording.ProfileTable(*one.Profile, most); len(table.Rows) > 0 {
			lines = append(lines, "", wording.MarkdownRow([]string{"self", "total", "function", "place", "whose"}), wording.MarkdownRow([]string{"--:", "--:", ":---", ":---", ":---"}))
			for _, row := range table.Rows {
				for i := range row {
					row[i] = wording.Markdown(row[i])
				}
				lines = append(lines, wording.MarkdownRow(row))
			}
		}
		for i, missing := range one.Profile.Missing {
			if i == 0 {
				lines = append(lines, "")
			}
			lines = append(lines, "- missing: "+wording.Markdown(wording.Missing(missing)))
		}
	}
	return lines
}

// bestOf is the best figure of the leaderboard; ok says that there is one to set others
// in relation to.
func bestOf(result stream.Result, metric leaderboard.Metric) (best float64, ok bool) {
	for _, one := range result.Contenders {
		if value := one.Figure(string(metric)); value != nil && one.Rank > 0 && *value > 0 {
			best = *value // the first: others may share its rank
			break
		}
	}
	return best, best > 0 && len(result.Contenders) > 1
}

// relativeWords sets a figure in relation to the best: "1.00", "36.9".
func relativeWords(one stream.ContenderResult, metric leaderboard.Metric, best float64) string {
	value := one.Figure(string(metric))
	if value == nil || one.Rank == 0 {
		return figure.Missing
	}
	return figure.Digits(*value/best, 2)
}
