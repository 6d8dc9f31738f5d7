package stream

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/profile"
)

// ProfileTaken is a profile of the server, or the word that none could be had.
type ProfileTaken struct {
	From   time.Duration `json:"from_ns"` // since the load began; what was measured until To counts nowhere
	To     time.Duration `json:"to_ns"`
	Result ProfileResult `json:"result"`
	Pprof  []byte        `json:"pprof,omitempty"` // all of it, as profile.WritePprof writes it; nil: there is none
}

func (ProfileTaken) kind() string { return "profile" }

// Profile is what was taken, for whoever draws it; nil if none was had or it can't be read.
func (p ProfileTaken) Profile() *profile.Profile {
	if len(p.Pprof) == 0 {
		return nil
	}
	read, err := profile.ReadPprof(bytes.NewReader(p.Pprof))
	if err != nil {
		return nil
	}
	return read
}

// ProfileResult says where a server's CPU time went while a profile was taken, beside
// the load that was measured.
type ProfileResult struct {
	Source    string           `json:"source"`     // the profiler; "": there is no profile, and Missing says why
	Round     int              `json:"round"`      // after which it was taken, from 1
	FromS     float64          `json:"from_s"`     // since the load began
	DurationS float64          `json:"duration_s"` // wall time
	CPUS      float64          `json:"cpu_s"`      // CPU time of all samples
	Samples   int              `json:"samples"`
	Processes int              `json:"processes"`
	Hottest   []FunctionResult `json:"hottest"` // by the time spent in themselves, the server's own first
	Reasons   []ReasonForCPU   `json:"reasons"` // what the stacks say about why it is busy
	Missing   []MissingResult  `json:"missing,omitempty"`
}

// FunctionResult is a function and its shares of the profile's CPU time, 0 to 1.
type FunctionResult struct {
	Function string  `json:"function"`
	File     string  `json:"file"`             // "": nobody knows
	Line     int     `json:"line"`             // 0: nobody knows
	Column   int     `json:"column,omitempty"` // where several functions begin at the line, as in a minified file; 0: the line is enough
	Module   string  `json:"module"`
	Kind     string  `json:"kind"`  // whose code it is: "own code", "library", "runtime", "kernel", "unknown"
	Self     float64 `json:"self"`  // of the time, in the function itself
	Total    float64 `json:"total"` // with all that it called
}

// ReasonForCPU is a habit that costs CPU, or a function of the server's own.
type ReasonForCPU struct {
	Rule     string  `json:"rule"` // "": the server's own code
	Share    float64 `json:"share"`
	Evidence string  `json:"evidence"` // "31 % in pbkdf2Sync (crypto.js:62), called from handler (app.js:14)"
	Advice   string  `json:"advice,omitempty"`
}

// MissingResult is what a profile lacks, and the one command that mends it.
type MissingResult struct {
	Lacks string `json:"lacks"`
	Fix   string `json:"fix,omitempty"`
}

// mostHottest is how many functions a result tells.
const mostHottest = 20

// ProfileResultOf sums a profile up; err is why there is none.
func ProfileResultOf(p *profile.Profile, err error) ProfileResult {
	result := ProfileResult{Hottest: []FunctionResult{}, Reasons: []ReasonForCPU{}}
	if p == nil {
		if err != nil {
			result.Missing = []MissingResult{missingOf(err)}
		}
		return result
	}
	result.Source, result.DurationS, result.CPUS = p.Source, p.Duration.Seconds(), p.Total().Seconds()
	result.Samples, result.Processes = p.Count(), len(p.Processes)
	hottest := p.Hottest(profile.OwnFirst)
	for _, hot := range hottest[:min(mostHottest, len(hottest))] {
		result.Hottest = append(result.Hottest, FunctionResult{
			Function: hot.Name, File: hot.File, Line: hot.Line, Column: hot.ColumnShown(), Module: hot.Module, Kind: hot.Kind.String(),
			Self: hot.SelfShare, Total: hot.TotalShare,
		})
	}
	for _, note := range p.Notes {
		result.Missing = append(result.Missing, MissingResult(note))
	}
	onLoop, waited := ofOneLoop(p), result.Waited() != ""
	for _, reason := range p.Reasons() {
		of, advice := "its CPU time", reason.Rule.CPU
		if onLoop {
			of, advice = "the loop's time", reason.Rule.Loop
		}
		if waited && reason.OfTheKernel() {
			advice = "" // of going to sleep and waking up
		}
		result.Reasons = append(result.Reasons, ReasonForCPU{
			Rule: reason.Rule.ID, Share: reason.Share, Evidence: reason.Evidence(of), Advice: advice,
		})
	}
	return result
}

// littleCPU is the share of a core below which a server's CPU is not what it spends its time on.
const littleCPU = 0.25

// Waited says in a sentence that a profile is of a server that hardly used the CPU; "" where
// it did, or where the profile does not see all of its CPU time.
func (p ProfileResult) Waited() string {
	const loop, outside = "node:inspector", "perf_event_open"
	if p.Source == "" || p.DurationS <= 0 || p.CPUS/p.DurationS >= littleCPU || slices.ContainsFunc(p.Missing, MissingResult.partOfServer) {
		return ""
	}
	share := figure.WholePercent(p.CPUS / p.DurationS)
	if p.CPUS/p.DurationS < 0.01 {
		share = "less than 1 %"
	}
	switch p.Source {
	case loop:
		return "its event loop had work for " + share + " of the time in which the profile was taken: most of the time it waited"
	case outside, loop + ", " + outside:
		return "it used " + share + " of a core while the profile was taken: most of its time does not go to the CPU"
	}
	return "" // of what native code does, others see less than all
}

// partOfServer says that it is CPU time of some threads or processes that is missing.
func (m MissingResult) partOfServer() bool {
	return strings.Contains(m.Lacks, "threads") || strings.Contains(m.Lacks, "(pid ")
}

// ofOneLoop says whether a profile is of nothing but a single event loop.
func ofOneLoop(p *profile.Profile) bool {
	loops := p.OfThreads(func(thread profile.Thread) bool { return thread.Loop })
	return len(p.Processes) == 1 && len(p.Samples) > 0 && len(loops.Samples) == len(p.Samples)
}

// missingOf says what an error of a profiler means, and what mends it, if it knows.
func missingOf(err error) MissingResult {
	if fixable, ok := err.(interface{ Missing() (lacks, fix string) }); ok {
		lacks, fix := fixable.Missing()
		return MissingResult{lacks, fix}
	}
	return MissingResult{Lacks: err.Error()}
}

// Place is the file's name and the line, "app.js:14"; "" where the file is unknown.
func (f FunctionResult) Place() string {
	return profile.Frame{File: f.File, Line: f.Line, Start: f.Line, Column: f.Column}.Place()
}
