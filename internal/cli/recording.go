package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/run"
	"github.com/benchtui/benchtui/internal/stream"
)

// runRecording is the recording of one run.
type runRecording struct {
	*recording.File
	asked bool // by --record: its failure is an error
}

// beginRecording begins what the flags ask for: a recording in a file of theirs, one
// in the user's data directory, or none. None there is also where there is no place
// for one that no flag asked for; why then says so.
func (o output) beginRecording(ctx context.Context, plan run.Plan) (begun *runRecording, why error, err error) {
	switch {
	case o.recordPath != "":
		file, err := files.Await(ctx, func() (*recording.File, error) { return recording.RecordTo(o.recordPath, version) })
		if err != nil {
			return nil, nil, fmt.Errorf("--record: %w", err)
		}
		return &runRecording{file, true}, nil, nil
	case o.noRecord:
		return nil, nil, nil
	}
	file, err := recording.DefaultFolder().Record(plan.Workload.Name, plan.IDs(), version, time.Now())
	if err != nil {
		return nil, fmt.Errorf("this run is not recorded: %w", err), nil
	}
	return &runRecording{file, false}, nil, nil
}

// sinks is the recording as a consumer of events; none for none.
func (r *runRecording) sinks() []stream.Sink {
	if r == nil {
		return nil
	}
	return []stream.Sink{r.Emit}
}

// watch tells on the run's own stream that its recording ended early, or was never begun.
func (r *runRecording) watch(run *run.Run, why error) {
	if why != nil {
		run.Notify(why.Error())
	}
	if r == nil {
		return
	}
	crash.Go(func() {
		select {
		case err := <-r.Failed():
			run.Notify(fmt.Sprintf("the recording ends here, the run goes on: %v", err))
		case <-run.Done():
		}
	})
}

// finish ends the recording once the run has ended, and says where it is. Of a pipe
// whose reader takes nothing, a signal ends the wait.
func (r *runRecording) finish(w io.Writer) error {
	if r == nil {
		return nil
	}
	ctx, release := context.Background(), func() {}
	if info, err := os.Stat(r.Path()); err != nil || !info.Mode().IsRegular() {
		ctx, release = untilInterrupted(ctx)
	}
	defer release()
	_, err := files.Await(ctx, func() (struct{}, error) { return struct{}{}, r.Close() })
	if err != nil {
		err = fmt.Errorf("the recording %s ended early: %w", homely(r.Path()), err)
		if r.asked {
			return exitError{ExitNotMeasured, err}
		}
		_, err = fmt.Fprintln(w, err)
		return err
	}
	info, err := os.Stat(r.Path())
	if err != nil || !info.Mode().IsRegular() { // a pipe or a device: nothing to replay
		return nil
	}
	again := "benchtui replay"
	if r.asked {
		again += " " + r.Path()
	}
	_, err = fmt.Fprintf(w, "recorded in %s (%s); see it again: %s\n", homely(r.Path()), figure.Size(uint64(info.Size())), again)
	return err
}

// homely is a path as people write it.
func homely(path string) string {
	home, err := os.UserHomeDir()
	if err != nil || home == "" {
		return path
	}
	if rest, ok := strings.CutPrefix(path, strings.TrimSuffix(home, string(filepath.Separator))+string(filepath.Separator)); ok {
		return "~" + string(filepath.Separator) + rest
	}
	return path
}

// errNoRecordings tells that there is nothing to replay.
var errNoRecordings = errors.New("there is no recording yet: benchtui run records one, benchtui demo shows one")
