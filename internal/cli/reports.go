package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/page"
	"github.com/benchtui/benchtui/internal/stream"
)

// format is a kind of report that is written to a file.
type format struct {
	flag, help string
	write      func(io.Writer, report.Document) error
	overTime   bool // it shows how the run went, which is gathered for it
}

// formats are all of them, in the order in which they are written.
var formats = []format{
	{flag: "json", help: "write the result as JSON to a file, or - for stdout", write: ofResult(report.WriteJSON)},
	{flag: "csv", help: "write a row per contender as CSV to a file, or -", write: ofResult(report.WriteCSV)},
	{flag: "md", help: "write the leaderboard as a Markdown table to a file, or -", write: ofResult(report.WriteMarkdown)},
	{flag: "html", help: "write all that was measured as one HTML page to a file, or -", write: page.WriteHTML, overTime: true},
	{flag: "svg", help: "write the leaderboard as a picture to a file, or -", write: ofResult(page.WriteSVG)},
}

func ofResult(write func(io.Writer, stream.Result) error) func(io.Writer, report.Document) error {
	return func(w io.Writer, document report.Document) error { return write(w, document.Result) }
}

// reportPaths says where each report goes: a file, "-" for stdout, "" for nowhere.
type reportPaths struct {
	ofFormats []string // as formats has them

	// profile is for a profile of the server, profileOf the contender that it is of where
	// several have one; of a recording only.
	profile, profileOf string
}

func (p *reportPaths) register(set *pflag.FlagSet) {
	p.ofFormats = make([]string, len(formats))
	for i, one := range formats {
		set.StringVar(&p.ofFormats[i], one.flag, "", one.help)
	}
}

// overTime says whether a report is asked for that shows how the run went.
func (p reportPaths) overTime() bool {
	for i, path := range p.ofFormats {
		if path != "" && formats[i].overTime {
			return true
		}
	}
	return false
}

// reportFile is one report that was asked for.
type reportFile struct {
	flag, path string
	write      func(io.Writer, report.Document) error
}

// files are the reports that were asked for, in a fixed order.
func (p reportPaths) files() (asked []reportFile) {
	for i, path := range p.ofFormats {
		if path != "" {
			asked = append(asked, reportFile{"--" + formats[i].flag, path, formats[i].write})
		}
	}
	if p.profile != "" {
		asked = append(asked, reportFile{"--profile", p.profile, func(w io.Writer, document report.Document) error {
			return report.WriteProfile(w, p.profile, p.profileOf, document)
		}})
	}
	return asked
}

// toStdout is the flag of the report that stdout belongs to; "" if none.
func (p reportPaths) toStdout() string {
	for _, file := range p.files() {
		if file.path == "-" {
			return file.flag
		}
	}
	return ""
}

// named are the files that the reports go to.
func (p reportPaths) named() (named []namedFile) {
	for _, file := range p.files() {
		named = append(named, namedFile{file.flag, file.path, false})
	}
	return named
}

// write writes every report that was asked for; one that fails keeps none of the
// others from being written.
func (p reportPaths) write(ctx context.Context, document report.Document) error {
	var failed []error
	for _, file := range p.files() {
		var text bytes.Buffer
		err := file.write(&text, document)
		switch {
		case err != nil:
		case file.path == "-":
			if _, err = stdoutFile.Write(text.Bytes()); errors.Is(err, syscall.EPIPE) {
				err = nil // as with standardOutput
			}
		default:
			err = files.Write(ctx, file.path, text.Bytes())
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", file.flag, err))
		}
	}
	return allOf(failed)
}

// gathering folds a run's events into what the HTML report shows over time, off the
// run's path. A nil one gathers nothing.
type gathering struct {
	queue     *stream.Queue
	timelines *report.Timelines
	done      chan struct{}
}

// sinks begins to gather a run; of several runs the last one stays.
func (g *gathering) sinks() []stream.Sink {
	if g == nil {
		return nil
	}
	g.gathered() // the run before has ended
	queue, timelines, done := stream.NewQueue(math.MaxInt), &report.Timelines{}, make(chan struct{})
	g.queue, g.timelines, g.done = queue, timelines, done
	crash.Go(func() {
		defer close(done)
		for range queue.Ready() {
			events, open := queue.Take()
			for _, event := range events {
				timelines.Fold(event)
			}
			if !open {
				return
			}
		}
	})
	return []stream.Sink{g.queue.Emit}
}

// gathered is what was gathered of the last run, which must have ended.
func (g *gathering) gathered() []*report.Timeline {
	if g == nil || g.queue == nil {
		return nil
	}
	g.queue.Close()
	<-g.done
	return g.timelines.All
}

func reportCommand() *cobra.Command {
	var paths reportPaths
	var ascii asciiFlag
	command := &cobra.Command{
		Use:   "report [FILE|NUMBER]",
		Short: "Write reports from a recording, or from a result in JSON",
		Long: `Writes what a run found out, from a recording or from a result (--json). Without a
FILE it is the newest of the recordings that benchtui keeps of your runs; replay
--list shows them by number. Without a flag it prints the summary that the run ended
with. The charts over time of --html need a recording.`,
		Example: `  benchtui report run.btr --html report.html --md table.md
  benchtui report result.json --svg leaderboard.svg
  benchtui report run.btr --csv - | column -s, -t
  benchtui report run.btr --profile cpu.pb.gz && go tool pprof -http : cpu.pb.gz`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(errors.New("report takes one recording or result: benchtui report FILE --html report.html"))
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			if paths.profile != "" {
				if _, err := report.ProfileFormat(paths.profile); err != nil {
					return usage(fmt.Errorf("--profile: %w", err))
				}
			}
			document, err := readDocument(command.Context(), strings.Join(args, ""))
			if err != nil {
				return usage(err)
			}
			if err := writable(append([]namedFile{{"what the report is made from", document.path, true}, debugLogOf(command.Flags())}, paths.named()...)); err != nil {
				return usage(err)
			}
			if len(paths.files()) == 0 {
				err = report.WriteSummary(ascii.text(command.OutOrStdout()), document.Result)
			} else {
				ctx, release := untilInterrupted(command.Context())
				err = paths.write(ctx, document.Document)
				release()
			}
			if err != nil {
				return exitError{ExitNotMeasured, err}
			}
			if document.CutOff {
				return exitError{ExitNotMeasured, fmt.Errorf("%w; the report holds what it tells until then", recording.ErrCutOff)}
			}
			return nil
		},
	}
	command.Flags().SortFlags = false
	paths.register(command.Flags())
	command.Flags().StringVar(&paths.profile, "profile", "", "write the profile of a recording to a file: pprof (.pb.gz, .pprof), Speedscope (.json) or collapsed stacks (.folded, .txt)")
	command.Flags().StringVar(&paths.profileOf, "profile-of", "", "the contender whose profile that is, where several have one")
	ascii.register(command.Flags(), "in the text")
	return command
}

// namedDocument is a document and the file that it was read from.
type namedDocument struct {
	report.Document
	path string
}

// readDocument reads a recording, by its path or as replay names it, or a result.
func readDocument(ctx context.Context, name string) (namedDocument, error) {
	path, err := recordingNamed(recording.DefaultFolder(), name)
	if err != nil {
		return namedDocument{}, err
	}
	ctx, release := untilInterrupted(ctx)
	defer release()
	document, err := files.Await(ctx, func() (report.Document, error) {
		file, err := os.Open(path)
		if err != nil {
			return report.Document{}, err
		}
		defer file.Close()
		document, err := report.ReadDocument(file)
		if err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
		return document, err
	})
	return namedDocument{document, path}, err
}
