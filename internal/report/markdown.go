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
	if host := result.Host.Words(); host != "" {
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
	head, ruler := []string{"", "#", "contender"}, []string{":--", "--:", ":---"}
	lettered := result.Lettered()
	if lettered {
		head, ruler = slices.Insert(head, 2, tiesTitle), slices.Insert(ruler, 2, ":--")
	}
	columns := wording.WideColumns(result)
	for _, column := range columns {
		head = append(head, column.InUnit)
	}
	best, relative := bestOf(result, metric)
	if relative {
		head = append(head, "relative")
	}
	for range head[len(ruler):] {
		ruler = append(ruler, "---:")
	}
	lines := []string{wording.MarkdownRow(head), wording.MarkdownRow(ruler)}
	for _, one := range result.Contenders {
		row := []string{figure.Medal(one.Tier), one.Place(), markdownName(one)}
		if lettered {
			row = slices.Insert(row, 2, one.Letters)
		}
		for _, column := range columns {
			row = append(row, column.BareWords(one))
		}
		if relative {
			row = append(row, relativeWords(one, metric, best))
		}
		lines = append(lines, wording.MarkdownRow(row))
	}
	return lines
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
		reasons, advice := wording.ProfileReasons(one)
		if len(reasons) > 0 {
			lines = append(lines, "")
		}
		for _, reason := range reasons {
			lines = append(lines, "- "+wording.Markdown(reason))
		}
		if advice != "" {
			lines = append(lines, "- → "+wording.Markdown(advice))
		}
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
