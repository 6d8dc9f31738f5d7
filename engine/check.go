package engine

import (
	"fmt"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/traffic"
)

// Check says whether this machine can carry the job, and why not: bad figures
// (a rate of 0), or more connections than file descriptors. It raises this
// process's descriptor limit to the hard limit.
func Check(job Job) error {
	if _, err := prepare(job.Request); err != nil {
		return err
	}
	if s := job.Checks.Status; s != 0 && (s < 100 || s > 999) {
		return field.Errorf("expect-status", "%d is no HTTP status; pass 100 to 999, or 0 for any below 400", s)
	}
	load := job.Workload
	if err := load.Check(); err != nil {
		return err
	}
	open, fewer := load.Connections, flagname.Connections
	if load.Model == traffic.Users {
		open, fewer = load.Users, flagname.Users
	}
	if limit := raiseDescriptors(); limit > 0 && uint64(open)+ownDescriptors > limit {
		return fmt.Errorf("%d connections do not fit under this process's limit of %d file descriptors; raise it (ulimit -n %d) or ask for fewer with %s",
			open, limit, open+ownDescriptors, fewer)
	}
	return nil
}
