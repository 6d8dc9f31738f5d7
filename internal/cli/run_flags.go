package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/run"
	"github.com/benchtui/benchtui/internal/traffic"
)

// runFlags are the flags of run, and of the choose screen that leads to the same.
type runFlags struct {
	workload string // its settings are in set, by their names
	seed     uint64

	http2    bool
	insecure bool

	method   string
	path     string
	headers  []string
	data     string
	dataFile string

	expectStatus int
	checkJSON    string
	checkBody    string

	startTimeout time.Duration
	port         int

	commands []string
	urls     []string
	pid      int

	rankBy string
	tiers  string
	failIf []string

	serverCPUs string
	loadCPUs   string
	loops      int

	noProbes bool
	why      string
	probes   []string

	plain    bool
	record   string
	noRecord bool
	quiet    bool
	noColor  bool
	ascii    asciiFlag
	noMouse  bool
	reports  reportPaths

	set  *pflag.FlagSet
	read []byte // of --data-file, once it was; not nil then
}

func (f *runFlags) register(command *cobra.Command) {
	set := command.Flags()
	set.SortFlags = false
	f.set = set
	var names []string
	for _, workload := range plan.Workloads() {
		names = append(names, workload.Name)
	}
	set.StringVarP(&f.workload, "workload", "w", plan.DefaultWorkload, "what load: "+strings.Join(names, ", "))
	registerSettings(set, plan.OfLoad)

	registerSettings(set, plan.OfRounds)
	set.Uint64Var(&f.seed, "seed", 0, "draws the order in each round; default: another each time, told with the result")

	set.BoolVar(&f.http2, "http2", false, "speak HTTP/2: over TLS to https, else by prior knowledge (h2c)")
	set.BoolVar(&f.insecure, "insecure", false, "take any certificate of an https server")

	set.StringVarP(&f.method, "method", "m", "", "HTTP method")
	set.StringVar(&f.path, "path", "", "path and query to ask for, of contenders and --cmd; default: the contender's own")
	set.StringArrayVarP(&f.headers, "header", "H", nil, "header 'Name: value' (repeatable)")
	set.StringVarP(&f.data, "data", "d", "", "request body")
	set.StringVarP(&f.dataFile, "data-file", "D", "", "file with the request body")

	set.IntVar(&f.expectStatus, "expect-status", 0, "the status that is OK; 0: any below 400")
	set.StringVar(&f.checkJSON, "check-json", "", "field that the reply's JSON must have")
	set.StringVar(&f.checkBody, "check-body", "", "text that the reply must contain")

	registerSettings(set, plan.OfPhases)
	set.DurationVar(&f.startTimeout, "start-timeout", run.DefaultStartTimeout, "from a server's start to its first good reply")
	set.IntVar(&f.port, "port", 0, "port that servers listen on; 0 picks a free one")

	set.StringVar(&f.serverCPUs, "server-cpus", "", "CPUs that servers may run on, such as 0-2,4 (Linux)")
	set.StringVar(&f.loadCPUs, "load-cpus", "", "CPUs that the load is made on, an event loop each (Linux)")

	set.IntVar(&f.loops, "loops", 0, "threads that make the load, of one pool of connections; default: one for each of --load-cpus, else half the CPUs that benchtui may use, all of them if the server is elsewhere")

	set.StringArrayVar(&f.commands, "cmd", nil, "your own server: 'name=./server --port {port}' (repeatable)")
	set.StringArrayVar(&f.urls, "url", nil, "a server that runs already: http://host:port/path (repeatable)")
	set.IntVar(&f.pid, "pid", 0, "the process behind --url, to show its CPU and memory")

	set.StringArrayVar(&f.probes, "probe", nil, "what to load into each --cmd server to look inside: "+frameworks.NodeEventLoop)
	set.StringVar(&f.why, "why", "auto", "go on with the load after it was measured, and take a profile of the server: always, never, or auto: where a finding says that it was out of CPU")
	set.Lookup("why").NoOptDefVal = string(run.ProfileAlways)
	set.BoolVar(&f.noProbes, "no-probes", false, "load nothing into servers: look at them from outside alone")

	set.StringVar(&f.rankBy, "rank-by", string(leaderboard.Mean), rankings())
	set.StringVar(&f.tiers, "tiers", "", "auto, article, or limits such as 5ms,20ms,100ms")
	set.StringArrayVar(&f.failIf, "fail-if", nil, "exit 3 if it holds for a contender: 'p99>50ms', 'failures>0.1%' (repeatable)")

	set.BoolVar(&f.plain, "plain", false, "text instead of the screen; so it is too when stdout is no terminal")
	f.reports.register(set)
	set.StringVar(&f.record, "record", "", "record the run in this file; default: in the user's data directory, the last 50 runs")
	set.BoolVar(&f.noRecord, "no-record", false, "do not record the run")
	set.BoolVar(&f.quiet, "quiet", false, "no lines while it runs, only the leaderboard")
	set.BoolVar(&f.noColor, "no-color", false, "no colours (as does NO_COLOR)")
	f.ascii.register(set, "on the screen and in the text")
	set.BoolVar(&f.noMouse, "no-mouse", false, "leave the mouse to the terminal, such as to select text")
}

// rankings names what --rank-by takes.
func rankings() string {
	var names []string
	for _, metric := range leaderboard.Metrics() {
		names = append(names, string(metric))
	}
	return strings.Join(names, ", ") + "; capacity: rps"
}

// theWorkload is the named workload with the settings that the flags give.
func (f *runFlags) theWorkload(name string) (plan.Workload, error) {
	workload, err := plan.WorkloadNamed(name)
	if err != nil {
		return workload, err
	}
	given := map[string]string{}
	for _, setting := range plan.Settings {
		if f.set.Changed(setting.Name) {
			given[setting.Name] = f.set.Lookup(setting.Name).Value.String()
		}
	}
	return workload.With(given)
}

// workloadName is the workload that the flags ask for, by name or by what only
// one workload has.
func (f *runFlags) workloadName() string {
	if f.set.Changed("workload") {
		return f.workload
	}
	return plan.MeantBy(f.set.Changed)
}

// contenders resolves what the command line names: ids and manifests, then --cmd, then --url.
func (f *runFlags) contenders(catalogue *frameworks.Catalogue, args []string) ([]frameworks.Contender, error) {
	var contenders []frameworks.Contender
	add := func(contender frameworks.Contender, err error) error {
		contenders = append(contenders, contender)
		return err
	}
	urls := slices.Clone(f.urls)
	for _, arg := range args {
		if isURL(arg) {
			urls = append(urls, arg)
			continue
		}
		if err := add(catalogue.Find(arg)); err != nil {
			// Without a value it means always, so a word behind it is not its own.
			if _, no := parseWhy(arg); no == nil && f.set.Changed("why") {
				return nil, fmt.Errorf("%w; did you mean --why=%s?", err, arg)
			}
			return nil, err
		}
	}
	for _, probe := range f.probes {
		switch {
		case probe != frameworks.NodeEventLoop:
			return nil, fmt.Errorf("--probe %q is none; there is %s", probe, frameworks.NodeEventLoop)
		case len(f.commands) == 0:
			return nil, errors.New("--probe goes with --cmd: a contender's manifest names its own")
		case f.noProbes:
			return nil, errors.New("--probe and --no-probes contradict each other; pass one of them")
		}
	}
	for _, spec := range f.commands {
		contender, err := frameworks.Command(spec)
		contender.Manifest.Probes = f.probes
		if err := add(contender, err); err != nil {
			return nil, err
		}
	}
	if f.set.Changed("pid") {
		if len(urls) != 1 {
			return nil, errors.New("--pid goes with one --url: it is the process behind that address")
		}
		if f.pid < 1 {
			return nil, fmt.Errorf("--pid %d is no number of a process; pass that of the server behind %s", f.pid, urls[0])
		}
	}
	if f.set.Changed("path") && len(urls) > 0 {
		return nil, fmt.Errorf("--path is of contenders and --cmd; %s has its own: write the path there", urls[0])
	}
	for _, raw := range urls {
		if err := add(frameworks.URL(raw)); err != nil {
			return nil, err
		}
	}
	return contenders, nil
}

// isURL says that what stands in the place of a contender is an address, as of --url, or
// is meant as one: another scheme or none is to be told as that, not as a file that is
// not there.
func isURL(arg string) bool {
	_, after, _ := strings.Cut(arg, "=")
	return addressLike.MatchString(arg) || addressLike.MatchString(after)
}

// addressLike is what begins with a scheme, "http://", or with a host and its port,
// "localhost:8080/hello".
var addressLike = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9+.-]*://|[^/\\=\s]+:[0-9]+(?:/|$))`)

// plan is what the flags ask for, for the contenders and the workload named.
func (f *runFlags) plan(contenders []frameworks.Contender, workloadName string) (run.Plan, error) {
	workload, err := f.theWorkload(workloadName)
	if err != nil {
		return run.Plan{}, err
	}
	return f.planOf(contenders, workload)
}

// planOf is what the flags ask for beside the workload.
func (f *runFlags) planOf(contenders []frameworks.Contender, workload plan.Workload) (run.Plan, error) {
	plan, err := f.sketch(contenders, workload)
	if err != nil {
		return plan, err
	}
	return plan, plan.Check()
}

// mostBody is how large a request's body may be, bytes: each connection sends its own.
const mostBody = 64 << 20

// body is what --data-file holds, read once, so that looking at a plan reads nothing;
// nil without one.
func (f *runFlags) body() ([]byte, error) {
	if f.read == nil && f.dataFile != "" {
		text, err := files.Read(f.dataFile, mostBody)
		if err != nil {
			return nil, err
		}
		if f.read = text; text == nil {
			f.read = []byte{}
		}
	}
	return f.read, nil
}

// parseWhy reads when a profile is to be taken.
func parseWhy(text string) (run.Profiling, error) {
	switch text {
	case "auto":
		return run.ProfileForReason, nil
	case string(run.ProfileAlways), string(run.ProfileNever):
		return run.Profiling(text), nil
	}
	return "", fmt.Errorf("--why %q is none; there is always, never, and auto: where a finding says that the server was out of CPU", text)
}

// sketch is the same, of which only the figures were checked: nothing of the machine is
// asked. The screen takes it while it draws.
func (f *runFlags) sketch(contenders []frameworks.Contender, workload plan.Workload) (run.Plan, error) {
	profiling, err := parseWhy(f.why)
	if err != nil {
		return run.Plan{}, err
	}
	plan := run.Plan{
		Contenders:   contenders,
		Workload:     workload,
		Method:       strings.ToUpper(f.method),
		Path:         f.path,
		HTTP2:        f.http2,
		Insecure:     f.insecure,
		NoProbes:     f.noProbes,
		Profiling:    profiling,
		PID:          f.pid,
		Port:         f.port,
		StartTimeout: f.startTimeout,
		Loops:        f.loops,
		Tiers:        f.tiers,
	}
	switch {
	case f.set.Changed("seed"):
		plan.Seed = &f.seed
	case workload.Rounds > 1: // short, for people to pass it on
		seed := rand.Uint64N(1_000_000)
		plan.Seed = &seed
	}
	if f.set.Changed("rank-by") {
		if plan.RankBy, err = leaderboard.ParseMetric(f.rankBy); err != nil {
			return plan, err
		}
	}
	if plan.Path != "" && !strings.HasPrefix(plan.Path, "/") {
		return plan, fmt.Errorf("--path %q must begin with a slash", f.path)
	}
	if plan.Port < 0 || plan.Port > 65535 {
		return plan, fmt.Errorf("--port %d is no port; pass 1 to 65535, or 0 to pick a free one", f.port)
	}
	if plan.ServerCPUs, err = run.ParseCPUs("--server-cpus", f.serverCPUs); err != nil {
		return plan, err
	}
	if plan.LoadCPUs, err = run.ParseCPUs("--load-cpus", f.loadCPUs); err != nil {
		return plan, err
	}
	for _, header := range f.headers {
		name, value, found := strings.Cut(header, ":")
		if !found || strings.TrimSpace(name) == "" {
			return plan, fmt.Errorf("--header %q is no header; write it 'Name: value'", header)
		}
		plan.Headers = append(plan.Headers, traffic.Header{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	switch {
	case f.data != "" && f.dataFile != "":
		return plan, errors.New("--data and --data-file both give the body; pass one of them")
	case f.data != "":
		plan.Body = []byte(f.data)
	case f.dataFile != "":
		if plan.Body, err = f.body(); err != nil {
			return plan, fmt.Errorf("--data-file: %w", err)
		}
	}
	if len(plan.Body) > 0 && plan.Method == "" {
		plan.Method = "POST"
	}
	if f.set.Changed("expect-status") {
		plan.Checks.Status = &f.expectStatus
	}
	if f.set.Changed("check-json") {
		plan.Checks.JSONField = &f.checkJSON
	}
	if f.set.Changed("check-body") {
		plan.Checks.BodyContains = &f.checkBody
	}
	return plan, plan.CheckFigures()
}
