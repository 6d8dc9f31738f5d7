package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/report"
	"github.com/benchtui/benchtui/session"
)

// reportPaths says where each report goes: a file, "-" for stdout, "" for nowhere.
type reportPaths struct{ json, csv, markdown, html, svg string }

func (p *reportPaths) register(set *pflag.FlagSet) {
	set.StringVar(&p.json, "json", "", "write the result as JSON to a file, or - for stdout")
	set.StringVar(&p.csv, "csv", "", "write a row per contender as CSV to a file, or -")
	set.StringVar(&p.markdown, "md", "", "write the leaderboard as a Markdown table to a file, or -")
	set.StringVar(&p.html, "html", "", "write all that was measured as one HTML page to a file, or -")
	set.StringVar(&p.svg, "svg", "", "write the leaderboard as a picture to a file, or -")
}

// reportFile is one report that was asked for.
type reportFile struct {
	flag, path string
	write      func(io.Writer, report.Document) error
}

// files are the reports that were asked for, in a fixed order.
func (p reportPaths) files() (files []reportFile) {
	ofResult := func(write func(io.Writer, session.Result) error) func(io.Writer, report.Document) error {
		return func(w io.Writer, document report.Document) error { return write(w, document.Result) }
	}
	for _, file := range []reportFile{
		{"--json", p.json, ofResult(report.WriteJSON)},
		{"--csv", p.csv, ofResult(report.WriteCSV)},
		{"--md", p.markdown, ofResult(report.WriteMarkdown)},
		{"--html", p.html, report.WriteHTML},
		{"--svg", p.svg, ofResult(report.WriteSVG)},
	} {
		if file.path != "" {
			files = append(files, file)
		}
	}
	return files
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

// check refuses what can't be written before an hour of measuring, not after.
func (p reportPaths) check() error {
	seen := map[string]string{}
	for _, file := range p.files() {
		if before := seen[file.path]; before != "" {
			where := file.path
			if where == "-" {
				where = "stdout"
			}
			return fmt.Errorf("%s and %s both go to %s; give each a file of its own", before, file.flag, where)
		}
		seen[file.path] = file.flag
		if file.path == "-" {
			continue
		}
		if err := checkWritable(file.path); err != nil {
			return fmt.Errorf("%s: %w", file.flag, err)
		}
	}
	return nil
}

// write writes every report that was asked for; one that fails keeps none of the
// others from being written.
func (p reportPaths) write(document report.Document) error {
	var failed []error
	for _, file := range p.files() {
		var text bytes.Buffer
		err := file.write(&text, document)
		switch {
		case err != nil:
		case file.path == "-":
			_, err = os.Stdout.Write(text.Bytes())
		default:
			err = writeFile(file.path, text.Bytes())
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", file.flag, err))
		}
	}
	return errors.Join(failed...)
}

// gathering folds a run's events into what the HTML report shows over time, off the
// run's path. A nil one gathers nothing.
type gathering struct {
	queue     *session.Queue
	timelines *report.Timelines
	done      chan struct{}
}

// sinks begins to gather a run; of several runs the last one stays.
func (g *gathering) sinks() []session.Sink {
	if g == nil {
		return nil
	}
	g.gathered() // the run before has ended
	g.queue, g.timelines, g.done = session.NewQueue(math.MaxInt), &report.Timelines{}, make(chan struct{})
	go func(queue *session.Queue, timelines *report.Timelines, done chan struct{}) {
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
	}(g.queue, g.timelines, g.done)
	return []session.Sink{g.queue.Emit}
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
  benchtui report run.btr --csv - | column -s, -t`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(errors.New("report takes one recording or result: benchtui report FILE --html report.html"))
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			document, err := readDocument(strings.Join(args, ""))
			if err != nil {
				return usage(err)
			}
			if err := paths.check(); err != nil {
				return usage(err)
			}
			if len(paths.files()) == 0 {
				err = report.WriteSummary(ascii.text(command.OutOrStdout()), document.Result)
			} else {
				err = paths.write(document)
			}
			if err != nil {
				return exitError{exitNotMeasured, err}
			}
			if document.CutOff {
				return exitError{exitNotMeasured, fmt.Errorf("%w; the report holds what it tells until then", session.ErrCutOff)}
			}
			return nil
		},
	}
	command.Flags().SortFlags = false
	paths.register(command.Flags())
	ascii.register(command.Flags(), "in the text")
	return command
}

// readDocument reads a recording, by its path or as replay names it, or a result.
func readDocument(name string) (report.Document, error) {
	path, err := recordingNamed(session.DefaultRecordings(), name)
	if err != nil {
		return report.Document{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return report.Document{}, err
	}
	defer file.Close()
	document, err := report.ReadDocument(file)
	if err != nil {
		return document, fmt.Errorf("%s: %w", path, err)
	}
	return document, nil
}
