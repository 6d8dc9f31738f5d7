package wording

import (
	"fmt"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// Profile says in a line what a profile is of: "where the CPU goes: 2.0 s of event-loop time
// in 2.2 s, 865 samples of 1 process by node:inspector, after what was measured".
func Profile(p stream.ProfileResult) string {
	if p.Source == "" {
		return "where the CPU goes: there is no profile"
	}
	processes := "1 process"
	if p.Processes > 1 {
		processes = figure.Count(uint64(p.Processes)) + " processes"
	}
	spent := "CPU time"
	// V8 tells wall time in which a loop had work, of which five loops on two cores have more.
	const v8 = "node:inspector"
	switch {
	case p.Source == v8:
		spent = "event-loop time"
	case strings.Contains(p.Source, v8):
		spent = "event-loop and CPU time"
	}
	return fmt.Sprintf("where the CPU goes: %s of %s in %s, %s of %s by %s; nothing of it is in the figures",
		figure.At(p.CPUS), spent, figure.At(p.DurationS), figure.Plural(uint64(max(0, p.Samples)), "sample", "samples"), processes, foreign.Text(p.Source))
}

// ProfileReasons say what a contender's CPU goes into most and who called that, and what to
// do about it, behind the word that it hardly used any; none where a finding says so. Where a library computes, the table of the
// hottest functions does not tell which of the server's own asked it to.
func ProfileReasons(one stream.ContenderResult) (reasons []string, advice string) {
	const most = 3
	explained := slices.ContainsFunc(one.Findings, func(f stream.FindingResult) bool { return diagnosis.OutOfCPU(f.ID) })
	if one.Profile == nil || explained {
		return nil, ""
	}
	if waited := one.Profile.Waited(); waited != "" {
		reasons = append(reasons, waited)
	}
	told := one.Profile.Reasons
	if len(told) == 0 {
		return reasons, ""
	}
	for _, reason := range told[:min(most, len(told))] {
		reasons = append(reasons, foreign.Text(reason.Evidence))
	}
	return reasons, foreign.Text(told[0].Advice)
}

// ProfileTable lists the hottest functions of a profile, at most so many: shares of the
// CPU time in the function itself and with all that it called, where it stands, whose it is.
func ProfileTable(p stream.ProfileResult, most int) Table {
	table := Table{Columns: []Column{FigureColumn("self"), FigureColumn("total"), TextColumn("function"), TextColumn("place"), TextColumn("whose")}}
	for _, hot := range p.Hottest[:min(most, len(p.Hottest))] {
		table.Add(figure.Percent(hot.Self), figure.Percent(hot.Total), foreign.Text(hot.Function), foreign.Text(hot.Place()), foreign.Text(hot.Kind))
	}
	return table
}

// Missing says what a profile lacks, and what mends it.
func Missing(missing stream.MissingResult) string {
	words := foreign.Text(missing.Lacks)
	if missing.Fix != "" {
		words += ": " + foreign.Text(missing.Fix)
	}
	return words
}
