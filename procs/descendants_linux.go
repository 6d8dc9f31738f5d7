package procs

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/procs/system"
	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/crash"
)

// ownGroup puts the command into a session and so a process group of its own, and has
// the kernel kill it should this process end without doing so.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// adoption is how orphans come to this process.
var adoption struct {
	once sync.Once
	// others says that orphans may come to us that none of our servers left: we are the
	// first process of a container, or took over a shell's children when it became us.
	others bool
}

// adoptOrphans makes this process the parent of descendants that lose theirs, in
// place of the machine's first process. So a daemon is found even if it left the
// Group and wiped its environment, as servers do that rewrite their title.
func adoptOrphans() {
	adoption.once.Do(func() {
		adoption.others = os.Getpid() == 1 || hasChildren(os.Getpid())
	})
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
}

// hasChildren says whether a process has some that it may not know of.
func hasChildren(pid int) bool {
	for _, other := range system.Processes(0) {
		if other.Parent == pid && !other.Ended() {
			return true
		}
	}
	return false
}

// buildMark stands in the environment of what builds start, and of nothing else.
const buildMark = "BENCHTUI_BUILD=1"

func ofBuild(environment []byte) bool {
	return bytes.Contains(append([]byte{0}, environment...), []byte("\x00"+buildMark+"\x00"))
}

// kin is how a child's descendants are known again after they left its group and lost
// their parent, and wiped the marker from their environment.
type kin struct {
	seen     map[int]uint64 // when each began that was seen while its parents still lived
	sessions map[int]bool   // that those began
	output   string         // the pipe that the child's output goes to; "" if unknown

	// unsure are those, when last looked, that begin: whose they are is not known yet.
	unsure []int
}

func kinOf(pid int) kin {
	k := kin{seen: map[int]uint64{}, sessions: map[int]bool{pid: true}}
	if output, err := os.Readlink(system.Path(pid, "fd/1")); err == nil && strings.HasPrefix(output, "pipe:") {
		k.output = output
	}
	return k
}

// holds says whether a process that came to us is one of them, by its environment among
// others. Where orphans can come from nobody but our servers, every one is.
func (k kin) holds(pid int, stat system.Stat, environment []byte) bool {
	switch {
	case k.sessions[stat.Session]:
		return true
	case ofBuild(environment): // a compiler's daemon, say, that a build step left
		return false
	case !adoption.others:
		return true
	case k.output == "":
		return false
	}
	for _, file := range []string{"fd/1", "fd/2"} {
		if output, err := os.Readlink(system.Path(pid, file)); err == nil && output == k.output {
			return true
		}
	}
	return false
}

// remember looks at the tree now and then, where what leaves it can only be known again
// if it was seen before.
func (c *Child) remember() {
	if !adoption.others {
		return
	}
	crash.Go(func() {
		const longest = 250 * time.Millisecond
		for pause := lookAtLeast; ; pause = min(2*pause, longest) {
			select {
			case <-c.done:
				return
			case <-time.After(pause):
			}
			c.stopping.Lock()
			c.left()
			c.stopping.Unlock()
		}
	})
}

// origin is when a process began, in ticks after boot. With its number it names
// the process for good.
type origin uint64

// started are the children that this process started. None is an orphan that came to
// it, though each looks like one until its program begins: in a session of its own, and
// without its marker.
var started struct {
	beginning sync.RWMutex // read-locked while a child begins
	origins   sync.Map     // of the last child of each number
}

// begin starts the child, and knows it before anybody can take it for an orphan.
func (c *Child) begin(start func() error) error {
	started.beginning.RLock()
	defer started.beginning.RUnlock()
	if err := start(); err != nil {
		return err
	}
	stat, _ := system.ReadStat(c.PID())
	c.origin, c.kin = origin(stat.Began), kinOf(c.PID())
	started.origins.Store(c.PID(), c.origin)
	return nil
}

// isStarted says which of the processes that were seen before are such children.
func isStarted() func(pid int, stat system.Stat) bool {
	started.beginning.Lock() // those that were seen as they began are known now
	defer started.beginning.Unlock()
	return func(pid int, stat system.Stat) bool {
		known, ok := started.origins.Load(pid)
		return ok && known == origin(stat.Began)
	}
}

// left lists what is left of the child's tree, zombies and the child itself left
// out: its group, whoever carries its marker, orphans that came to us, and all
// their descendants. It needs the lock.
func (c *Child) left() []int {
	others := system.Processes(uint64(c.origin))
	own := isStarted()
	self, session := os.Getpid(), sessionOf(0)
	ours := map[int]bool{c.PID(): true}
	c.kin.unsure = nil
	for pid, stat := range others {
		switch {
		case pid == c.PID():
		case stat.Ended():
			if stat.Parent == self && (stat.Group == c.PID() || c.kin.sessions[stat.Session] || c.kin.seen[pid] == stat.Began) {
				// An orphan that came to us: nobody else waits for it.
				_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil)
			}
		case stat.Group == c.PID(), c.kin.seen[pid] == stat.Began:
			ours[pid] = true
		default:
			environment, beginning := system.Environment(pid)
			marker, any := envMarkerIn(environment, c.envMarker)
			came := stat.Parent == self && stat.Session != session && !own(pid, stat)
			switch {
			case beginning == system.Forked: // by us, for a build say
			case marker && beginning == system.Begun:
				ours[pid] = true
			case came && beginning == system.BeginsProgram && stillThere(pid, stat):
				c.kin.unsure = append(c.kin.unsure, pid)
			case came && beginning == system.Begun && !any && c.kin.holds(pid, stat, environment):
				ours[pid] = true
			}
		}
	}
	for grown := true; grown; {
		grown = false
		for pid, stat := range others {
			if !ours[pid] && !stat.Ended() && ours[stat.Parent] {
				ours[pid], grown = true, true
			}
		}
	}
	delete(ours, c.PID())
	left := make([]int, 0, len(ours))
	for pid := range ours {
		left = append(left, pid)
		c.kin.seen[pid] = others[pid].Began
		if other := others[pid].Session; other != session {
			c.kin.sessions[other] = true
		}
	}
	return left
}

func sessionOf(pid int) int {
	session, err := unix.Getsid(pid)
	if err != nil {
		return -1
	}
	return session
}

// stillThere says that a process that was seen has not ended since.
func stillThere(pid int, seen system.Stat) bool {
	stat, ok := system.ReadStat(pid)
	return ok && stat.Began == seen.Began && !stat.Ended()
}

// envMarkerIn says whether an environment has the marker in it, and whether it has any.
func envMarkerIn(environment []byte, marker string) (this, any bool) {
	for variable := range bytes.SplitSeq(environment, []byte{0}) {
		name, _, _ := strings.Cut(string(variable), "=")
		any = any || strings.HasPrefix(name, markPrefix)
		this = this || name == marker
	}
	return this, any
}
