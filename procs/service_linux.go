package procs

import (
	"context"
	"os"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/procs/system"
	"golang.org/x/sys/unix"
)

// look sees who serves now that the child has ended.
func (s *Service) look() inheritance {
	s.mu.Lock()
	defer s.mu.Unlock()
	var alive []heir
	for _, heir := range s.heirs {
		if ended, exit := endOf(heir); !ended {
			alive = append(alive, heir)
		} else {
			s.exit = exit
		}
	}
	if len(alive) > 0 {
		s.heirs = alive
		return serves
	}
	s.child.stopping.Lock()
	left := s.child.left()
	s.child.stopping.Unlock()
	ours := map[int]bool{}
	for _, pid := range left {
		ours[pid] = true
	}
	sockets, _ := system.ListenSockets(s.port)
	var heirs, outside []heir
	if len(sockets) > 0 {
		all := system.Processes(uint64(s.child.origin))
		for _, pid := range system.Owners(sockets, all) {
			one := heir{pid, origin(all[pid].Began)}
			heirs = append(heirs, one)
			if !ours[pid] && all[pid].Name != "docker-proxy" {
				outside = append(outside, one)
			}
		}
	}
	if len(heirs) > 0 {
		s.heirs, s.outside = heirs, append(s.outside, outside...)
		return serves
	}
	// What was left may come to listen yet, if the child ended in order before it
	// had served; afterwards it is a remainder.
	if len(left) > 0 && !s.ready && s.exit == (Exit{}) {
		return mayServe
	}
	return nobodyServes
}

// endOf says whether a process has ended, and how, if we are the one to be told.
func endOf(p heir) (ended bool, exit Exit) {
	unknown := Exit{Code: -1}
	stat, ok := system.ReadStat(p.pid)
	switch {
	case !ok || origin(stat.Began) != p.began:
		return true, unknown
	case !stat.Ended():
		return false, Exit{}
	case stat.Parent != os.Getpid():
		return true, unknown
	}
	var status unix.WaitStatus
	if pid, err := unix.Wait4(p.pid, &status, unix.WNOHANG, nil); err != nil || pid != p.pid {
		return true, unknown
	}
	if status.Signaled() {
		return true, Exit{Code: -1, Signal: signalName(syscall.Signal(status.Signal()))}
	}
	return true, Exit{Code: status.ExitStatus()}
}

// endProcesses asks them to end, and kills those that have not when the grace is
// over. It returns one that is still there; 0: none is.
func endProcesses(ctx context.Context, all []heir, grace time.Duration) (left int) {
	send := func(signal syscall.Signal) {
		for _, one := range all {
			if ended, _ := endOf(one); !ended {
				_ = syscall.Kill(one.pid, signal)
			}
		}
	}
	gone := func(within time.Duration, least int) bool {
		for limit, looks := time.Now().Add(within), 0; ; looks++ {
			left = 0
			for _, one := range all {
				if ended, _ := endOf(one); !ended {
					left = one.pid
				}
			}
			if left == 0 || looks >= least && time.Now().After(limit) {
				return left == 0
			}
			select {
			case <-ctx.Done():
				limit = time.Now()
			case <-time.After(lookAtMost):
			}
		}
	}
	if len(all) == 0 {
		return 0
	}
	send(syscall.SIGTERM)
	if gone(grace, 0) {
		return 0
	}
	send(syscall.SIGKILL)
	ctx = context.WithoutCancel(ctx)
	gone(killPatience, killLooks)
	return left
}
