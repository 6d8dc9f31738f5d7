package run

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/sample"
	"github.com/benchtui/benchtui/procs/system"
)

// measure starts the contender, warms it up, loads it and stops it. All that it
// finds out is in the tally, also when it ends early.
func (r *Run) measure(ctx context.Context, built build.Built, t *tally) {
	ctx, release := r.skippable(ctx)
	defer release()
	cpus, everywhere, err := r.plan.keepApart()
	if err != nil {
		t.fail(stream.StatusAborted, err.Error())
		return
	}
	defer everywhere()
	server, err := r.start(ctx, built, cpus, t)
	if server != nil {
		defer r.stopServer(server, t)
	}
	if err != nil {
		if ctx.Err() != nil {
			t.fail(stream.StatusAborted, stopped(ctx, "while it started"))
		} else {
			t.fail(stream.StatusStartFailed, err.Error())
		}
		return
	}

	loading, cancel := server.whileItRuns(ctx)
	defer cancel()
	var warmup measure.Measures
	if r.plan.Workload.Warmup > 0 {
		server.enter(stream.PhaseWarmup, r.plan.Workload.Warmup)
		warmup, err = engine.Run(loading, server.warmupJob(r.plan), func(m measure.Measures) {
			r.stream.emit(server.id, stream.LoadSample{Warmup: true, Measures: m, GeneratorCPUPercentOfCore: generatorPercent(m)})
		})
	}
	if err == nil {
		if server.child != nil {
			r.follow(server, t)
		}
		server.sampling.now() // the CPU time that the load begins from
		server.enter(stream.PhaseLoad, r.plan.Workload.LoadExpected())
		if r.plan.Workload.Searches() {
			err = r.findCapacity(loading, server, t, r.plan.Workload.FirstRate(warmup))
		} else {
			endProfiles := r.profileWhenAsked(loading, server, t)
			_, err = engine.Run(loading, server.job(r.plan, r.plan.Workload.Load), func(m measure.Measures) {
				aside := server.leavesOut()
				r.stream.emit(server.id, stream.LoadSample{Aside: aside, Measures: m, GeneratorCPUPercentOfCore: generatorPercent(m)})
				if !aside {
					r.tell(server.id, t.load(m))
				}
			})
			endProfiles()
		}
		server.sampling.now()
	}
	switch {
	case ctx.Err() != nil:
		t.fail(stream.StatusAborted, stopped(ctx, "during the "+string(server.phase())))
	case server.crashed():
		t.fail(stream.StatusCrashed, server.death())
	case err != nil:
		t.fail(stream.StatusAborted, err.Error())
	case t.idle():
		t.fail(stream.StatusAborted, r.plan.Workload.NothingSent())
	default:
		t.status = stream.StatusOK
	}
	r.tell(server.id, t.loadEnded(server.exit()))
	if t.wantsProfile() {
		r.explain(loading, server, t)
	}
}

// whileItRuns is a context that ends with the server: one that dies ends the load
// that it can no longer answer.
func (s *server) whileItRuns(ctx context.Context) (running context.Context, cancel context.CancelFunc) {
	running, cancel = context.WithCancel(ctx)
	if s.child != nil {
		crash.Go(func() {
			select {
			case <-s.service.Done():
				cancel()
			case <-running.Done():
			}
		})
	}
	return running, cancel
}

// generatorPercent is this process's CPU over an interval, in percent of one core.
func generatorPercent(m measure.Measures) float64 {
	if m.To <= m.From {
		return 0
	}
	return 100 * float64(m.GeneratorCPU) / float64(m.To-m.From)
}

func (r *Run) tell(id string, changes []stream.FindingChanged) {
	for _, change := range changes {
		r.stream.emit(id, change)
	}
}

// server is a contender that was started, or one that runs elsewhere.
type server struct {
	id        string
	contender frameworks.Contender
	stream    *emitter
	child     *procs.Child   // nil for --url
	service   *procs.Service // of the child
	port      int
	base      string       // http://127.0.0.1:port
	launch    build.Launch // of the child

	words lastLines // what it logs

	sampling *sampling // nil if its processes can't be read

	mu    sync.Mutex
	aside aside
	now   stream.Phase
	since time.Time
}

func (s *server) job(plan Plan, load traffic.Load) engine.Job {
	return plan.job(s.contender, s.base, load)
}

// warmupJob is what goes before the load. What it can't send in time it leaves out, for
// the load is to begin without a backlog.
func (s *server) warmupJob(plan Plan) engine.Job {
	job := s.job(plan, plan.Workload.WarmupLoad())
	job.SkipLate = true
	return job
}

func (s *server) enter(phase stream.Phase, expected time.Duration) { s.enterWith(phase, expected, "") }

func (s *server) enterWith(phase stream.Phase, expected time.Duration, detail string) {
	s.mu.Lock()
	s.now, s.since = phase, s.stream.now()
	s.mu.Unlock()
	s.stream.emit(s.id, stream.PhaseChanged{Phase: phase, Expected: expected, Detail: detail})
}

func (s *server) phase() stream.Phase {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// into is the phase under way and how long it has been; that of a stretch of the load
// that is left out is PhaseWhy.
func (s *server) into() (stream.Phase, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.aside.on {
		return stream.PhaseWhy, s.stream.now().Sub(s.since)
	}
	return s.now, s.stream.now().Sub(s.since)
}

// crashed says whether the server ended without being asked to.
func (s *server) crashed() bool {
	if s.child == nil {
		return false
	}
	select {
	case <-s.service.Done():
		return true
	default:
		return false
	}
}

// exit says how the server ended by itself; "" if it did not.
func (s *server) exit() string {
	if !s.crashed() {
		return ""
	}
	return s.service.Exit().String()
}

// death says how the server ended and what it logged last.
func (s *server) death() string {
	return fmt.Sprintf("the server ended during the %s: %s%s", s.phase(), s.service.Exit(), s.lastLines())
}

// background is advice for a server that ended as if all were well: it left another
// process to serve, perhaps, or waited for words that nobody types.
func background(exit procs.Exit) string {
	if exit.Signal != "" || exit.Code != 0 {
		return ""
	}
	return "; nothing listened where it was asked" + inBackground
}

const inBackground = "; if it went to serve in the background, start it so that it stays in the foreground (often --foreground or --no-daemon); " +
	"if it ends with its standard input, which is empty here, keep that open: sh -c 'sleep 1d | exec ./server'"

// start spawns the contender and waits for its first good reply. The server is
// not nil if there is something to stop, also beside an error.
func (r *Run) start(ctx context.Context, built build.Built, cpus system.CPUSet, t *tally) (*server, error) {
	contender := built.Contender
	s := &server{id: contender.Manifest.ID, contender: contender, stream: r.stream}
	if contender.URL != "" {
		return s, r.reach(ctx, s, t)
	}
	s.port = r.plan.Port
	if s.port == 0 {
		port, err := procs.FreePort()
		if err != nil {
			return nil, fmt.Errorf("pick a free port: %w", err)
		}
		s.port = port
	} else if owner, taken := procs.PortOwner(s.port); taken {
		return nil, fmt.Errorf("port %d is taken%s; free it, or pass "+flagname.Port+" 0 to pick a free one", s.port, by(owner))
	}
	s.base = "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
	launch, err := built.Launch(s.port)
	if err != nil {
		return nil, err
	}
	s.launch = launch
	t.given = givenBy(launch)
	s.enterWith(stream.PhaseStart, 0, strings.Join(launch.Command, " "))
	command := procs.Command{
		Path: launch.Path, Args: launch.Args, Dir: launch.Dir, Env: launch.Env,
		LogFile:   r.logs.file(s.id),
		EventLoop: r.probes(contender),
		GoTraces:  r.plan.Profiling == ProfileAlways, // in its own log, which costs it a little
		Programs:  &r.programs,
		CPUs:      cpus,
		OnLine: func(line string) {
			s.words.line(line)
			r.stream.emit(s.id, stream.LogLine{Line: line})
		},
	}
	command.Learn()
	spawned := r.tools.Now()
	child, err := procs.Start(command)
	if err != nil {
		return nil, err
	}
	s.child, s.service = child, child.Serve(s.port)
	r.sample(s, child.PID(), t)
	after, err := s.awaitReady(ctx, r.plan, spawned)
	if err != nil {
		return s, err
	}
	s.service.Ready()
	t.ready(after)
	t.mayUse(sample.ReadCPULimits(r.follow(s, t)...))
	r.stream.emit(s.id, stream.Ready{After: after, Port: s.port, PID: s.service.PID()})
	s.sampling.now() // memory at idle
	return s, nil
}

// stopServer ends the sampling and the server, and verifies that its port is free.
func (r *Run) stopServer(s *server, t *tally) {
	s.sampling.stop()
	if s.child == nil {
		return
	}
	s.enter(stream.PhaseStop, 0)
	err := s.service.Stop(r.forced, r.plan.grace())
	if err == nil {
		limit, cancel := context.WithTimeout(r.forced, r.plan.grace())
		err = procs.WaitPortFree(limit, s.port)
		cancel()
		if errors.Is(err, context.Canceled) {
			err = nil // forced: the person does not wait for the port
		}
	}
	t.logTail = s.child.LastLines(20)
	if err != nil {
		left := fmt.Sprintf("%s is not wholly gone: %v", s.id, err)
		r.left = append(r.left, left)
		r.stream.emit(s.id, stream.Notice{Text: left})
	}
}
