package compare

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// WriteText writes a comparison as text.
func WriteText(w io.Writer, c Comparison) error {
	lines := []string{"old  " + sideWords(c.Old), "new  " + sideWords(c.New)}
	for _, warning := range c.Warnings {
		lines = append(lines, "⚠ "+warning)
	}
	bases := map[leaderboard.Basis]bool{}
	words := map[Word]int{}
	for _, one := range c.Contenders {
		lines = append(lines, "", headOf(one))
		for _, warning := range one.Warnings {
			lines = append(lines, "  ⚠ "+warning)
		}
		lines = append(lines, changeLines(one)...)
		lines = append(lines, functionLines(one)...)
		for _, title := range one.newTitles {
			lines = append(lines, "  ⚑ new: "+foreign.Text(title))
		}
		for _, title := range one.goneTitles {
			lines = append(lines, "  ⚑ gone: "+foreign.Text(title))
		}
		for _, change := range one.Changes {
			if fig, _ := comparedFigureNamed(change.Figure); fig.shown && !change.nothingFailed() {
				bases[change.RestsOn] = true
				words[change.Word]++
			}
		}
	}
	lines = append(lines, "")
	if len(c.OnlyOld) > 0 {
		lines = append(lines, "only in the old run: "+foreign.Text(strings.Join(c.OnlyOld, ", ")))
	}
	if len(c.OnlyNew) > 0 {
		lines = append(lines, "only in the new run: "+foreign.Text(strings.Join(c.OnlyNew, ", ")))
	}
	lines = append(lines, totalLine(words))
	lines = append(lines, basisLines(c, bases)...)
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

func sideWords(run ComparedRun) string {
	words := run.Started.Format("2 January 2006 15:04") + " · " + foreign.Text(workloadWords(run.Workload))
	if run.Workload.Rounds > 1 {
		words += fmt.Sprintf(" · %d rounds", run.Workload.Rounds)
	}
	return words
}

func headOf(one ComparedContender) string {
	head := foreign.Text(one.Name) + " (" + one.ID + ")"
	switch was, now := foreign.Text(one.OldVersion), foreign.Text(one.NewVersion); {
	case was == now && now != "":
		head += "  " + now
	case was != now:
		head += "  " + orNone(was) + " → " + orNone(now)
	}
	return head
}

// nothingFailed says that the change is that of no failures to none.
func (c FigureChange) nothingFailed() bool {
	return c.Figure == "failures" && c.Old != nil && c.New != nil && *c.Old == 0 && *c.New == 0
}

func changeLines(one ComparedContender) []string {
	if len(one.Changes) == 0 {
		return []string{"  nothing to compare: it was not measured in both"}
	}
	table := wording.Table{Columns: []wording.Column{
		wording.TextColumn("  "), wording.FigureColumn("old"), wording.FigureColumn("new"), wording.FigureColumn("change"),
		wording.FigureColumn(fmt.Sprintf("%.0f %% interval", 100*leaderboard.ChangeConfidence)), wording.TextColumn(""),
	}}
	for _, change := range one.Changes {
		fig, _ := comparedFigureNamed(change.Figure)
		if !fig.shown || change.nothingFailed() {
			continue
		}
		word := wordsOfWord(change)
		if change.changed() {
			word = mark(fig, change) + " " + word
		}
		table.Add("  "+fig.OfMemory(one.memory).Head, fig.Cell(change.Old), fig.Cell(change.New), changeWords(change), intervalOfChange(change), word)
	}
	return table.Lines()
}

// functionLines say which functions take more of the CPU time than they did, and which less.
func functionLines(one ComparedContender) []string {
	if !one.Profiled {
		return nil
	}
	if len(one.Functions) == 0 {
		return []string{"  where the CPU goes: no function's share changed by more than chance"}
	}
	table := wording.Table{Columns: []wording.Column{
		wording.TextColumn("    "), wording.FigureColumn("old"), wording.FigureColumn("new"), wording.FigureColumn("change"), wording.TextColumn("function"), wording.TextColumn("place"),
	}}
	for _, change := range one.Functions {
		row := functionRow(change)
		table.Add("    "+row[0], row[1], row[2], row[3], wording.Cut(foreign.Text(change.Function), 60), foreign.Text(change.Place))
	}
	return append([]string{"  where the CPU goes, of each run's own:"}, table.Lines()...)
}

// functionRow is how a function changed, in words: which way, from, to, and by how much.
func functionRow(change FunctionChange) [4]string {
	word := "grew"
	if change.New < change.Old {
		word = "shrank"
	}
	return [4]string{word, figure.Percent(change.Old), figure.Percent(change.New),
		fmt.Sprintf("%+.0f ± %.0f points", 100*(change.New-change.Old), 100*change.Noise)}
}

// mark says whether a change is for the better, where there are no colours.
func mark(fig comparedFigure, change FigureChange) string {
	if change.Word == fig.better {
		return "✓"
	}
	return "✗"
}

// wordsOfWord are the word with how sure it is, and what would settle it.
func wordsOfWord(change FigureChange) string {
	text := string(change.Word)
	switch {
	case change.Note != "":
		return text + " (" + foreign.Line(change.Note) + ")"
	case change.vanished || change.came || change.Word == Same:
		return text
	}
	sure := sureWords(change.Sure) + " sure"
	switch {
	case change.Word != Noise:
		return text + " (" + sure + ")"
	case change.RoundsToTell == 0:
		return text + " (" + sure + "): few rounds would not settle it"
	}
	return fmt.Sprintf("%s (%s): %d rounds a side would settle it", text, sure, change.RoundsToTell)
}

// sureWords write a probability that is near to 1 or not: "62 %", "99.3 %", "> 99.9 %".
func sureWords(sure float64) string {
	switch percents := 100 * sure; {
	case percents > 99.9:
		return "> 99.9 %"
	case percents >= 99:
		return fmt.Sprintf("%.1f %%", math.Floor(percents*10)/10)
	default:
		return fmt.Sprintf("%.0f %%", math.Floor(percents))
	}
}

// changeWords write a change with its sign: "+33 %", "−4.2 %", "+0.5 points".
func changeWords(change FigureChange) string {
	if change.Change == nil {
		switch {
		case change.vanished:
			return "gone"
		case change.came:
			return "new"
		}
		return figure.Missing
	}
	return signed(*change.Change, change.Unit)
}

func intervalOfChange(change FigureChange) string {
	if change.Low == nil || change.High == nil {
		return figure.Missing
	}
	return signed(*change.Low, change.Unit) + " to " + signed(*change.High, change.Unit)
}

func signed(part float64, unit string) string {
	value, word := part*100, " %"
	if unit == "share" {
		word = " points"
	}
	const manifold, countless = 10, 1e6 // from where on percents say nothing to anybody
	switch {
	case unit != "share" && part >= countless:
		return "×" + figure.Whole(countless) + " and more"
	case unit != "share" && part >= manifold:
		return "×" + figure.Whole(part+1)
	}
	digits := 0
	if math.Abs(value) < 10 {
		digits = 1
	}
	if unit == "share" && math.Abs(value) < 1 {
		digits = 2
	}
	text := strconv.FormatFloat(math.Abs(value), 'f', digits, 64)
	switch {
	case strings.Trim(text, "0.") == "":
		return "0" + word
	case value < 0:
		return "−" + text + word
	}
	return "+" + text + word
}

// totalLine counts the words.
func totalLine(words map[Word]int) string {
	var parts []string
	for _, word := range []Word{Slower, More, Dearer, Larger, Faster, Fewer, Cheaper, Smaller, Same, Noise} {
		if words[word] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", words[word], word))
		}
	}
	if len(parts) == 0 {
		return "nothing was measured in both"
	}
	return "in all: " + strings.Join(parts, ", ")
}

// basisLines say what the intervals rest on, and what would make them better.
func basisLines(c Comparison, bases map[leaderboard.Basis]bool) []string {
	var lines []string
	if bases[leaderboard.BasisRounds] {
		lines = append(lines, fmt.Sprintf("intervals rest on the rounds (%d and %d): Welch's, on the logarithms of their figures",
			max(1, c.Old.Workload.Rounds), max(1, c.New.Workload.Rounds)))
	}
	runs := "one run a side"
	if max(c.Old.Workload.Rounds, c.New.Workload.Rounds) > 1 {
		runs = fmt.Sprintf("fewer than %d rounds a side", leaderboard.LeastRounds)
	}
	const settle = flagname.Rounds + " 5 on both sides would measure it"
	if bases[leaderboard.BasisTime] {
		lines = append(lines, fmt.Sprintf("intervals rest on %s: how figures vary in its course (batch means%s) and by how much single runs were found to differ beyond that (%.0f %%, mean and tail %.0f %%, p99.9 %.0f %%); %s",
			runs, worthWords(c), 100*deviatesSteady.beyond, 100*deviatesTail.beyond, 100*deviatesWorst.beyond, settle))
	}
	if bases[leaderboard.BasisAssumption] {
		others := ""
		if bases[leaderboard.BasisTime] {
			others = "those of figures without a course "
		}
		lines = append(lines, fmt.Sprintf("intervals %srest on %s and by how much runs are assumed to differ (%.0f %%, mean and tail %.0f %%, p99.9 %.0f %%); %s",
			others, runs, 100*deviatesSteady.assumed, 100*deviatesTail.assumed, 100*deviatesWorst.assumed, settle))
	}
	return append(lines, fmt.Sprintf("noise: its interval holds 0, so it may be no change at all; same: within %.0f %%; sure: how seldom chance alone does as much", 100*sameChange))
}

// worthWords say of single runs what the course of one of them is worth for the mean.
func worthWords(c Comparison) string {
	for _, one := range c.Contenders {
		if b := one.course; b.Known() {
			return fmt.Sprintf("; by their autocorrelation %d of them are worth %.0f", b.Batches, b.Effective)
		}
	}
	return ""
}

// WriteJSON writes a comparison for programs.
func WriteJSON(w io.Writer, c Comparison) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(c); err != nil {
		return fmt.Errorf("write the comparison as JSON: %w", err)
	}
	return nil
}

// WriteMarkdown writes a comparison as a table, for a comment on a pull
// request.
func WriteMarkdown(w io.Writer, c Comparison) error {
	var lines []string
	for _, warning := range c.Warnings {
		lines = append(lines, "⚠ "+wording.Markdown(warning), "")
	}
	lines = append(lines,
		fmt.Sprintf("| Contender | Figure | Old | New | Change | %.0f %% interval | |", 100*c.Confidence),
		"| :--- | :--- | ---: | ---: | ---: | ---: | :--- |")
	for _, one := range c.Contenders {
		for _, change := range one.Changes {
			fig, _ := comparedFigureNamed(change.Figure)
			if !fig.shown || change.nothingFailed() {
				continue
			}
			word, rest := string(change.Word), strings.TrimPrefix(wordsOfWord(change), string(change.Word))
			if change.changed() {
				word = "**" + mark(fig, change) + " " + word + "**"
			}
			lines = append(lines, wording.MarkdownRow([]string{wording.Markdown(one.Name), fig.OfMemory(one.memory).Head, fig.Cell(change.Old), fig.Cell(change.New),
				changeWords(change), intervalOfChange(change), word + wording.Markdown(rest)}))
		}
	}
	lines = append(lines, "")
	for _, one := range c.Contenders {
		for _, change := range one.Functions {
			table := functionRow(change)
			lines = append(lines, "- "+wording.Markdown(one.Name)+", where the CPU goes: `"+strings.ReplaceAll(foreign.Line(change.Function), "`", "'")+"` "+
				wording.Markdown(change.Place)+" "+table[0]+" from "+table[1]+" to "+table[2]+" ("+table[3]+")")
		}
	}
	for _, only := range []struct {
		run string
		ids []string
	}{{"old", c.OnlyOld}, {"new", c.OnlyNew}} {
		if len(only.ids) > 0 {
			lines = append(lines, "- only in the "+only.run+" run: "+wording.Markdown(strings.Join(only.ids, ", ")))
		}
	}
	for _, fired := range c.Fired {
		lines = append(lines, "- ✗ "+wording.Markdown(fired))
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// Unmeasured are the ids of contenders that the old run measured and the new one did
// not, or not to the end.
func (c Comparison) Unmeasured() (ids []string) {
	for _, one := range c.Contenders {
		if one.OldStatus == stream.StatusOK && one.NewStatus != stream.StatusOK {
			ids = append(ids, one.ID)
		}
	}
	return ids
}

// Dead are the ids of contenders that had good replies in the old run and none in the
// new one.
func (c Comparison) Dead() (ids []string) {
	for _, one := range c.Contenders {
		if slices.ContainsFunc(one.Changes, func(change FigureChange) bool { return change.Figure == "rps" && change.vanished }) {
			ids = append(ids, one.ID)
		}
	}
	return ids
}
