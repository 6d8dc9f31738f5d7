package run

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/sample"
	"github.com/benchtui/benchtui/procs/system"
)

// Plan is what a run is to do.
type Plan struct {
	Contenders []frameworks.Contender
	Workload   plan.Workload
	// Seed draws the order in which the contenders are measured in each round; nil: as
	// they stand in Contenders.
	Seed *uint64

	// What is sent, where it departs from the contender's own request.
	Method  string
	Path    string
	Headers []traffic.Header
	Body    []byte
	Checks  CheckChanges

	HTTP2        bool          // speaks HTTP/2: over TLS to https addresses, else by prior knowledge
	Insecure     bool          // takes any certificate of an https address
	NoProbes     bool          // starts servers without what their manifests would have loaded into them
	Profiling    Profiling     // when a profile is taken of a server, after its load
	PID          int           // the process behind a --url, to sample; 0: none
	Port         int           // that servers are told to listen on; 0 picks a free one each
	StartTimeout time.Duration // from spawn to the first good reply; 0: DefaultStartTimeout
	Grace        time.Duration // from SIGTERM to SIGKILL; 0: DefaultGrace

	// Where the two sides run (Linux); empty: anywhere. The load takes as many event
	// loops as it has CPUs.
	ServerCPUs, LoadCPUs system.CPUSet
	Loops                int // event loops that make the load; 0: as many as suit the machine

	RankBy leaderboard.Metric // "" is leaderboard.Mean
	Tiers  string             // "" is what the workload asks for, else "auto"
}

// IDs are those of the contenders, as they stand in the plan.
func (p Plan) IDs() (ids []string) {
	for _, contender := range p.Contenders {
		ids = append(ids, contender.Manifest.ID)
	}
	return ids
}

// CheckChanges are the checks that differ from the contender's own; nil leaves one as it is.
type CheckChanges struct {
	Status       *int
	JSONField    *string
	BodyContains *string
}

func (c CheckChanges) apply(checks traffic.Checks) traffic.Checks {
	if c.Status != nil {
		checks.Status = *c.Status
	}
	if c.JSONField != nil {
		checks.JSONField = *c.JSONField
	}
	if c.BodyContains != nil {
		checks.BodyContains = *c.BodyContains
	}
	return checks
}

// What a Plan's zero durations mean.
const (
	DefaultStartTimeout = 60 * time.Second
	DefaultGrace        = 5 * time.Second
)

// Check says in one line what is wrong with the plan, before anything is started.
func (p Plan) Check() error {
	if err := p.CheckFigures(); err != nil {
		return err
	}
	if p.PID != 0 {
		if err := procs.CheckPID(p.PID); err != nil {
			return field.Errorf("pid", ": %w; pass that of the server behind %s", err, p.Contenders[0].URL)
		}
	}
	return p.checkPort()
}

// CheckFigures is Check without a look at what else is on the machine.
func (p Plan) CheckFigures() error {
	if len(p.Contenders) == 0 {
		return errors.New("no contender to measure: name one (benchtui list shows them), or pass " + flagname.Cmd + " or " + flagname.URL)
	}
	seen := map[string]bool{}
	for _, contender := range p.Contenders {
		id := contender.Manifest.ID
		if seen[id] {
			return fmt.Errorf("contender %s is named twice; name it once, or give your own server another name: "+flagname.Cmd+" 'name=command'", id)
		}
		seen[id] = true
		if p.Workload.ByProbe && contender.URL != "" && p.PID == 0 {
			return fmt.Errorf("the workload %s compares what serving costs, and the CPU time of %s can't be read; pass its "+flagname.PID+", or start it with "+flagname.Cmd, p.Workload.Name, id)
		}
		if err := engine.Check(p.job(contender, "http://127.0.0.1:1", p.Workload.LoadToCheck())); err != nil {
			return err
		}
	}
	if _, err := leaderboard.Rank(nil, p.ranking()); err != nil {
		return err
	}
	if err := p.Workload.Check(); err != nil {
		return err
	}
	if err := p.checkCPUs(); err != nil {
		return err
	}
	return p.checkLoops()
}

// checkPort says whether servers could listen where the plan wants them to.
func (p Plan) checkPort() error {
	if p.Port != 0 {
		if owner, taken := procs.PortOwner(p.Port); taken {
			return fmt.Errorf("port %d is taken%s; free it, or pass "+flagname.Port+" 0 to pick a free one", p.Port, by(owner))
		}
	}
	return nil
}

func by(owner string) string {
	if owner == "" {
		return ""
	}
	return " by " + owner
}

func (p Plan) ranking() leaderboard.Options {
	options := leaderboard.Options{RankBy: p.RankBy, Tiers: p.Tiers}
	if options.RankBy == "" {
		options.RankBy = leaderboard.Mean
		if p.Workload.RankBy != "" {
			options.RankBy = p.Workload.RankBy
		}
	}
	if options.Tiers == "" && options.RankBy.TakesArticleTiers() {
		options.Tiers = p.Workload.Tiers
	}
	if options.Tiers == "" {
		options.Tiers = "auto"
	}
	return options
}

// readyJob is what a contender that was just started is asked. Ours have a request that
// they answer at once, whatever the load will ask for.
func (p Plan) readyJob(contender frameworks.Contender, base string) engine.Job {
	if contender.Origin == frameworks.OriginEmbedded {
		p.Method, p.Path, p.Body, p.Checks = "", "", nil, CheckChanges{}
	}
	return p.job(contender, base, p.Workload.Load)
}

// job is the load of the plan on a contender that listens at base.
func (p Plan) job(contender frameworks.Contender, base string, load traffic.Load) engine.Job {
	manifest := contender.Manifest
	request := traffic.Request{Method: manifest.Request.Method, Body: p.Body, HTTP2: p.HTTP2, Insecure: p.Insecure}
	if p.Method != "" {
		request.Method = p.Method
	}
	path := manifest.Request.Path
	if p.Path != "" {
		path = p.Path
	}
	request.URL = base + path
	if contender.URL != "" {
		request.URL = contender.URL
	}
	request.Headers = append(request.Headers, p.Workload.Headers...)
	for _, name := range slices.Sorted(maps.Keys(manifest.Request.Headers)) {
		request.Headers = append(request.Headers, traffic.Header{Name: name, Value: manifest.Request.Headers[name]})
	}
	request.Headers = append(request.Headers, p.Headers...)
	own := traffic.Checks(manifest.Checks)
	if withoutQuery(path) != withoutQuery(manifest.Request.Path) { // what the body must hold is said of its own request's reply
		own = traffic.Checks{Status: own.Status}
	}
	checks := p.Checks.apply(own)
	return engine.Job{Request: request, Checks: checks, Workload: load, Drain: drain(load), Tick: p.Workload.Tick,
		Patience: cmp.Or(load.Timeout, traffic.DefaultTimeout),
		Loops:    cmp.Or(p.Loops, len(p.LoadCPUs)), Cores: p.loadCores()}
}

// loadCores is how many cores' worth of CPU the generator may use; 0: as many as there
// are CPUs.
func (p Plan) loadCores() float64 {
	limits := sample.ReadCPULimits(os.Getpid())
	cores := math.Inf(1)
	for _, limit := range []figure.Value{limits.Own, limits.Shared} {
		if limit.Known {
			cores = min(cores, limit.Value)
		}
	}
	if n := len(p.LoadCPUs); n > 0 {
		cores = min(cores, float64(n))
	}
	if math.IsInf(cores, 1) {
		return 0
	}
	return cores
}

func withoutQuery(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path
}

// request is what is asked of every contender in place of its own request; nil if that
// is what is sent.
func (p Plan) request() *stream.RequestFacts {
	started := slices.ContainsFunc(p.Contenders, func(c frameworks.Contender) bool { return c.URL == "" })
	if !started || p.Path == "" && p.Method == "" && len(p.Body) == 0 {
		return nil
	}
	return &stream.RequestFacts{Method: p.Method, Path: p.Path, BodyBytes: len(p.Body)}
}

// drain is how long after its end a load waits for what is still under way or
// due: as long again as it took, so that a server at half of an open load's rate
// still answers everything, and a hung one does not keep the next one waiting.
func drain(load traffic.Load) time.Duration {
	const least = 5 * time.Second
	timeout := load.Timeout
	if timeout == 0 {
		timeout = traffic.DefaultTimeout
	}
	return min(timeout, max(least, load.Span()))
}

func (p Plan) startTimeout() time.Duration {
	if p.StartTimeout > 0 {
		return p.StartTimeout
	}
	return DefaultStartTimeout
}

func (p Plan) grace() time.Duration {
	if p.Grace > 0 {
		return p.Grace
	}
	return DefaultGrace
}

// expected is how long the measuring takes at least.
func (p Plan) expected() time.Duration {
	each := p.Workload.PerContender()
	if p.Profiling == ProfileAlways {
		each += settling + profileLength
	}
	return time.Duration(len(p.Contenders))*each - p.Workload.Rest() // there is none at the end
}

func (p Plan) facts(states map[string]build.State) stream.PlanFacts {
	ranking := p.ranking()
	facts := stream.PlanFacts{
		Workload: p.Workload.Facts(),
		RankBy:   string(ranking.RankBy),
		Tiers:    ranking.Tiers,
		Expected: p.expected(),
	}
	facts.Workload.Seed = p.Seed
	facts.Workload.Loops = p.Loops
	facts.Workload.ServerCPUs, facts.Workload.LoadCPUs = p.ServerCPUs.String(), p.LoadCPUs.String()
	if request := p.request(); request != nil {
		facts.Workload.Request = request
		facts.Workload.Words += ", " + request.Words()
	}
	if p.HTTP2 {
		facts.Workload.Words += ", by HTTP/2"
	}
	for _, contender := range p.Contenders {
		facts.Contenders = append(facts.Contenders, ContenderFactsOf(contender, states[contender.Manifest.ID]))
	}
	return facts
}

// ContenderFactsOf tells of a contender in plain values.
func ContenderFactsOf(contender frameworks.Contender, state build.State) stream.ContenderFacts {
	_, unverified := contender.Manifest.Unverified()
	return stream.ContenderFacts{
		ID:       contender.Manifest.ID,
		Name:     contender.Manifest.Name,
		Language: contender.Manifest.Language,
		State:    string(state.Kind),
		Reason:   state.Reason,

		Unverified: unverified,
	}
}

// ReadHostFacts describes this machine; what can't be read stays empty.
func ReadHostFacts() stream.HostFacts {
	host, err := sample.ReadHost()
	if err != nil {
		return stream.HostFacts{OS: runtime.GOOS, Cores: runtime.NumCPU()}
	}
	return stream.HostFacts{
		OS:       host.OS,
		CPU:      host.CPU,
		Cores:    host.Cores,
		MemoryMB: float64(host.MemoryBytes) / 1e6,
		Kernel:   host.Kernel,
	}
}
