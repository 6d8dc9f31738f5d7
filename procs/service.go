package procs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
)

// Service is what a child was started for: to serve on a port. It lasts as long as
// the child does or, once that has ended, whoever listens there in its place: a server
// that goes to the background leaves another process to serve, which systemd-run or
// docker may have started.
type Service struct {
	child *Child
	port  int
	done  chan struct{}
	quit  chan struct{}
	once  sync.Once

	mu      sync.Mutex
	ready   bool
	heirs   []heir
	outside []heir // those of them that can't be told to be the child's
	exit    Exit   // of the last one that served
}

// heir is a process, named for good.
type heir struct {
	pid   int
	began origin
}

// Serve watches the child serve on the port.
func (c *Child) Serve(port int) *Service {
	s := &Service{child: c, port: port, done: make(chan struct{}), quit: make(chan struct{})}
	crash.Go(s.watch)
	return s
}

// Done is closed when nothing serves any more.
func (s *Service) Done() <-chan struct{} { return s.done }

// Exit says how it ended; only after Done.
func (s *Service) Exit() Exit {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.exit
}

// Ready says that it has answered: from now on it does not take a moment any more
// until it listens.
func (s *Service) Ready() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = true
}

// PID is the process that serves in the child's place; the child's while that runs.
func (s *Service) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.heirs) > 0 {
		return s.heirs[0].pid
	}
	return s.child.PID()
}

// Stop ends the child and all its descendants, as Child.Stop does, and who serves
// in its place.
func (s *Service) Stop(ctx context.Context, grace time.Duration) error {
	s.once.Do(func() { close(s.quit) })
	s.mu.Lock()
	outside := s.outside
	s.mu.Unlock()
	err := s.child.Stop(ctx, grace)
	if left := endProcesses(ctx, outside, grace); left != 0 && err == nil {
		err = fmt.Errorf("process %d, which serves on port %d, is still there; end it by hand", left, s.port)
	}
	return err
}

// How often is looked, and how long is waited for a server in the background to listen.
const (
	heirEvery    = 20 * time.Millisecond
	heirPatience = 2 * time.Second
)

func (s *Service) watch() {
	defer close(s.done)
	select {
	case <-s.child.Done():
	case <-s.quit:
		return
	}
	s.mu.Lock()
	s.exit = s.child.Exit()
	s.mu.Unlock()
	look := time.NewTicker(heirEvery)
	defer look.Stop()
	for limit := time.Now().Add(heirPatience); ; {
		switch s.look() {
		case serves:
			limit = time.Now().Add(heirEvery)
		case mayServe:
		case nobodyServes:
			if time.Now().After(limit) || s.wasReady() || s.Exit() != (Exit{}) {
				return
			}
		}
		select {
		case <-look.C:
		case <-s.quit:
			return
		}
	}
}

func (s *Service) wasReady() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready
}

// inheritance is what has become of the port.
type inheritance int

const (
	nobodyServes inheritance = iota
	mayServe                 // descendants are left, which may come to listen
	serves
)
