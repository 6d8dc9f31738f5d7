package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/diagnosis"
	"github.com/benchtui/benchtui/foreign"
	"github.com/benchtui/benchtui/leaderboard"
	"github.com/benchtui/benchtui/session"
)

// ComparisonSchema names the format of Comparison.
const ComparisonSchema = "benchtui/comparison/v1"

// Comparison is what changed from one run to another, by contender.
type Comparison struct {
	Schema     string              `json:"schema"`
	Old        ComparedRun         `json:"old"`
	New        ComparedRun         `json:"new"`
	Warnings   []string            `json:"warnings"`   // why the two may not be comparable
	Confidence float64             `json:"confidence"` // of the intervals
	Contenders []ComparedContender `json:"contenders"` // that are in both, in the new run's order
	OnlyOld    []string            `json:"only_old"`   // ids
	OnlyNew    []string            `json:"only_new"`
	Fired      []string            `json:"fired"` // the conditions of --fail-if that hold, in words
}

// ComparedRun is one side of a comparison.
type ComparedRun struct {
	Started  time.Time             `json:"started"`
	Host     session.HostFacts     `json:"host"`
	Workload session.WorkloadFacts `json:"workload"`
}

// ComparedContender is what changed of a contender.
type ComparedContender struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	OldVersion   string         `json:"old_version"`
	NewVersion   string         `json:"new_version"`
	OldStatus    session.Status `json:"old_status"`
	NewStatus    session.Status `json:"new_status"`
	Warnings     []string       `json:"warnings"`
	Changes      []FigureChange `json:"changes"`
	NewFindings  []string       `json:"new_findings"`  // ids
	GoneFindings []string       `json:"gone_findings"` // ids

	newTitles, goneTitles []string
}

// Word says what a change comes to.
type Word string

// The words. Which of the first ten it can be depends on the figure.
const (
	Faster  Word = "faster"
	Slower  Word = "slower"
	Cheaper Word = "cheaper" // CPU
	Dearer  Word = "dearer"
	Smaller Word = "smaller" // memory
	Larger  Word = "larger"
	Fewer   Word = "fewer" // failures
	More    Word = "more"
	Same    Word = "same"  // the interval leaves room for no change worth a word
	Noise   Word = "noise" // it may be nothing, and may be something: more rounds would tell
)

// FigureChange is how one figure changed. Of "failures" the change and its interval
// are differences of shares (0.01 is a percentage point), of all others parts of the
// old figure (0.1 is 10 % more). They are null where the old figure is 0.
type FigureChange struct {
	Figure  string            `json:"figure"` // as --rank-by and --fail-if name it
	Unit    string            `json:"unit"`   // "ms", "share", "per_second", "us", "mb", "percent"
	Old     float64           `json:"old"`
	New     float64           `json:"new"`
	Change  *float64          `json:"change"`
	Low     *float64          `json:"low"`
	High    *float64          `json:"high"`
	Word    Word              `json:"word"`
	RestsOn leaderboard.Basis `json:"rests_on"`
}

// changed says that the change is more than noise.
func (c FigureChange) changed() bool { return c.Word != Same && c.Word != Noise }

// comparedFigure is a figure that is compared.
type comparedFigure struct {
	name, unit     string
	write          func(float64) string
	higherIsBetter bool
	better, worse  Word
	// assumed is the standard deviation that the figure's logarithm is assumed to have
	// between two single runs of the same thing.
	assumed float64
	shown   bool // in the text; the others are in the JSON, and for --fail-if
}

// Between single runs. What is steady is so to about 10 %, as the leaderboard's tiers
// assume it; tails, and means with them, are moved by single events, and the worst by
// one. The rate of an open load is what was asked for, if the server keeps up.
const (
	assumedAsked  = 0.01
	assumedSteady = 0.10
	assumedTail   = 0.20
	assumedWorst  = 0.50
)

func comparedFigures() []comparedFigure {
	return []comparedFigure{
		{"mean", "ms", ms, false, Faster, Slower, assumedTail, true},
		{"mean-all", "ms", ms, false, Faster, Slower, assumedTail, false},
		{"p50", "ms", ms, false, Faster, Slower, assumedSteady, true},
		{"p75", "ms", ms, false, Faster, Slower, assumedSteady, false},
		{"p90", "ms", ms, false, Faster, Slower, assumedSteady, true},
		{"p95", "ms", ms, false, Faster, Slower, assumedTail, false},
		{"p99", "ms", ms, false, Faster, Slower, assumedTail, true},
		{"p999", "ms", ms, false, Faster, Slower, assumedWorst, true},
		{"max", "ms", ms, false, Faster, Slower, assumedWorst, false},
		{"rps", "per_second", perSecond, true, Faster, Slower, assumedSteady, true},
		{"capacity", "per_second", perSecond, true, Faster, Slower, assumedSteady, true},
		{"failures", "share", percent, false, Fewer, More, assumedSteady, true},
		{"cpu-per-request", "us", microseconds, false, Cheaper, Dearer, assumedSteady, true},
		{"cpu-percent", "percent", ofCore, false, Cheaper, Dearer, assumedSteady, false},
		{"rps-per-core", "per_second", perSecond, true, Cheaper, Dearer, assumedSteady, false},
		{"rps-per-mb", "per_second", perSecond, true, Cheaper, Dearer, assumedSteady, false},
		{"rss", "mb", mb, false, Smaller, Larger, assumedSteady, true},
		{"rss-idle", "mb", mb, false, Smaller, Larger, assumedSteady, false},
		{"startup", "ms", ms, false, Faster, Slower, assumedTail, true},
	}
}

func comparedFigureNamed(name string) (comparedFigure, bool) {
	all := comparedFigures()
	at := slices.IndexFunc(all, func(f comparedFigure) bool { return f.name == name })
	if at < 0 {
		return comparedFigure{}, false
	}
	return all[at], true
}

// Compare says what changed from one run to another.
func Compare(old, new Document) Comparison {
	c := Comparison{
		Schema: ComparisonSchema, Confidence: leaderboard.ChangeConfidence,
		Old:      ComparedRun{old.Result.Started, old.Result.Host, old.Result.Workload},
		New:      ComparedRun{new.Result.Started, new.Result.Host, new.Result.Workload},
		Warnings: comparisonWarnings(old, new), Contenders: []ComparedContender{}, OnlyOld: []string{}, OnlyNew: []string{}, Fired: []string{},
	}
	before := map[string]session.ContenderResult{}
	for _, one := range old.Result.Contenders {
		before[one.ID] = one
	}
	for _, now := range new.Result.Contenders {
		was, both := before[now.ID]
		if !both {
			c.OnlyNew = append(c.OnlyNew, now.ID)
			continue
		}
		delete(before, now.ID)
		c.Contenders = append(c.Contenders, compareContender(side{was, old}, side{now, new}))
	}
	for _, one := range old.Result.Contenders {
		if _, left := before[one.ID]; left {
			c.OnlyOld = append(c.OnlyOld, one.ID)
		}
	}
	return c
}

// side is a contender in one of the runs.
type side struct {
	one session.ContenderResult
	in  Document
}

// disturbed says that something else used the machine while it was measured.
func (s side) disturbed() bool {
	return slices.ContainsFunc(s.one.Findings, func(f session.FindingResult) bool { return f.ID == diagnosis.HostBusy })
}

func compareContender(old, new side) ComparedContender {
	c := ComparedContender{
		ID: new.one.ID, Name: new.one.Name, OldVersion: versionWords(old.one), NewVersion: versionWords(new.one),
		OldStatus: old.one.Status, NewStatus: new.one.Status,
		Warnings: []string{}, Changes: []FigureChange{}, NewFindings: []string{}, GoneFindings: []string{},
	}
	for _, one := range []struct {
		side
		run string
	}{{old, "old"}, {new, "new"}} {
		if one.one.Status != session.StatusOK {
			c.Warnings = append(c.Warnings, "in the "+one.run+" run: "+firstLine(endWords(one.one)))
		}
		if one.one.Verdict == diagnosis.VerdictGenerator {
			c.Warnings = append(c.Warnings, "the load generator limited the "+one.run+" run: these are not the server's figures alone")
		}
		if one.disturbed() {
			c.Warnings = append(c.Warnings, "something else used the machine's CPU in the "+one.run+" run: without rounds, no difference is put down to the server")
		}
	}
	from, to := newStretches(old), newStretches(new)
	for _, figure := range comparedFigures() {
		if change, ok := figure.compare(old, new, from, to); ok {
			c.Changes = append(c.Changes, change)
		}
	}
	has := func(one session.ContenderResult, id string) bool {
		return slices.ContainsFunc(one.Findings, func(f session.FindingResult) bool { return f.ID == id })
	}
	for _, finding := range new.one.Findings {
		if !has(old.one, finding.ID) {
			c.NewFindings, c.newTitles = append(c.NewFindings, finding.ID), append(c.newTitles, finding.Title)
		}
	}
	for _, finding := range old.one.Findings {
		if !has(new.one, finding.ID) {
			c.GoneFindings, c.goneTitles = append(c.GoneFindings, finding.ID), append(c.goneTitles, finding.Title)
		}
	}
	return c
}

func versionWords(one session.ContenderResult) string {
	return strings.TrimSpace(one.Version + " " + one.Variant)
}

// compare compares a figure that both sides have.
func (f comparedFigure) compare(old, new side, from, to *stretches) (FigureChange, bool) {
	was, now := old.one.Figure(f.name), new.one.Figure(f.name)
	if was == nil || now == nil {
		return FigureChange{}, false
	}
	c := FigureChange{Figure: f.name, Unit: f.unit, Old: *was, New: *now}
	if f.unit == "share" {
		change := leaderboard.ShareChangeOf(
			leaderboard.ShareEvidence{Value: *was, Of: old.one.Requests.Total, Rounds: roundsOf(old.one, f.name), Assumed: f.assumed},
			leaderboard.ShareEvidence{Value: *now, Of: new.one.Requests.Total, Rounds: roundsOf(new.one, f.name), Assumed: f.assumed},
		)
		c.Change, c.Low, c.High, c.RestsOn = &change.Ratio, &change.Low, &change.High, change.Basis
		c.Word = f.word(change, change.Ratio, leastPoints, samePoints, old.disturbed() || new.disturbed())
		return c, true
	}
	if *was <= 0 || *now <= 0 { // nothing to set the other in relation to
		c.Word, c.RestsOn = Noise, leaderboard.BasisAssumption
		if *was == *now {
			c.Word = Same
		}
		return c, true
	}
	if f.name == "rps" && new.in.Result.Workload.Model != "closed" && new.one.Capacity == nil {
		f.assumed = assumedAsked
	}
	change := leaderboard.ChangeOf(
		leaderboard.Evidence{Value: *was, Rounds: roundsOf(old.one, f.name), Within: from.within(f.name), Assumed: f.assumed},
		leaderboard.Evidence{Value: *now, Rounds: roundsOf(new.one, f.name), Within: to.within(f.name), Assumed: f.assumed},
	)
	change.Ratio, change.Low, change.High = change.Ratio-1, change.Low-1, change.High-1
	c.Change, c.Low, c.High, c.RestsOn = &change.Ratio, &change.Low, &change.High, change.Basis
	c.Word = f.word(change, change.Ratio, leastChange, sameChange, old.disturbed() || new.disturbed())
	return c, true
}

const (
	// leastChange is what a change must come to for a word, however sure it is.
	leastChange = 0.01
	// sameChange is how far the interval may reach for two figures to be called the same.
	sameChange = 0.05
	// The same for shares of failures.
	leastPoints, samePoints = 0.0001, 0.001
)

// word says what a change comes to. Where a single run was disturbed by something else
// on its machine, no difference from it is the server's.
func (f comparedFigure) word(interval leaderboard.Change, change, least, same float64, disturbed bool) Word {
	low, high := interval.Low, interval.High
	switch {
	case (low > 0 || high < 0) && math.Abs(change) >= least:
		if disturbed && interval.Basis != leaderboard.BasisRounds {
			return Noise
		}
		if (change > 0) == f.higherIsBetter {
			return f.better
		}
		return f.worse
	case low >= -same && high <= same:
		return Same
	}
	return Noise
}

// roundsOf are the figures of the rounds that count; nil of one alone.
func roundsOf(one session.ContenderResult, name string) (values []float64) {
	rounds := one.Counted()
	if len(rounds) < 2 {
		if value := one.Figure(name); value != nil {
			return []float64{*value}
		}
		return nil
	}
	for _, round := range rounds {
		if value := round.Figure(name); value != nil {
			values = append(values, *value)
		}
	}
	return values
}

// comparisonWarnings say why two runs may not be comparable.
func comparisonWarnings(old, new Document) []string {
	warnings := []string{}
	differ := func(what, was, now string) {
		if was != now {
			warnings = append(warnings, fmt.Sprintf("another %s: %s, then %s", what, orNone(was), orNone(now)))
		}
	}
	a, b := old.Result.Host, new.Result.Host
	differ("processor", a.CPU, b.CPU)
	differ("number of cores", fmt.Sprint(a.Cores), fmt.Sprint(b.Cores))
	differ("operating system", a.OS, b.OS)
	differ("kernel", a.Kernel, b.Kernel)
	if math.Abs(a.MemoryMB-b.MemoryMB) > 0.02*max(a.MemoryMB, b.MemoryMB) {
		differ("memory", mb(a.MemoryMB), mb(b.MemoryMB))
	}
	v, w := old.Result.Workload, new.Result.Workload
	if v.Name != w.Name || v.Words != w.Words || v.WarmupS != w.WarmupS || v.ServerCPUs != w.ServerCPUs || v.LoadCPUs != w.LoadCPUs {
		differ("workload", workloadWords(v), workloadWords(w))
	}
	for _, run := range []struct {
		document Document
		name     string
	}{{old, "old"}, {new, "new"}} {
		if run.document.CutOff || run.document.Result.Interrupted {
			warnings = append(warnings, "the "+run.name+" run did not come to its end")
		}
	}
	return warnings
}

func workloadWords(w session.WorkloadFacts) string {
	words := w.Name + " (" + w.Words + ")"
	if w.WarmupS > 0 {
		words += " after " + at(w.WarmupS) + " of warm-up"
	}
	if w.ServerCPUs != "" || w.LoadCPUs != "" {
		words += " with CPUs " + orNone(w.ServerCPUs) + " for the server, " + orNone(w.LoadCPUs) + " for the load"
	}
	return words
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return foreign.Text(text)
}
