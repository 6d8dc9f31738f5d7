package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/plain"
	"github.com/benchtui/benchtui/internal/run"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui"
)

func runCommand() *cobra.Command {
	var flags runFlags
	var all bool
	command := &cobra.Command{
		Use:   "run [ID|FILE|URL...]",
		Short: "Measure contenders and rank them; without a name, all that this machine can build",
		Example: `  benchtui run golang expressjs
  benchtui run expressjs -w article --plain
  benchtui run --all -w burst
  benchtui run expressjs golang --path '/json?n=500'
  benchtui run golang -w rate -q 5000 -z 20s --json result.json
  benchtui run --cmd 'mine=./server --port {port}' --path /hello
  benchtui run http://127.0.0.1:8080/hello --pid 412`,
		RunE: func(command *cobra.Command, args []string) error {
			if all && len(args) > 0 {
				return usage(fmt.Errorf("--all is every contender already; leave out %s, or --all", strings.Join(args, " ")))
			}
			return runNamed(command, &flags, args, all)
		},
	}
	flags.register(command)
	command.Flags().BoolVar(&all, "all", false, "every contender that this machine can build; so it is too without a name")
	return command
}

// openBuilder is what every command that looks at contenders needs.
func openBuilder() (*frameworks.Catalogue, *build.Builder, string, error) {
	catalogue, err := frameworks.Embedded()
	if err != nil {
		return nil, nil, "", exitError{ExitNotMeasured, err}
	}
	cacheDir, err := build.DefaultCacheDir()
	if err != nil { // what must be built will say so; the rest needs none
		cacheDir = ""
	}
	self, err := ownPath()
	if err != nil {
		return nil, nil, "", exitError{ExitNotMeasured, fmt.Errorf("find this program's own path: %w", err)}
	}
	return catalogue, build.NewBuilder(cacheDir, self), cacheDir, nil
}

// logDir is where servers' logs go; "" for nowhere.
func logDir(cacheDir string) string {
	if cacheDir == "" {
		return ""
	}
	return filepath.Join(cacheDir, "logs")
}

func runNamed(command *cobra.Command, flags *runFlags, args []string, all bool) error {
	catalogue, builder, cacheDir, err := openBuilder()
	if err != nil {
		return err
	}
	patient, release := untilInterrupted(command.Context())
	defer release()
	contenders, err := files.Await(patient, func() ([]frameworks.Contender, error) { return flags.contenders(catalogue, args) })
	if err != nil {
		return usage(err)
	}
	var leftOut []string
	if all || len(contenders) == 0 {
		var here []frameworks.Contender
		here, leftOut = buildable(command.Context(), catalogue, builder)
		contenders = append(here, contenders...)
	}
	plan, err := files.Await(patient, func() (run.Plan, error) { return flags.plan(contenders, flags.workloadName()) })
	if err != nil {
		return usage(err)
	}
	release()
	out, err := flags.output(command.OutOrStdout(), contenders)
	if err != nil {
		return usage(err)
	}
	tools := run.Tools{Builder: builder, LogDir: logDir(cacheDir)}
	if out.screen {
		return out.finish(onScreen(command.Context(), out, nil, func(tui.Selection) (run.Plan, error) { return plan, nil }, tools))
	}
	sayLeftOut(out.text, leftOut)
	result, err := inText(command.Context(), plan, tools, &out)
	return out.finish(result, err)
}

// buildable is every contender that can be measured on this machine, and the ids of those that can't.
func buildable(ctx context.Context, catalogue *frameworks.Catalogue, builder *build.Builder) (here []frameworks.Contender, leftOut []string) {
	for _, contender := range catalogue.All() {
		if builder.State(ctx, contender).Kind == build.Missing {
			leftOut = append(leftOut, contender.Manifest.ID)
			continue
		}
		here = append(here, contender)
	}
	return here, leftOut
}

// ownPath is this program's file: as the kernel tells it, or, where there is no /proc, as
// it was called.
func ownPath() (string, error) {
	path, err := os.Executable()
	if err == nil {
		return path, nil
	}
	called := os.Args[0]
	folders := []string{""}
	if filepath.Base(called) == called {
		folders = filepath.SplitList(os.Getenv("PATH"))
	}
	for _, folder := range folders {
		found, failed := filepath.Abs(filepath.Join(folder, called))
		if failed != nil {
			continue
		}
		if info, failed := os.Stat(found); failed == nil && info.Mode().IsRegular() {
			return found, nil
		}
	}
	return "", err
}

// sayLeftOut tells which contenders are not here, so that none is missed unseen.
func sayLeftOut(w io.Writer, ids []string) {
	if len(ids) > 0 {
		fmt.Fprintf(w, "left out, as this machine lacks what they need (benchtui list says what): %s\n", strings.Join(ids, ", "))
	}
}

// output is where a run's results go.
type output struct {
	screen     bool
	stdout     io.Writer
	text       io.Writer // the plain lines and the summary
	plain      plain.Options
	reports    reportPaths
	gathering  *gathering // for the HTML report; nil if none is asked for
	recordPath string
	noRecord   bool
	thresholds []plan.Threshold
	noColor    bool
	ascii      asciiFlag
	noMouse    bool
	readerLeft bool // of the text, before its end
}

func (f *runFlags) output(stdout io.Writer, contenders []frameworks.Contender) (output, error) {
	out := output{
		stdout: stdout, text: stdout,
		reports: f.reports, recordPath: f.record, noRecord: f.noRecord,
		noColor: f.noColor || os.Getenv("NO_COLOR") != "",
		ascii:   f.ascii, noMouse: f.noMouse,
		plain: plain.Options{Quiet: f.quiet},
	}
	if f.reports.toStdout() != "" { // stdout is the report's alone
		out.text = foreign.NewWriter(stderrFile)
	}
	if f.reports.overTime() {
		out.gathering = &gathering{}
	}
	out.text = f.ascii.text(out.text)
	if out.noRecord && out.recordPath != "" {
		return out, errors.New("--record and --no-record contradict each other; pass one of them")
	}
	terminal := term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stdin.Fd()))
	out.screen = terminal && !f.plain && f.reports.toStdout() == ""
	for _, text := range f.failIf {
		threshold, err := plan.ParseThreshold(text)
		if err != nil {
			return out, fmt.Errorf("--fail-if %w", err)
		}
		out.thresholds = append(out.thresholds, threshold)
	}
	named := append(f.given(contenders), namedFile{"--record", f.record, false}, debugLogOf(f.set))
	return out, writable(append(named, f.reports.named()...))
}

// given are the files that the run is made from.
func (f *runFlags) given(contenders []frameworks.Contender) (named []namedFile) {
	named = append(named, namedFile{"the request's body", f.dataFile, true})
	for _, contender := range contenders {
		switch contender.Origin {
		case frameworks.OriginEmbedded, frameworks.OriginCommand, frameworks.OriginURL:
		default:
			named = append(named, namedFile{"a contender's manifest", contender.Origin, true})
		}
	}
	return named
}

// inText runs the plan and prints what happens as lines.
func inText(ctx context.Context, plan run.Plan, tools run.Tools, out *output) (stream.Result, error) {
	const waiting = 4096
	queue := stream.NewQueue(waiting)
	patient, release := untilInterrupted(ctx)
	recording, why, err := out.beginRecording(patient, plan)
	release()
	if err != nil {
		return stream.Result{}, usage(err)
	}
	run := run.Start(ctx, plan, tools, slices.Concat(recording.sinks(), out.gathering.sinks(), []stream.Sink{queue.Emit})...)
	recording.watch(run, why)
	crash.Go(func() {
		<-run.Done()
		queue.Close()
	})
	release = stopOnSignal(run)

	plain := plain.New(out.text, out.plain)
	var unwritten error
	for range queue.Ready() {
		events, open := queue.Take()
		for _, event := range events {
			if err := plain.Emit(event); err != nil && unwritten == nil {
				unwritten = err
				run.Stop() // nobody reads any more
			}
			if !out.readerLeft && (hasLeft(out.stdout) || errors.Is(unwritten, syscall.EPIPE)) {
				out.readerLeft = true
				run.Stop()
			}
		}
		if !open {
			break
		}
	}
	result := run.Wait()
	ignoreNextSignal(release)
	return result, allOf([]error{stdoutError(unwritten), recording.finish(foreign.NewWriter(stderrFile))})
}

// stopOnSignal stops the run at the first signal and forces it at the second.
func stopOnSignal(run *run.Run) (release func()) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, endingSignals()...)
	done := make(chan struct{})
	crash.Go(func() {
		for count := 0; ; count++ {
			select {
			case <-signals:
				losePatience()
				if count == 0 {
					run.Stop()
				} else {
					run.Force()
				}
			case <-done:
				return
			}
		}
	})
	return func() {
		signal.Stop(signals)
		close(done)
	}
}

// ignoreNextSignal comes between the end of a run and the end of the program: a
// signal must not lose what was measured. The first one after the release is let
// pass, the next ends the program as ever.
func ignoreNextSignal(release func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, endingSignals()...)
	release()
	crash.Go(func() {
		<-signals
		losePatience()
		signal.Stop(signals)
	})
}

// finish writes what outlives the run, holds it against --fail-if and chooses the exit
// code. Whatever else went wrong, all of it is done and told. Of several codes the
// first of these counts: interrupted, a --fail-if held, not all could be measured or
// written; usage errors come before there is a result.
func (o output) finish(result stream.Result, err error) error {
	if result.Schema == "" {
		if err == nil && result.Interrupted {
			err = exitError{ExitInterrupted, errors.New("interrupted before anything was measured")}
		}
		return err
	}
	ctx, release := untilInterrupted(context.Background())
	defer release()
	failed := o.reports.write(ctx, report.Document{Result: result, Timelines: o.gathering.gathered()})
	var unwritten *outputError // the run was stopped since its text could not be written, by nobody
	interrupted := result.Interrupted && !errors.As(err, &unwritten)
	fired := o.fired(result)
	for _, told := range fired {
		fmt.Fprintln(foreign.NewWriter(stderrFile), "benchtui: --fail-if", told)
	}
	troubles := []error{err, failed}
	for _, left := range result.Left { // whoever does not read along must know, too
		troubles = append(troubles, errors.New(left))
	}
	for _, contender := range result.Contenders {
		if contender.Status != stream.StatusOK && !result.Interrupted {
			troubles = append(troubles, fmt.Errorf("%s: %s", contender.ID, contender.StatusDetail))
		}
	}
	trouble := allOf(troubles)
	switch {
	case interrupted && o.readerLeft: // as head does: it has had what it wanted
		return exitError{ExitInterrupted, cmp.Or(trouble, errors.New(""))}
	case interrupted:
		return exitError{ExitInterrupted, allOf([]error{trouble, errors.New("interrupted; the figures are those measured until then")})}
	case len(fired) > 0:
		return exitError{ExitFailIf, cmp.Or(trouble, errors.New(""))}
	case trouble != nil:
		return exitError{ExitNotMeasured, trouble}
	}
	return nil
}

// fired are the conditions of --fail-if that fail the run, in words.
func (o output) fired(result stream.Result) (fired []string) {
	for _, contender := range result.Contenders {
		for _, threshold := range o.thresholds {
			if fires, told := threshold.Fires(contender); fires {
				fired = append(fired, fmt.Sprintf("%s (%s)", told, contender.ID))
			}
		}
	}
	return fired
}

// allOf is several errors as one, each on a line that begins like the first; nil of none.
func allOf(errs []error) error {
	var all error
	for _, err := range errs {
		switch {
		case err == nil:
		case all == nil:
			all = err
		default:
			all = fmt.Errorf("%w\nbenchtui: %w", all, err)
		}
	}
	return all
}
