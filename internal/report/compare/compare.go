package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
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
	Started  time.Time            `json:"started"`
	Host     stream.HostFacts     `json:"host"`
	Workload stream.WorkloadFacts `json:"workload"`
}

// ComparedContender is what changed of a contender.
type ComparedContender struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	OldVersion   string         `json:"old_version"`
	NewVersion   string         `json:"new_version"`
	OldStatus    stream.Status  `json:"old_status"`
	NewStatus    stream.Status  `json:"new_status"`
	Warnings     []string       `json:"warnings"`
	Changes      []FigureChange `json:"changes"`
	NewFindings  []string       `json:"new_findings"`  // ids
	GoneFindings []string       `json:"gone_findings"` // ids

	// Functions are those whose share of the CPU time grew or shrank by more than chance,
	// the largest difference first; missing where one of the runs has no profile.
	Functions []FunctionChange `json:"functions,omitempty"`
	// Profiled says that both have a profile.
	Profiled bool `json:"profiled,omitempty"`

	newTitles, goneTitles []string
	memory                string              // its kind
	course                leaderboard.Batches // of the mean in the new run
}

// FunctionChange is how a function's share of the server's CPU time changed: shares of
// 0 to 1 of each run's profile, in the function itself.
type FunctionChange struct {
	Function string  `json:"function"`
	Place    string  `json:"place"` // "app.js:14"; "": unknown
	Old      float64 `json:"old"`
	New      float64 `json:"new"`
	Noise    float64 `json:"noise"` // the difference that so few samples may show by chance
}

// mostFunctions is how many functions a comparison tells.
const mostFunctions = 8

// changedFunctions are the functions that grew and shrank; ok says that both runs have a profile.
func changedFunctions(old, new side) (changed []FunctionChange, ok bool) {
	before, after := old.in.Profile(old.one.ID), new.in.Profile(new.one.ID)
	if before == nil || after == nil {
		return nil, false
	}
	for _, one := range profile.Diff(before, after) {
		if !one.Real || len(changed) == mostFunctions {
			break
		}
		changed = append(changed, FunctionChange{Function: one.Name, Place: one.Place(), Old: one.OldSelf, New: one.NewSelf, Noise: one.Noise})
	}
	return changed, true
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
	Noise   Word = "noise" // the interval holds no change as well as one: more rounds would tell
)

// FigureChange is how one figure changed. Of "failures" the change and its interval
// are differences of shares (0.01 is a percentage point), of all others parts of the
// old figure (0.1 is 10 % more). They are null where a figure vanished or came, or the
// old one is 0.
type FigureChange struct {
	Figure  string            `json:"figure"` // as --rank-by and --fail-if name it
	Unit    string            `json:"unit"`   // "ms", "share", "per_second", "us", "mb", "percent"
	Old     *float64          `json:"old"`    // null: not measured
	New     *float64          `json:"new"`
	Change  *float64          `json:"change"`
	Low     *float64          `json:"low"`
	High    *float64          `json:"high"`
	Word    Word              `json:"word"`
	RestsOn leaderboard.Basis `json:"rests_on"`
	// Sure is with what probability chance alone makes no change as large as this.
	Sure float64 `json:"sure"`
	// RoundsToTell is how many rounds a side would be likely to settle what is noise;
	// 0: more than anybody waits for, or not known.
	RoundsToTell int `json:"rounds_to_tell,omitempty"`
	// Note says why a figure is missing, or says nothing.
	Note string `json:"note,omitempty"`

	vanished, came bool // beyond any limit
}

// changed says that the change is more than noise.
func (c FigureChange) changed() bool { return c.Word != Same && c.Word != Noise }

// comparedFigure is a figure that is compared.
type comparedFigure struct {
	figure.Figure
	better, worse Word
	// between is the standard deviation of the figure's logarithm between two single runs
	// of the same thing; where nothing of their course is known.
	between deviation
	shown   bool // in the text; the others are in the JSON, and for --fail-if
}

// deviation is a standard deviation of a logarithm between single runs.
type deviation struct {
	beyond  float64 // what the course of each tells of chance within it
	assumed float64 // in all, where nothing of the course is known
}

// Where nothing else is known, what is steady is assumed to be so to about 10 %, as the
// leaderboard's tiers assume it; tails, and means with them, are moved by single events,
// and the worst by one. The rate of an open load is what was asked for, if the server
// keeps up. Beyond what the course of a run tells, single runs of the same thing differ
// by less; docs/method.md has the runs from which that was taken.
var (
	deviatesAsked  = deviation{0.002, 0.01}
	deviatesSteady = deviation{0.08, 0.10}
	deviatesCPU    = deviation{0.10, 0.10}
	deviatesTail   = deviation{0.10, 0.20}
	deviatesWorst  = deviation{0.20, 0.50}
	// What a program beside a single run takes by fits and starts shows in its course;
	// what it takes all the time does not, and may not be taken in the next.
	deviatesDisturbed = 0.06
)

func comparedFigures() []comparedFigure {
	var all []comparedFigure
	for _, of := range []struct {
		name          string
		better, worse Word
		between       deviation
		shown         bool
	}{
		{"mean", Faster, Slower, deviatesTail, true},
		{"mean-all", Faster, Slower, deviatesTail, false},
		{"p50", Faster, Slower, deviatesSteady, true},
		{"p75", Faster, Slower, deviatesSteady, false},
		{"p90", Faster, Slower, deviatesSteady, true},
		{"p95", Faster, Slower, deviatesTail, false},
		{"p99", Faster, Slower, deviatesTail, true},
		{"p999", Faster, Slower, deviatesWorst, true},
		{"max", Faster, Slower, deviatesWorst, false},
		{"rps", Faster, Slower, deviatesSteady, true},
		{"capacity", Faster, Slower, deviatesSteady, true},
		{"failures", Fewer, More, deviatesSteady, true},
		{"cpu-per-request", Cheaper, Dearer, deviatesCPU, true},
		{"cpu-percent", Cheaper, Dearer, deviatesCPU, false},
		{"rps-per-core", Cheaper, Dearer, deviatesCPU, false},
		{"rps-per-mb", Cheaper, Dearer, deviatesSteady, false},
		{"rss", Smaller, Larger, deviatesSteady, true},
		{"rss-idle", Smaller, Larger, deviatesSteady, false},
		{"startup", Faster, Slower, deviatesTail, true},
	} {
		known, _ := figure.Named(of.name)
		all = append(all, comparedFigure{known, of.better, of.worse, of.between, of.shown})
	}
	return all
}

func comparedFigureNamed(name string) (comparedFigure, bool) {
	all := comparedFigures()
	at := slices.IndexFunc(all, func(f comparedFigure) bool { return f.Name == name })
	if at < 0 {
		return comparedFigure{}, false
	}
	return all[at], true
}

// Compare says what changed from one run to another.
func Compare(old, new report.Document) Comparison {
	c := Comparison{
		Schema: ComparisonSchema, Confidence: leaderboard.ChangeConfidence,
		Old:      ComparedRun{old.Result.Started, old.Result.Host, old.Result.Workload},
		New:      ComparedRun{new.Result.Started, new.Result.Host, new.Result.Workload},
		Warnings: comparisonWarnings(old, new), Contenders: []ComparedContender{}, OnlyOld: []string{}, OnlyNew: []string{}, Fired: []string{},
	}
	before := map[string]stream.ContenderResult{}
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
	one stream.ContenderResult
	in  report.Document
}

// disturbed says that something else used the machine while it was measured.
func (s side) disturbed() bool {
	return slices.ContainsFunc(s.one.Findings, func(f stream.FindingResult) bool { return f.ID == diagnosis.HostBusy })
}

// clockWord names what latencies end at.
var clockWord = map[stream.LatencyEnds]string{stream.EndsAtArrival: "arrival", stream.EndsAtReading: "reading"}

// latencyEnds is the clock by which a contender's latencies end; results of before it
// was told end at reading.
func latencyEnds(one stream.ContenderResult) stream.LatencyEnds {
	return cmp.Or(one.LatencyEnds, stream.EndsAtReading)
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
		if one.one.Status != stream.StatusOK {
			c.Warnings = append(c.Warnings, "in the "+one.run+" run: "+wording.FirstLine(wording.Ending(one.one)))
		}
		if one.one.Verdict == diagnosis.VerdictGenerator {
			c.Warnings = append(c.Warnings, "the generator was the limit of the "+one.run+" run, not the server")
		}
		if one.one.Verdict == diagnosis.VerdictMachine {
			c.Warnings = append(c.Warnings, "the machine was the limit of the "+one.run+" run, which server and generator share: on one of its own the server could do more, or less late")
		}
		if one.disturbed() {
			c.Warnings = append(c.Warnings, "something else used the machine's CPU in the "+one.run+" run: without rounds, the intervals leave room for it")
		}
	}
	// Where no whole reply came there is no latency to end.
	if was, now := latencyEnds(old.one), latencyEnds(new.one); was != now && old.one.LatencyMS.Service != nil && new.one.LatencyMS.Service != nil {
		c.Warnings = append(c.Warnings, fmt.Sprintf("latencies end at the %s of replies in the old run, at their %s in the new: "+
			"they differ by as long as replies lay unread", clockWord[was], clockWord[now]))
	}
	if kinds := stream.MemoryIs([]stream.ContenderResult{old.one}) + stream.MemoryIs([]stream.ContenderResult{new.one}); kinds == "PSSRSS" || kinds == "RSSPSS" {
		old.one, new.one = old.one.ByRSS(), new.one.ByRSS()
		c.Warnings = append(c.Warnings, "memory is compared as RSS, which counts what processes share in each: one of the runs has no PSS")
	}
	c.course, c.memory = within(new.one, "mean"), stream.MemoryWord([]stream.ContenderResult{old.one, new.one})
	for _, fig := range comparedFigures() {
		if change, ok := fig.compare(old, new); ok {
			c.Changes = append(c.Changes, change)
		}
	}
	c.Functions, c.Profiled = changedFunctions(old, new)
	has := func(one stream.ContenderResult, id string) bool {
		return slices.ContainsFunc(one.Findings, func(f stream.FindingResult) bool { return f.ID == id })
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

func versionWords(one stream.ContenderResult) string {
	return strings.TrimSpace(one.Version + " " + one.Variant)
}

// compare compares a figure that one of the sides has at least.
func (f comparedFigure) compare(old, new side) (FigureChange, bool) {
	c := FigureChange{Figure: f.Name, Unit: f.Unit.Key(), Old: old.one.Figure(f.Name), New: new.one.Figure(f.Name)}
	if c.Old == nil && c.New == nil {
		return FigureChange{}, false
	}
	if there, compared := f.survivors(&c, old, new); !compared {
		return there, true
	}
	if there, compared := f.presence(&c, old, new); !compared {
		return there, true
	}
	if f.Unit == figure.InShare {
		change := leaderboard.ShareChangeOf(f.shareEvidence(old), f.shareEvidence(new))
		change.Low, change.High = max(-1, change.Low), min(1, change.High) // what shares can differ by
		c.take(change, change)
		c.Word = f.word(change, leastPoints, samePoints)
		c.settle(change, math.Abs(change.Ratio), samePoints)
		return c, true
	}
	if f.Name == "rps" && new.in.Result.Workload.Model != "closed" && new.one.Capacity == nil {
		f.between = deviatesAsked
	}
	change := leaderboard.ChangeOf(f.evidence(old), f.evidence(new))
	parts := change
	parts.Ratio, parts.Low, parts.High = change.Ratio-1, change.Low-1, change.High-1
	c.take(change, parts)
	c.Word = f.word(parts, leastChange, sameChange)
	c.settle(change, math.Abs(math.Log(change.Ratio)), sameChange)
	return c, true
}

// settle says of noise how many rounds would be likely to make it a change of that
// distance from none, or the same. Where nothing was measured of how runs vary, the
// least that measure it.
func (c *FigureChange) settle(change leaderboard.Change, distance, same float64) {
	switch {
	case c.Word != Noise:
	case change.Basis == leaderboard.BasisAssumption:
		c.RoundsToTell = leaderboard.LeastRounds
	default:
		c.RoundsToTell = change.RoundsToTell(max(distance, same-distance))
	}
}

// mostFailed is the share of failed requests above which the times of the others are no
// sample of what was asked: one quick reply among time-outs makes no server faster.
const mostFailed = 0.5

// survivors judges a figure of the OK replies where they are but the fewest on one side.
func (f comparedFigure) survivors(c *FigureChange, old, new side) (judged FigureChange, compared bool) {
	failed := func(s side) float64 {
		if share := s.one.Figure("failures"); share != nil {
			return *share
		}
		return 0
	}
	was, is := failed(old), failed(new)
	if !f.OfOKReplies() || c.Old == nil || c.New == nil || (was > mostFailed) == (is > mostFailed) {
		return *c, true
	}
	c.RestsOn, c.Sure = leaderboard.BasisAbsence, 1
	if c.Word, c.vanished = f.worse, true; was > mostFailed {
		c.Word, c.vanished, c.came = f.better, false, true
	}
	c.Note = fmt.Sprintf("of few: %s of the requests failed", figure.Percent(max(was, is)))
	return *c, false
}

// presence judges a figure that one side lacks, or that is 0 on one: nothing can be set
// in relation to that. What vanished is worse than anything that is there, and what
// came is better than nothing; a share may be 0.
func (f comparedFigure) presence(c *FigureChange, old, new side) (judged FigureChange, compared bool) {
	none := func(value *float64) bool { return value == nil || *value <= 0 && f.Unit != figure.InShare }
	switch {
	case none(c.Old) && none(c.New): // a figure that is 0 on one side at least
		c.Word, c.RestsOn = Same, leaderboard.BasisAbsence
	case none(c.New):
		c.Word, c.RestsOn, c.Sure, c.vanished = f.worse, leaderboard.BasisAbsence, 1, true
	case none(c.Old):
		c.Word, c.RestsOn, c.Sure, c.came = f.better, leaderboard.BasisAbsence, 1, true
	default:
		return *c, true
	}
	switch {
	case c.New == nil:
		c.Note = "not measured any more: " + new.one.LackOf(f.Name)
	case c.Old == nil:
		c.Note = "not measured before: " + old.one.LackOf(f.Name)
	}
	return *c, false
}

// take takes the change as it is shown.
func (c *FigureChange) take(change, shown leaderboard.Change) {
	c.Change, c.Low, c.High, c.RestsOn, c.Sure = &shown.Ratio, &shown.Low, &shown.High, change.Basis, change.Sure
}

// evidence is what a side knows of a figure that is above 0.
func (f comparedFigure) evidence(s side) leaderboard.Evidence {
	e := leaderboard.Evidence{
		Value: *s.one.Figure(f.Name), Rounds: roundsOf(s.one, f.Name), Step: s.one.Step(f.Name), Within: within(s.one, f.Name),
		Between: f.between.beyond, Assumed: f.between.assumed,
	}
	if s.disturbed() {
		e.Disturbed = deviatesDisturbed
	}
	return e
}

func (f comparedFigure) shareEvidence(s side) leaderboard.ShareEvidence {
	e := leaderboard.ShareEvidence{
		Value: *s.one.Figure(f.Name), Of: s.one.Requests.Total, Rounds: roundsOf(s.one, f.Name),
		Within: within(s.one, f.Name).Error, Assumed: f.between.assumed,
	}
	if s.disturbed() {
		e.Disturbed = deviatesDisturbed
	}
	return e
}

// within is how sure a round is of a figure by its course.
func within(one stream.ContenderResult, name string) leaderboard.Batches {
	var runs []leaderboard.Batches
	for _, round := range one.Counted() {
		runs = append(runs, round.Within[name])
	}
	return leaderboard.Together(runs)
}

const (
	// leastChange is what a change must come to for a word, however sure it is.
	leastChange = 0.01
	// sameChange is how far the interval may reach for two figures to be called the same.
	sameChange = 0.05
	// The same for shares of failures.
	leastPoints, samePoints = 0.0001, 0.001
)

// word says what a change comes to.
func (f comparedFigure) word(change leaderboard.Change, least, same float64) Word {
	sure := change.Low > 0 || change.High < 0
	switch {
	case sure && math.Abs(change.Ratio) >= least:
		if (change.Ratio > 0) == f.HigherIsBetter {
			return f.better
		}
		return f.worse
	case sure, change.Low >= -same && change.High <= same:
		return Same
	}
	return Noise
}

// roundsOf are the figures of the rounds that count; nil of one alone.
func roundsOf(one stream.ContenderResult, name string) (values []float64) {
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
func comparisonWarnings(old, new report.Document) []string {
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
		differ("memory", figure.MB(a.MemoryMB), figure.MB(b.MemoryMB))
	}
	v, w := old.Result.Workload, new.Result.Workload
	if v.Name != w.Name || v.Words != w.Words || v.WarmupS != w.WarmupS || v.ServerCPUs != w.ServerCPUs || v.LoadCPUs != w.LoadCPUs {
		differ("workload", workloadWords(v), workloadWords(w))
	}
	for _, run := range []struct {
		document report.Document
		name     string
	}{{old, "old"}, {new, "new"}} {
		if run.document.CutOff || run.document.Result.Interrupted {
			warnings = append(warnings, "the "+run.name+" run did not come to its end")
		}
	}
	return warnings
}

func workloadWords(w stream.WorkloadFacts) string {
	words := w.Name + " (" + w.Words + ")"
	if w.WarmupS > 0 {
		words += " after " + figure.At(w.WarmupS) + " of warm-up"
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
