package profile

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	prof "github.com/benchtui/benchtui/internal/profile"
)

// V8 is what V8's profiler saw in one process.
type V8 struct {
	PID  int
	JSON []byte // as the protocol of Chrome's developer tools has it; nil: there is none
	Why  string // if there is none
}

// Server is a server whose profile is to be taken, by the profilers that see most of it.
type Server struct {
	Target
	// Own says that it was started by us: what is not is read and never changed, and a
	// profiler of a runtime's own changes a little.
	Own bool
	// Node has the probe in a Node server take profiles, of the workers of its cluster,
	// too; nil where there is no probe.
	Node func(ctx context.Context, length, interval time.Duration) ([]V8, error)
}

// nodeInterval is the time between two samples of V8.
const nodeInterval = time.Millisecond

// TakeServer takes the profile of a server's processes, each by the profiler that sees
// most of it, all at the same time: Node's through its probe, a JVM's by its Flight
// Recorder, a Python server's by py-spy, everything else from outside. What could not be had stands in the profile's
// notes; only when there is nothing at all is it an error.
func TakeServer(ctx context.Context, server Server) (*prof.Profile, error) {
	target, err := server.withDefaults()
	if err != nil {
		return nil, err
	}
	all := treeOf(target.Roots)
	var jobs []func() outcome
	covered := map[int]bool{}
	loops := map[int]bool{} // processes of Node, whose loop is covered, and no other thread of theirs
	for _, one := range all {
		if one.kind != javaProcess {
			continue
		}
		pid := one.pid
		if !server.Own {
			jobs = append(jobs, func() outcome { return refused(foreignJVM(pid)) })
			continue
		}
		covered[pid] = true
		jobs = append(jobs, func() outcome {
			profile, err := takeJVM(ctx, pid, target.Duration)
			return outcome{profiles: []*prof.Profile{profile}, err: err, of: []int{pid}}
		})
	}
	if pythons := pidsOf(all, pythonProcess); len(pythons) > 0 {
		_, err := exec.LookPath("py-spy")
		switch {
		case !server.Own: // py-spy stops it for each sample
			jobs = append(jobs, func() outcome { return refused(foreignPython(pythons[0])) })
		case err != nil:
			jobs = append(jobs, func() outcome { return refused(noPySpy()) })
		default:
			for _, pid := range pythons {
				covered[pid] = true
			}
			of := target
			of.Roots, of.Hz = topmost(pythons), LowHz
			jobs = append(jobs, func() outcome {
				profile, err := TakePython(ctx, of)
				return outcome{profiles: []*prof.Profile{profile}, err: err, of: pythons}
			})
		}
	}
	if server.Node != nil {
		jobs = append(jobs, func() outcome { return takeNode(ctx, server.Node, target.Duration) })
		for _, one := range all { // those that do not serve, such as a cluster's primary, do nothing
			// In a single executable, Node has another name.
			loops[one.pid] = !covered[one.pid] && (one.kind == nodeProcess || one.kind == nativeProcess && slices.Contains(target.Roots, one.pid))
			covered[one.pid] = covered[one.pid] || loops[one.pid]
		}
	}
	outside := slices.ContainsFunc(all, func(one treeProcess) bool { return !covered[one.pid] && one.kind != starterProcess })
	if outside || server.Node != nil || len(jobs) == 0 {
		of := target
		of.told = loops
		jobs = append(jobs, func() outcome {
			profile, err := Take(ctx, of)
			if err != nil && len(loops) > 0 && !outside {
				return outcome{} // it would have told a little more
			}
			return outcome{profiles: []*prof.Profile{profile}, err: err}
		})
	}
	profile, err := together(jobs, covered, loops, target.Start)
	if err != nil && len(covered) > 0 && !outside && ctx.Err() == nil {
		// What a runtime does not tell of itself, such as one whose loop is blocked, can
		// still be seen from outside, if not as well.
		if seen, refused := Take(ctx, target); refused == nil {
			var build prof.Builder
			if !errors.Is(err, ErrNoProbe) || len(pidsOf(all, nodeProcess)) > 0 {
				build.Note(noteOf(err)) // to a server in Go, say, nothing is missing
			}
			return prof.Merge(seen, build.Profile(prof.Profile{Source: seen.Source, Period: seen.Period, Start: seen.Start})), nil
		}
	}
	return profile, err
}

// ErrNoProbe is what Server.Node returns for a server without the probe: one that is no
// Node, or was started without it.
var ErrNoProbe = errors.New("the server has no probe: it is no Node, or it was started without one")

// outcome is what one profiler got.
type outcome struct {
	profiles []*prof.Profile
	of       []int // the processes that it is of; nil: all that others did not take
	notes    []prof.Note
	err      error
}

func refused(err error) outcome { return outcome{err: err} }

// pidsOf are the processes of a kind.
func pidsOf(all []treeProcess, kind processKind) (pids []int) {
	for _, one := range all {
		if one.kind == kind {
			pids = append(pids, one.pid)
		}
	}
	return pids
}

// foreignPython says that a Python server that is not ours is left alone.
func foreignPython(pid int) error {
	return &Refusal{Reason: NotHere, What: fmt.Sprintf("the Python server (pid %d) was not started by benchtui, and py-spy would stop it for each sample", pid),
		Fix: fmt.Sprintf("py-spy record --pid %d --output profile.svg", pid)}
}

// foreignJVM says that a virtual machine that is not ours is left alone.
func foreignJVM(pid int) error {
	return &Refusal{Reason: NotHere, What: fmt.Sprintf("the JVM (pid %d) was not started by benchtui, and its Flight Recorder would change it", pid),
		Fix: fmt.Sprintf("jcmd %d JFR.start duration=10s filename=profile.jfr", pid)}
}

// together runs profilers at the same time and merges what they got.
func together(jobs []func() outcome, covered, loops map[int]bool, start time.Duration) (*prof.Profile, error) {
	results := make([]outcome, len(jobs))
	var running sync.WaitGroup
	for i, job := range jobs {
		running.Add(1)
		crash.Go(func() {
			defer running.Done()
			results[i] = job()
		})
	}
	running.Wait()
	var got []*prof.Profile
	var errs []error
	var build prof.Builder
	told := toldBy(results)
	for _, result := range results {
		for _, note := range result.notes {
			build.Note(note)
		}
		if result.err != nil {
			errs = append(errs, result.err)
			continue
		}
		for _, profile := range result.profiles {
			if profile == nil {
				continue
			}
			if result.of == nil { // from outside: what a runtime told of itself is told better
				if profile = fromOutside(profile, covered, loops, told); profile == nil {
					continue
				}
			}
			got = append(got, profile)
		}
	}
	if len(got) == 0 {
		if len(errs) == 0 {
			errs = append(errs, errors.New("take a profile: there is none"))
		}
		return nil, errs[0]
	}
	for _, err := range errs {
		build.Note(noteOf(err))
	}
	merged := prof.Merge(append(got, build.Profile(prof.Profile{Source: got[0].Source, Period: got[0].Period, Start: start}))...)
	merged.Start = start
	return merged, nil
}

// toldThreads are the threads whose profiles runtimes gave.
type toldThreads struct {
	any     bool
	threads map[[2]int]bool // by process and number
	vague   map[int]bool    // processes of which a thread's number is unknown
}

// toldBy are those of what jobs came to.
func toldBy(results []outcome) toldThreads {
	all := toldThreads{threads: map[[2]int]bool{}, vague: map[int]bool{}}
	for _, result := range results {
		if result.of == nil || result.err != nil {
			continue
		}
		all.any = true
		for _, profile := range result.profiles {
			if profile == nil {
				continue
			}
			for _, thread := range profile.Threads {
				all.threads[[2]int{thread.PID, thread.ID}] = true
				if thread.ID < 0 {
					all.vague[thread.PID] = true
				}
			}
		}
	}
	return all
}

// fromOutside is the part of a profile from outside that no runtime told of itself: other
// processes, and the threads of Node beside its loop and its worker threads, which work for
// them, in its pool above all; nil if there is none.
func fromOutside(seen *prof.Profile, covered, loops map[int]bool, by toldThreads) *prof.Profile {
	part := seen.OfThreads(func(t prof.Thread) bool {
		return !covered[t.PID] || by.any && loops[t.PID] && t.ID != t.PID && !by.threads[[2]int{t.PID, t.ID}] && !by.vague[t.PID]
	})
	if len(part.Samples) == 0 && len(loops) > 0 {
		return nil
	}
	for thread := range by.threads {
		if loops[thread[0]] && thread[1] != thread[0] { // a worker thread's code has its names from Node
			part.Notes = slices.DeleteFunc(slices.Clone(part.Notes), func(note prof.Note) bool { return note.Lacks == lacksJIT })
		}
	}
	return part
}

// noteOf says what a profile lacks since a profiler was refused.
func noteOf(err error) prof.Note {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return prof.Note{Lacks: refusal.What, Fix: refusal.Fix}
	}
	return prof.Note{Lacks: err.Error()}
}

// takeNode asks the probe in a Node server.
func takeNode(ctx context.Context, ask func(context.Context, time.Duration, time.Duration) ([]V8, error), length time.Duration) outcome {
	result := outcome{of: []int{}}
	told, err := ask(ctx, length, nodeInterval)
	if err != nil {
		result.err = err
		return result
	}
	for _, one := range told {
		result.of = append(result.of, one.PID)
		if one.JSON == nil {
			result.notes = append(result.notes, nodeNote(one))
			continue
		}
		profile, err := fromV8(one.JSON, one.PID, nodeInterval)
		if err != nil {
			result.notes = append(result.notes, prof.Note{Lacks: fmt.Sprintf("the profile of node (pid %d): %v", one.PID, err)})
			continue
		}
		result.profiles = append(result.profiles, profile)
	}
	if len(result.profiles) == 0 && len(result.notes) > 0 {
		result.err = &Refusal{Reason: NotHere, What: result.notes[0].Lacks, Fix: result.notes[0].Fix}
		result.notes = result.notes[1:]
	}
	return result
}

// nodeNote says why a process gave no profile, and what mends it.
func nodeNote(one V8) prof.Note {
	note := prof.Note{Lacks: fmt.Sprintf("the profile of node (pid %d): %s", one.PID, one.Why)}
	if one.Why == "ERR_ACCESS_DENIED" {
		note.Lacks = fmt.Sprintf("the profile of node (pid %d): its permission model forbids the inspector", one.PID)
		note.Fix = "start it without --permission, or with --allow-inspector where Node has that"
	}
	return note
}
