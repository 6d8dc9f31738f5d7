package profile

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/foreign"
	prof "github.com/benchtui/benchtui/internal/profile"
)

// TakePython profiles a Python server and its descendants by py-spy, which reads the
// interpreter's stacks from outside. Where it is not installed the error, a *Refusal, says
// how it is. It pauses the server for each sample: LowHz is as often as it should.
func TakePython(ctx context.Context, target Target) (*prof.Profile, error) {
	if target.Hz == 0 {
		target.Hz = LowHz
	}
	target, err := target.withDefaults()
	if err != nil {
		return nil, err
	}
	program, err := exec.LookPath("py-spy")
	if err != nil {
		return nil, noPySpy()
	}
	folder, err := os.MkdirTemp("", "benchtui-py-spy-")
	if err != nil {
		return nil, fmt.Errorf("take a profile by py-spy: %w", err)
	}
	defer os.RemoveAll(folder)
	var profiles []*prof.Profile
	var failed error
	began := time.Now()
	// Each root has a py-spy of its own, at the same time.
	type result struct {
		p   *prof.Profile
		err error
	}
	results := make(chan result, len(target.Roots))
	before := cpuTimes(target.Roots)
	for _, root := range target.Roots {
		crash.Go(func() {
			p, err := pySpy(ctx, program, filepath.Join(folder, strconv.Itoa(root)), root, target)
			results <- result{p, err}
		})
	}
	for range target.Roots {
		if one := <-results; one.err != nil {
			failed = one.err
		} else {
			profiles = append(profiles, one.p)
		}
	}
	if len(profiles) == 0 {
		return nil, failed
	}
	p := prof.Merge(profiles...)
	if note, lacks := unsampled(p.Total(), usedSince(before)); lacks {
		var build prof.Builder
		build.Note(note)
		p = prof.Merge(p, build.Profile(prof.Profile{Source: p.Source, Period: p.Period}))
	}
	p.Start, p.Duration = target.Start, min(p.Duration, time.Since(began))
	return p, nil
}

// unsampled says what a profile by py-spy lacks where it holds but a part of the CPU time
// that the server used: only who holds the interpreter's lock is sampled.
func unsampled(sampled, used time.Duration) (note prof.Note, lacks bool) {
	const (
		least = 200 * time.Millisecond // below, clocks that tick 100 times a second tell nothing
		most  = 0.6                    // of the time; py-spy takes a while to begin
	)
	if used < least || float64(sampled) >= most*float64(used) {
		return prof.Note{}, false
	}
	return prof.Note{Lacks: fmt.Sprintf("%.0f %% of the %.1f s of CPU time that the server used: what gives Python's lock back meanwhile (hashlib, zlib, files and sockets), and what py-spy came too late for",
		100*(1-float64(sampled)/float64(used)), used.Seconds()), Fix: "py-spy record --native --pid PID, without --gil, shows it, and threads that merely wait beside it"}, true
}

// usedSince is what those of them that still run have used since.
func usedSince(before map[int]float64) time.Duration {
	used := 0.0
	for pid, spent := range cpuTimes(slices.Collect(maps.Keys(before))) {
		used += max(0, spent-before[pid])
	}
	return time.Duration(used * float64(time.Second))
}

func noPySpy() *Refusal {
	return &Refusal{Reason: NotInstalled, What: "a Python server's functions are told by py-spy, which is not installed", Fix: "pip install py-spy"}
}

const maxPySpyBytes = 64 << 20

func pySpy(ctx context.Context, program, file string, pid int, target Target) (*prof.Profile, error) {
	seconds := max(1, int((target.Duration+time.Second/2)/time.Second)) // it knows whole ones only
	// Only the thread that holds the interpreter computes: others that are ready wait for it,
	// wherever they stand, and would be taken for busy there.
	command := exec.CommandContext(ctx, program, "record", "--gil", "--format", "raw", "--full-filenames", "--threads", "--subprocesses",
		"--rate", strconv.Itoa(target.Hz), "--duration", strconv.Itoa(seconds), "--output", file, "--pid", strconv.Itoa(pid))
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) } // it writes what it has
	command.WaitDelay = 5 * time.Second
	var said strings.Builder
	command.Stderr = &bounded{to: &said, left: 64 << 10}
	began := time.Now()
	err := command.Run()
	took := min(time.Since(began), time.Duration(seconds)*time.Second)
	f, openErr := os.Open(file)
	if openErr != nil {
		return nil, pySpyRefusal(said.String(), errors.Join(err, openErr))
	}
	defer f.Close()
	build := parsePySpy(io.LimitReader(f, maxPySpyBytes), pid, period(target.Hz))
	return build.Profile(prof.Profile{Source: "py-spy", Duration: took, Period: period(target.Hz)}), nil
}

// pySpyRefusal is why py-spy wrote nothing, in its own words.
func pySpyRefusal(said string, err error) *Refusal {
	said = foreign.Text(said)
	switch {
	case strings.Contains(said, "Permission"), strings.Contains(said, "permission"), strings.Contains(said, "Operation not permitted"):
		return &Refusal{Reason: OtherUser, What: "py-spy may not look into the process", Fix: "sudo sysctl kernel.yama.ptrace_scope=0"}
	case strings.Contains(said, "Failed to find python version"), strings.Contains(said, "No such process"):
		return &Refusal{Reason: Gone, What: "py-spy found no Python in the process"}
	}
	last := strings.TrimSpace(said[strings.LastIndexByte(strings.TrimRight(said, "\n"), '\n')+1:])
	if last == "" {
		last = err.Error()
	}
	return &Refusal{Reason: NotHere, What: "py-spy wrote no profile: " + last}
}

// bounded keeps so much of what is written to it.
type bounded struct {
	to   io.Writer
	left int
}

func (b *bounded) Write(data []byte) (int, error) {
	kept := data[:min(len(data), b.left)]
	b.left -= len(kept)
	if _, err := b.to.Write(kept); err != nil {
		return 0, err
	}
	return len(data), nil
}

var (
	pySpyProcess = regexp.MustCompile(`^process (\d+):"?([^"]*)`)
	pySpyThread  = regexp.MustCompile(`^thread \((?:0x)?([0-9A-Fa-f]+)\)(?:: (.*))?$`)
	pySpyFrame   = regexp.MustCompile(`^(.*) \((.*?)(?::(\d+))?\)$`)
)

// parsePySpy reads lines of stacks, the root first: `process 7:"python app.py";thread (8):
// worker;handler (/srv/app.py:14);dumps (/usr/lib/python3/json/__init__.py:231) 5`.
func parsePySpy(r io.Reader, pid int, each time.Duration) *prof.Builder {
	var build prof.Builder
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), 1<<20)
	for lines.Scan() {
		text, number, found := cutLast(lines.Text(), " ")
		count, err := strconv.Atoi(number)
		if !found || err != nil || count < 1 || count > 1<<30 {
			continue
		}
		thread := prof.Thread{PID: pid, ID: pid}
		name := "python"
		var stack []int
		for i, part := range strings.Split(text, ";") {
			part = foreign.Line(part)
			if found := pySpyProcess.FindStringSubmatch(part); found != nil && len(stack) == 0 {
				// A worker stands below those that started it: the last one is whose stack it is.
				if of, err := strconv.Atoi(found[1]); err == nil {
					thread.PID, thread.ID = of, of
				}
				name = filepath.Base(firstWord(found[2]))
				continue
			}
			if found := pySpyThread.FindStringSubmatch(part); found != nil && len(stack) == 0 {
				if id, err := strconv.Atoi(found[1]); err == nil {
					thread.ID = id
				}
				thread.Name = found[2]
				continue
			}
			if i > 4096 {
				break
			}
			stack = append([]int{build.Frame(pythonFrame(part))}, stack...)
		}
		build.Process(prof.Process{PID: thread.PID, Name: name})
		if len(stack) > 0 {
			build.Add(prof.Sample{Stack: stack, Thread: build.Thread(thread), Count: count, Weight: time.Duration(count) * each})
		}
	}
	return &build
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

func pythonFrame(text string) prof.Frame {
	found := pySpyFrame.FindStringSubmatch(text)
	if found == nil {
		return prof.Frame{Function: text, Kind: prof.Unknown}
	}
	frame := prof.Frame{Function: found[1], File: found[2], Module: "python"}
	frame.Line, _ = strconv.Atoi(found[3])
	switch {
	case strings.HasPrefix(frame.File, "<"): // <frozen importlib._bootstrap>
		frame.Kind = prof.Runtime
	case !strings.HasSuffix(frame.File, ".py"):
		frame.Kind = prof.Library
	default:
		frame.Kind = jitKind(place{function: frame.Function, file: frame.File}, "", "", false)
	}
	return frame
}
