package procs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/files"
)

// NodeProfile is what V8's profiler saw in one process.
type NodeProfile struct {
	PID  int
	JSON []byte // as the protocol of Chrome's developer tools has it (Profiler.Profile); nil: there is none
	Why  string // if there is none
}

// ErrNoNodeProbe says that a child has no probe that could take a profile.
var ErrNoNodeProbe = errors.New("the server has no probe: it is no Node, or it was started without one")

// nodeProfiling is a profile that the script was asked for. It belongs to the probe's lock.
type nodeProfiling struct {
	id      string
	begun   map[int]bool   // who takes one
	refused map[int]string // who does not, and why
	done    map[int]bool   // whose file is there
	changed chan struct{}  // has room for one: something above changed
	over    chan struct{}  // closed when the child has ended
	end     sync.Once
	got     []NodeProfile // once it is over
}

// take reads a line about a profile and says whether it is one.
func (p *nodeProfiling) take(fields []string) bool {
	switch fields[0] {
	case "profiling", "profiled", "refused":
	default:
		return false
	}
	pid, err := strconv.Atoi(fields[1])
	if p == nil || err != nil || fields[2] != p.id {
		return true // of one that nobody waits for any more
	}
	switch fields[0] {
	case "profiling":
		p.begun[pid] = true
	case "profiled":
		p.done[pid] = true
	case "refused":
		p.refused[pid] = strings.Join(fields[3:], " ")
	}
	select {
	case p.changed <- struct{}{}:
	default:
	}
	return true
}

// waits says whether somebody who began has not ended.
func (p *nodeProfiling) waits() bool {
	for pid := range p.begun {
		if !p.done[pid] && p.refused[pid] == "" {
			return true
		}
	}
	return false
}

const (
	// commandPatience is how long the first process may take to begin: it looks four
	// times a second, if its loop turns. Twice as long as a turn is added: one in which each
	// of 64 connections has 50 ms computed for it takes three seconds.
	commandPatience = 3 * time.Second
	// longestTurn is how long a loop may turn once; one that takes longer is blocked, and
	// what it does is seen from outside.
	longestTurn = 4 * time.Second
	// stragglers is how long after the first others may begin of whom nobody knows yet; those
	// that are known of have commandPatience.
	stragglers = 500 * time.Millisecond
	// resultPatience is how much longer than it lasts a profile may take: to begin, in a
	// server with much on its heap and little of the CPU, and to be written.
	resultPatience = 10 * time.Second
	// mostProfile bounds what is read of one, in bytes.
	mostProfile = 64 << 20
)

// NodeProfile has the child, if it is a Node server with the probe, take a profile, and
// the workers of its cluster theirs. It ends early when the child does, with what it left.
func (c *Child) NodeProfile(ctx context.Context, length, interval time.Duration) ([]NodeProfile, error) {
	p := c.probe
	if p == nil {
		return nil, ErrNoNodeProbe
	}
	p.mu.Lock()
	switch {
	case p.word.Node == "" || p.pid == 0:
		p.mu.Unlock()
		return nil, ErrNoNodeProbe
	case p.profile != nil:
		p.mu.Unlock()
		return nil, errors.New("a profile of it is being taken already")
	}
	p.profiles++
	asked := &nodeProfiling{
		id: strconv.Itoa(p.profiles), begun: map[int]bool{}, refused: map[int]string{}, done: map[int]bool{},
		changed: make(chan struct{}, 1), over: make(chan struct{}),
	}
	p.profile = asked
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.profile = nil
	}()
	command := filepath.Join(p.dir, "command")
	text := fmt.Sprintf("%s %d %d\n", asked.id, length.Milliseconds(), interval.Microseconds())
	if err := os.WriteFile(command+".new", []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("ask node for a profile: %w", err)
	}
	if err := os.Rename(command+".new", command); err != nil {
		return nil, fmt.Errorf("ask node for a profile: %w", err)
	}
	defer os.Remove(command)
	began := time.Now()
	p.await(ctx, asked, length)
	asked.gather(p)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case len(asked.got) == 0 && ctx.Err() != nil:
		return nil, ctx.Err()
	case len(asked.got) == 0:
		return nil, fmt.Errorf("node did not begin a profile within %s: its event loop does not turn", time.Since(began).Round(time.Second))
	}
	return asked.got, nil
}

// turn is how long the loop takes to turn once, of late; 0 for one that is blocked.
func (p *eventLoopProbe) turn() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	turn := p.lastTurn
	if p.word.Workers > 0 { // whose loops nobody follows
		turn = 2 * time.Second
	}
	if !p.heardAt.IsZero() {
		turn = max(turn, time.Since(p.heardAt))
	}
	if turn > longestTurn {
		return 0
	}
	return turn
}

// await returns when all who began have ended, or nobody will.
func (p *eventLoopProbe) await(ctx context.Context, asked *nodeProfiling, length time.Duration) {
	turn := p.turn()
	patience := time.NewTimer(commandPatience + 2*turn)
	defer patience.Stop()
	var since time.Time // the first began
	known := 0          // of those who began
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked.over:
			return
		case <-patience.C:
			return
		case <-asked.changed:
		}
		p.mu.Lock()
		begun, refused, waits := len(asked.begun), len(asked.refused), asked.waits()
		all, late := 1, stragglers
		if p.word.Workers > 0 {
			all, late = p.word.Workers, commandPatience+2*turn
		}
		p.mu.Unlock()
		now := time.Now()
		if since.IsZero() {
			since = now
		}
		left := late - now.Sub(since) // in which others may begin
		switch {
		case !waits && (begun+refused >= all || left <= 0):
			return
		case !waits:
			patience.Reset(left)
		case begun > known:
			patience.Reset(length + resultPatience + 2*turn)
		}
		known = begun
	}
}

// gather reads what was written, once.
func (p *nodeProfiling) gather(probe *eventLoopProbe) {
	p.end.Do(func() {
		probe.mu.Lock()
		defer probe.mu.Unlock()
		found, _ := filepath.Glob(filepath.Join(probe.dir, "profile-"+p.id+"-*.json"))
		got := map[int]bool{}
		for _, path := range found {
			number := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "profile-"+p.id+"-"), ".json")
			pid, err := strconv.Atoi(number)
			if err != nil {
				continue
			}
			text, err := files.Read(path, mostProfile)
			os.Remove(path)
			if errors.Is(err, files.ErrTooLarge) {
				err = fmt.Errorf("its profile is longer than %d MB", mostProfile>>20)
			}
			if err != nil {
				p.refused[pid] = err.Error()
				continue
			}
			got[pid] = true
			p.got = append(p.got, NodeProfile{PID: pid, JSON: text})
		}
		for pid := range p.begun {
			if !got[pid] && p.refused[pid] == "" {
				p.refused[pid] = "it ended, or did not turn its event loop, before its profile was written"
			}
		}
		for pid, why := range p.refused {
			if !got[pid] {
				p.got = append(p.got, NodeProfile{PID: pid, Why: why})
			}
		}
	})
}

// endProfile takes what a child that has ended left of its profile.
func (p *eventLoopProbe) endProfile() {
	p.mu.Lock()
	asked := p.profile
	p.mu.Unlock()
	if asked == nil {
		return
	}
	asked.gather(p)
	close(asked.over)
}
