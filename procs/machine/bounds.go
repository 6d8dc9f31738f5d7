package machine

import (
	"io/fs"
	"path"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
)

// bounds are what the control groups of this process let it use; missing without
// a bound. A container is bounded by them, and sees the whole machine all the same.
type bounds struct{ cores, memory, tasks figure.Value }

// boundsOf reads both versions of control groups. Each level may bound, so the
// least of the way up counts; in a namespace of its own a group sees itself as
// the root, whose files bound it.
func boundsOf(files fs.FS) (found bounds) {
	const root = "sys/fs/cgroup"
	for line := range strings.Lines(textOf(files, "proc/self/cgroup")) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // number:controllers:path
		if len(parts) != 3 {
			continue
		}
		for at := path.Clean("/" + parts[2]); ; at = path.Dir(at) {
			if parts[1] == "" {
				found = found.and(boundsOfGroup(files, root+strings.TrimSuffix(at, "/")))
			}
			for controller := range strings.SplitSeq(parts[1], ",") {
				if controller != "" {
					found = found.and(boundsOfOldGroup(files, root+"/"+controller+strings.TrimSuffix(at, "/")))
				}
			}
			if at == "/" {
				break
			}
		}
	}
	return found
}

func (b bounds) and(other bounds) bounds {
	return bounds{least(b.cores, other.cores), least(b.memory, other.memory), least(b.tasks, other.tasks)}
}

// boundsOfGroup reads a group of version 2, where "max" is no bound.
func boundsOfGroup(files fs.FS, dir string) bounds {
	found := bounds{memory: figureIn(files, dir+"/memory.max"), tasks: figureIn(files, dir+"/pids.max")}
	if words := strings.Fields(textOf(files, dir+"/cpu.max")); len(words) == 2 {
		found.cores = share(figureOf(words[0]), figureOf(words[1]))
	}
	return found
}

// boundsOfOldGroup reads a group of version 1, where -1 is no bound, and of memory
// a number that no machine has.
func boundsOfOldGroup(files fs.FS, dir string) bounds {
	const unbound = 1 << 60
	found := bounds{
		cores:  share(figureIn(files, dir+"/cpu.cfs_quota_us"), figureIn(files, dir+"/cpu.cfs_period_us")),
		memory: figureIn(files, dir+"/memory.limit_in_bytes"),
		tasks:  figureIn(files, dir+"/pids.max"),
	}
	if found.memory.Value >= unbound {
		found.memory = figure.Value{}
	}
	return found
}

// share is how many cores a quota of each period is.
func share(quota, period figure.Value) figure.Value {
	if !quota.Known || !period.Known || quota.Value <= 0 || period.Value <= 0 {
		return figure.Value{}
	}
	return figure.Of(quota.Value / period.Value)
}
