package procs

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/measure"
)

// EventLoopWord is what was heard from a child's event loop.
type EventLoopWord struct {
	Node    string              // the version that loaded the probe: "v20.20.2"; "": none did
	Workers int                 // of a cluster: they answer and have loops of their own, which the probe does not see
	Loops   []measure.EventLoop // since the word before, oldest first
	Silent  time.Duration       // since the last of all; 0 before the first, and once the probe has ended
	Runtime measure.Runtime     // of heaps and collections, the workers' of a cluster too; since the word before
}

// EventLoopScript begins the name of the folder with the script that Command.EventLoop
// loads; by it a server's log tells that the script was in its way.
const EventLoopScript = "benchtui-event-loop-"

//go:embed eventloop_probe.js
var eventLoopScript []byte

// Names of the variables that the script reads and deletes.
const (
	nodeOptionsVariable    = "NODE_OPTIONS"
	eventLoopVariable      = "BENCHTUI_EVENT_LOOP_FD"
	oldNodeOptionsVariable = "BENCHTUI_NODE_OPTIONS" // NODE_OPTIONS as it was, if it was set
)

// eventLoopProbe is a script in a Node server, and the pipe that it reports to.
type eventLoopProbe struct {
	dir     string // of the script; there until the child ends: worker threads load it too
	script  string
	reader  *os.File
	writer  *os.File     // the child's end; closed here once it has it
	workers *workersPipe // nil where there is none
	done    chan struct{}

	mu       sync.Mutex
	pid      int // of the process that said hello last: the one that is followed
	word     EventLoopWord
	heardAt  time.Time         // the last of Loops; zero once nothing more can come
	lastTurn time.Duration     // that the last of Loops is of: the time between two reports
	heaps    map[int]*nodeHeap // of that process and of its cluster's workers
	asked    time.Time         // when since was called last
	profile  *nodeProfiling    // under way; nil: none
	profiles int               // asked for so far
}

// openEventLoopProbe makes script and pipe.
func openEventLoopProbe() (*eventLoopProbe, error) {
	dir, err := os.MkdirTemp("", EventLoopScript)
	if err != nil {
		return nil, fmt.Errorf("event-loop probe: make a folder for its script: %w; "+flagname.NoProbes+" leaves it out", err)
	}
	p := &eventLoopProbe{dir: dir, script: filepath.Join(dir, "probe.js"), done: make(chan struct{})}
	if err = os.WriteFile(p.script, eventLoopScript, 0o600); err == nil {
		p.reader, p.writer, err = os.Pipe()
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("event-loop probe: %w; "+flagname.NoProbes+" leaves it out", err)
	}
	p.workers = openWorkersPipe(dir)
	return p, nil
}

// give has the command start with the probe.
func (p *eventLoopProbe) give(cmd *exec.Cmd) {
	const standard = 3 // stdin, stdout and stderr come first
	number := standard + len(cmd.ExtraFiles)
	cmd.ExtraFiles = append(cmd.ExtraFiles, p.writer)
	cmd.Env = p.env(cmd.Env, number)
}

// env is the child's environment with the probe in it. number is the pipe's in the child.
func (p *eventLoopProbe) env(env []string, number int) []string {
	options := "--require=" + quoteNodeOption(p.script)
	added := []string{eventLoopVariable + "=" + strconv.Itoa(number)}
	if old, set := lastOf(env, nodeOptionsVariable); set {
		added = append(added, oldNodeOptionsVariable+"="+old)
		options += " " + old
	}
	return append(slices.Clone(env), append(added, nodeOptionsVariable+"="+options)...)
}

// lastOf is a variable's value; of several the last counts.
func lastOf(env []string, name string) (value string, set bool) {
	for _, pair := range env {
		if found, ok := strings.CutPrefix(pair, name+"="); ok {
			value, set = found, true
		}
	}
	return value, set
}

// quoteNodeOption writes a value as Node reads NODE_OPTIONS: spaces part, double
// quotes hold together, and only between them a backslash escapes.
func quoteNodeOption(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// started lets go of what is the child's, and begins to listen.
func (p *eventLoopProbe) started() {
	if p == nil {
		return
	}
	p.neverWaits()
	p.writer.Close()
	p.workers.listen(p.take)
	crash.Go(func() {
		defer close(p.done)
		p.listen(p.reader)
	})
}

// notStarted takes back what openEventLoopProbe made.
func (p *eventLoopProbe) notStarted() {
	if p == nil {
		return
	}
	p.writer.Close()
	p.reader.Close()
	p.workers.close(false)
	os.RemoveAll(p.dir)
}

// Ended reads what is still there when the child has ended. A descendant may hold
// the pipe open; nobody waits for it.
func (p *eventLoopProbe) ended() {
	if p == nil {
		return
	}
	if !closedWithin(p.done, outputAfterDeath) {
		_ = p.reader.SetReadDeadline(time.Now())
		<-p.done
	}
	p.reader.Close()
	p.workers.close(true)
	p.endProfile()
	os.RemoveAll(p.dir)
}

func (p *eventLoopProbe) listen(from io.Reader) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		p.take(lines.Text(), time.Now())
	}
	_, _ = io.Copy(io.Discard, from) // whoever writes longer lines is not ours
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heardAt = time.Time{} // a closed pipe is no sign of a blocked loop
}

// mostLoops bounds what waits for somebody to ask for it: about a minute.
const mostLoops = 240

// take reads a line of the script. What is not understood is none of it: the
// Number of the pipe is the server's to write to as well.
func (p *eventLoopProbe) take(line string, now time.Time) {
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return
	}
	pid, err := strconv.Atoi(fields[1])
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case fields[0] == "hello":
		p.pid, p.word.Node, p.word.Workers = pid, fields[2], 0
		p.heaps = map[int]*nodeHeap{pid: {}}
	case fields[0] == "worker":
		if parent, err := strconv.Atoi(fields[2]); err == nil && parent == p.pid && p.heaps != nil && len(p.heaps) < mostHeaps {
			p.heaps[pid] = &nodeHeap{}
		}
	case p.heaps[pid] == nil: // of a process that is not followed
	case fields[0] == "heap":
		p.heaps[pid].take(fields[2:], now)
	case p.profile.take(fields):
	case pid != p.pid: // one of several servers; one is followed
	case fields[0] == "cluster":
		workers, err := strconv.Atoi(fields[2])
		if err != nil || workers < 0 {
			return
		}
		p.word.Workers, p.word.Loops = workers, nil
	case fields[0] == "loop":
		loop, ok := readEventLoop(fields[2:])
		if !ok {
			return
		}
		p.heardAt, p.lastTurn = now, loop.Over
		if len(p.word.Loops) == mostLoops {
			p.word.Loops = slices.Delete(p.word.Loops, 0, 1)
		}
		p.word.Loops = append(p.word.Loops, loop)
	}
}

func readEventLoop(fields []string) (loop measure.EventLoop, ok bool) {
	if len(fields) != 5 {
		return loop, false
	}
	var values [5]float64
	for i, field := range fields {
		value, err := strconv.ParseFloat(field, 64)
		if err != nil || !(value >= 0 && value <= 1e9) {
			return loop, false
		}
		values[i] = value
	}
	return measure.EventLoop{
		Over:        time.Duration(values[0] * float64(time.Millisecond)),
		Utilization: min(1, values[1]),
		DelayP50MS:  values[2],
		DelayP99MS:  values[3],
		DelayMaxMS:  values[4],
	}, true
}

// sinceAll is what was heard since the call before.
func (p *eventLoopProbe) since(now time.Time) EventLoopWord {
	if p == nil {
		return EventLoopWord{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	word := p.word
	p.word.Loops = nil
	if !p.heardAt.IsZero() {
		word.Silent = max(0, now.Sub(p.heardAt))
	}
	word.Runtime = p.runtime(now)
	return word
}
