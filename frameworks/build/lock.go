package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is how often a lock that another build holds is tried again.
const lockPoll = 100 * time.Millisecond

// lock keeps every other build, of this process or another, from the same path
// until release is called. The kernel drops it when the process ends.
func lock(ctx context.Context, path string, waiting func()) (release func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file := flock.New(path, flock.SetPermissions(0o644))
	locked, err := file.TryLock()
	if err == nil && !locked {
		waiting()
		locked, err = file.TryLockContext(ctx, lockPoll)
	}
	switch {
	case locked:
		return func() { _ = file.Close() }, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}
