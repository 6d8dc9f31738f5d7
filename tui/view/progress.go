package view

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Progress is how far the contender under load is.
type Progress struct {
	Fraction float64       // 0 to 1, of warm-up and load
	Words    string        // "start 182 ms · warm-up ✓ · load 61 %"
	Left     time.Duration // of this contender; negative: cannot be told
	LeftAll  time.Duration // of the run
}

// Progress tells how far the run is at a time since it began.
func (s *State) Progress(now time.Duration) Progress {
	m := s.Now
	if m == nil {
		return Progress{Left: -1, LeftAll: -1}
	}
	workload := s.Plan.Workload
	warmup := time.Duration(workload.WarmupS * float64(time.Second))
	load := m.LoadLength
	if load == 0 {
		load = time.Duration(workload.DurationS * float64(time.Second))
	}
	each := time.Duration(0)
	if n := len(s.Plan.Contenders) * max(1, workload.Rounds); n > 0 {
		each = s.Plan.Expected / time.Duration(n)
	}
	if m.Probe {
		return m.probing(now)
	}

	var warmed, loaded float64
	left := warmup + load
	into := max(0, now-m.PhaseAt)
	switch m.Phase {
	case stream.PhaseWarmup:
		warmed = share(into, warmup)
		left = max(0, warmup-into) + load
	case stream.PhaseLoad:
		warmed = 1
		loaded, left = m.loaded(into, load, workload)
	case stream.PhaseWhy:
		warmed, loaded, left = 1, 1, max(0, m.PhaseLength-into)
	case stream.PhaseStop, stream.PhaseCooldown:
		warmed, loaded, left = 1, 1, 0
	}
	toCome := m.Of - m.Number + (m.Rounds-m.Round)*m.Of
	progress := Progress{Left: left, LeftAll: left + time.Duration(toCome)*each}
	if whole := (warmup + load).Seconds(); whole > 0 {
		progress.Fraction = (warmed*warmup.Seconds() + loaded*load.Seconds()) / whole
	} else {
		progress.Fraction = loaded
	}
	progress.Words = m.words(warmed, loaded, workload.WarmupS > 0)
	return progress
}

// probing tells how far a probe is. What comes after it can't be told yet.
func (m *Measuring) probing(now time.Duration) Progress {
	progress := Progress{Left: -1, LeftAll: -1, Words: "start …"}
	if m.StartupTook > 0 {
		progress.Words = "start " + figure.Length(m.StartupTook)
	}
	switch m.Phase {
	case stream.PhaseProbe:
		into := now - m.PhaseAt
		progress.Fraction, progress.Left = share(into, m.PhaseLength), max(0, m.PhaseLength-into)
		progress.Words += " · probe " + figure.WholePercent(progress.Fraction)
	case stream.PhaseStop, stream.PhaseCooldown:
		progress.Fraction = 1
		progress.Words += " · probe ✓ · stopping"
	}
	return progress
}

// loaded tells the share of the load that is done and the time it has left. A
// load of users is as long as the server makes it: there the replies count.
func (m *Measuring) loaded(into, load time.Duration, workload stream.WorkloadFacts) (done float64, left time.Duration) {
	if requests := float64(workload.Users) * float64(workload.Repeat); requests > 0 {
		replies := float64(m.Totals.Replies())
		done = min(1, replies/requests)
		if into < load || replies == 0 {
			return done, max(0, load-into)
		}
		return done, time.Duration((requests - replies) / replies * float64(into))
	}
	return share(into, load), max(0, load-into)
}

func share(part, whole time.Duration) float64 {
	if whole <= 0 {
		return 0
	}
	return min(1, float64(part)/float64(whole))
}

func (m *Measuring) words(warmed, loaded float64, warmup bool) string {
	told := "start …"
	if m.StartupTook > 0 {
		told = "start " + figure.Length(m.StartupTook)
	}
	if warmup {
		switch m.Phase {
		case stream.PhaseStart:
			told += " · warm-up"
		case stream.PhaseWarmup:
			told += " · warm-up " + figure.WholePercent(warmed)
		default:
			told += " · warm-up ✓"
		}
	}
	switch m.Phase {
	case stream.PhaseLoad:
		if search := m.Search.words(); search != "" {
			return told + " · " + search
		}
		told += " · load " + figure.WholePercent(loaded)
		if m.Aside {
			told += " · a profile is taken: not counted"
		}
	case stream.PhaseWhy:
		told += " · load ✓ · why: a profile, nothing of it counts"
	case stream.PhaseStop:
		told += " · load ✓ · stopping"
	case stream.PhaseCooldown:
		told += " · load ✓ · cooling down"
	default:
		told += " · load"
	}
	return told
}

// RoundWords is " · round 2 of 3", or nothing where there is but one.
func (m *Measuring) RoundWords() string {
	if m.Rounds < 2 {
		return ""
	}
	return fmt.Sprintf(" · round %d of %d", m.Round, m.Rounds)
}
