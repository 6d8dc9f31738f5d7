//go:build unix

package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
)

// jobserver shares the machine's cores among builds, in the way of GNU make: a
// named pipe holds a token for each core, every build takes one, and a builder
// that knows the way (cargo, rustc, cc's of crates, make 4.4) takes more for what it
// runs beside itself, and puts them back.
type jobserver struct {
	dir  string
	pipe *os.File
}

func newJobserver(tokens int) (*jobserver, error) {
	dir, err := os.MkdirTemp("", "benchtui-jobs-")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "tokens")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("make pipe %s: %w", path, err), os.RemoveAll(dir))
	}
	// Open for both, so that it neither waits for another end nor ends with one;
	// not blocking, so that a wait for a token can be given up.
	pipe, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	j := &jobserver{dir: dir, pipe: pipe}
	for range tokens {
		j.give()
	}
	return j, nil
}

// take waits for a token.
func (j *jobserver) take(ctx context.Context) error {
	defer context.AfterFunc(ctx, crash.Guarded(func() { _ = j.pipe.SetReadDeadline(time.Unix(1, 0)) }))()
	_, err := j.pipe.Read(make([]byte, 1))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// give puts a token back. The pipe holds far more than there are cores.
func (j *jobserver) give() { _, _ = j.pipe.Write([]byte("+")) }

// environ tells the programs of a build where the tokens are.
func (j *jobserver) environ() []string {
	return []string{"MAKEFLAGS= -j --jobserver-auth=fifo:" + filepath.Join(j.dir, "tokens")}
}

func (j *jobserver) close() error { return errors.Join(j.pipe.Close(), os.RemoveAll(j.dir)) }
