package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/run"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui"
)

// choose shows the choose screen and runs what is chosen there.
func choose(command *cobra.Command, flags *runFlags) error {
	out, err := flags.output(command.OutOrStdout(), nil)
	if err != nil {
		return usage(err)
	}
	if !out.screen {
		if !term.IsTerminal(int(os.Stdout.Fd())) || !term.IsTerminal(int(os.Stdin.Fd())) {
			return usage(errors.New("choosing needs a terminal; without one, name what to measure: benchtui run golang --plain"))
		}
		return usage(errors.New("--plain, and a report to stdout, leave no screen to choose on; name what to measure: benchtui run golang --plain"))
	}
	catalogue, builder, cacheDir, err := openBuilder()
	if err != nil {
		return err
	}
	named, err := flags.contenders(catalogue, nil)
	if err != nil {
		return usage(err)
	}
	all := append(catalogue.All(), named...)
	patient, release := untilInterrupted(command.Context())
	_, err = files.Await(patient, flags.body)
	release()
	if err != nil {
		return usage(fmt.Errorf("--data-file: %w", err))
	}
	choices, err := choices(command.Context(), all, builder, flags)
	if err != nil {
		return usage(err)
	}
	plan := func(selection tui.Selection) (run.Plan, error) {
		var chosen []frameworks.Contender
		for _, contender := range all {
			for _, id := range selection.Contenders {
				if contender.Manifest.ID == id {
					chosen = append(chosen, contender)
				}
			}
		}
		planned, err := flags.planOf(chosen, selection.Workload)
		return planned, byFlags(err)
	}
	tools := run.Tools{Builder: builder, LogDir: logDir(cacheDir)}
	return out.finish(onScreen(command.Context(), out, choices, plan, tools))
}

// choices is what can be chosen: every contender with its state, every workload
// that the flags leave possible.
func choices(ctx context.Context, all []frameworks.Contender, builder *build.Builder, flags *runFlags) (*tui.Choices, error) {
	chosen, err := flags.theWorkload(flags.workloadName())
	if err != nil {
		return nil, err
	}
	choices := &tui.Choices{Workload: chosen.Name, Found: finder(ctx, all, builder)}
	for _, contender := range all {
		// What a contender needs is looked for while the screen stands: asking the tools
		// for their versions takes seconds.
		facts := run.ContenderFactsOf(contender, build.State{})
		facts.State = tui.Looking
		choices.Contenders = append(choices.Contenders, facts)
		choices.Selected = append(choices.Selected, facts.ID)
	}
	for _, named := range plan.Workloads() {
		workload, err := flags.theWorkload(named.Name)
		if err != nil { // a flag that has no meaning for this one
			continue
		}
		choices.Workloads = append(choices.Workloads, workload)
	}
	if len(all) == 0 {
		return choices, nil
	}
	choices.CheckMachine = func() func(plan.Workload) []tui.Warning {
		const over = time.Second
		warnings := run.LookAtMachine(ctx, over)
		return func(workload plan.Workload) []tui.Warning {
			plan, err := flags.sketch(all[:1], workload)
			if err != nil {
				return nil
			}
			var found []tui.Warning
			for _, check := range warnings(plan) {
				found = append(found, tui.Warning{Title: check.Title, Fix: strings.ReplaceAll(strings.Join(check.Fix, "; "), "`", "")})
			}
			return found
		}
	}
	choices.Check = func(workload plan.Workload) error { // as a run's is
		_, err := flags.sketch(all[:1], workload)
		return byFlags(err)
	}
	return choices, nil
}

// finder tells of each contender in turn whether it can be measured here.
func finder(ctx context.Context, all []frameworks.Contender, builder *build.Builder) func() (tui.FoundContender, bool) {
	next := 0
	return func() (tui.FoundContender, bool) {
		if next == len(all) || ctx.Err() != nil {
			return tui.FoundContender{}, false
		}
		contender := all[next]
		next++
		state := builder.State(ctx, contender)
		facts := run.ContenderFactsOf(contender, state)
		return tui.FoundContender{Facts: facts, Details: detailsOf(contender, state)}, true
	}
}

// detailsOf is what else there is to know of a contender, a line each.
func detailsOf(contender frameworks.Contender, state build.State) (lines []string) {
	manifest := contender.Manifest
	if runs := strings.TrimSpace(state.Version + " " + parenthesised(state.Variant)); runs != "" {
		lines = append(lines, "runs as "+runs)
	}
	if manifest.Link != "" {
		lines = append(lines, manifest.Link)
	}
	if reason, unverified := manifest.Unverified(); unverified {
		lines = append(lines, "unverified: "+reason)
	}
	if manifest.Departs != "" {
		lines = append(lines, "what differs from the defaults: "+manifest.Departs)
	}
	return append(lines, manifest.Notes...)
}

// liveRun is a run as the screen sees it.
type liveRun struct {
	*run.Run
	queue *stream.Queue
}

func (s liveRun) Events() *stream.Queue { return s.queue }

// onScreen shows runs on the terminal until the person leaves, then prints the
// summary of the last one on the normal screen.
func onScreen(ctx context.Context, out output, choices *tui.Choices, plan func(tui.Selection) (run.Plan, error), tools run.Tools) (stream.Result, error) {
	ctx, release := untilAsked(ctx)
	written := sync.OnceFunc(func() { ignoreNextSignal(release) })
	defer written()
	// The screen may be left while a run is just beginning, beside this goroutine: who
	// holds the lock sees the run, and none begins after it was left.
	var turn sync.Mutex
	var left bool
	var last *run.Run
	var recorded *runRecording
	begin := func(selection tui.Selection) (tui.LiveRun, error) {
		plan, err := plan(selection)
		if err != nil {
			return nil, err
		}
		turn.Lock()
		defer turn.Unlock()
		if left {
			return nil, errors.New("the screen was left before the run began")
		}
		const waiting = 1024
		queue := stream.NewQueue(waiting)
		if err := recorded.finish(io.Discard); err != nil { // of the run before, which has ended
			return nil, err
		}
		var why error
		if recorded, why, err = out.beginRecording(ctx, plan); err != nil { // of several runs, --record keeps the last
			return nil, err
		}
		run := run.Start(ctx, plan, tools, slices.Concat(recorded.sinks(), out.gathering.sinks(), []stream.Sink{queue.Emit})...)
		recorded.watch(run, why)
		last = run
		crash.Go(func() {
			<-run.Done()
			queue.Close()
		})
		return liveRun{run, queue}, nil
	}
	err := tui.Run(ctx, tui.Options{Choices: choices, Begin: begin, NoColor: out.noColor, ASCII: bool(out.ascii), NoMouse: out.noMouse})
	turn.Lock()
	left = true
	turn.Unlock()
	if errors.Is(err, tui.ErrForced) || ctx.Err() != nil {
		err = nil // left in haste, which the result tells
	}
	if err != nil {
		err = exitError{ExitNotMeasured, fmt.Errorf("the screen: %w", err)}
	}
	if last == nil {
		return stream.Result{Interrupted: ctx.Err() != nil}, err
	}
	select {
	case <-last.Done():
	default: // no server may stay
		last.Force()
	}
	result := last.Wait()
	written()
	return result, allOf([]error{err, report.WriteSummary(out.text, result), recorded.finish(foreign.NewWriter(stderrFile))})
}
