package view

import (
	"cmp"
	"math"
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/tui/words"
)

// Runner is a contender at a second of the race.
type Runner struct {
	Track *Track
	Point TrackPoint
	Value float64 // of the pace since the load began; NaN: none
	Final float64 // the same at the end, or as far as it got
	Fails bool    // too many replies failed for a place
	Place int     // from 1; 0: none
	Lane  int     // from 1: has a colour of its own, is picked out of the crowd; 0: has none
}

// Standings are the contenders at one second of their loads, the best first.
type Standings struct {
	Runners []Runner
	Second  float64 // +Inf: at the end
	Running string  // the contender under load; "": none
}

// StandingsOf compares all contenders at the second that the one under load has
// come to; when none is, all at their end.
func StandingsOf(state *State, pace Pace) Standings {
	s := Standings{Second: math.Inf(1)}
	if now := state.Now; now != nil && state.Result == nil {
		s.Running = now.Facts.ID
		if track := state.Track(s.Running); track != nil && track.Points.Len() > 0 && !track.Ended {
			s.Second = track.Last()
		}
	}
	s.Runners = runnersAt(state.Tracks, pace, s.Second)
	return s
}

// runnersAt are the contenders as they stood at a second.
func runnersAt(tracks []*Track, pace Pace, second float64) []Runner {
	var runners []Runner
	for _, track := range tracks {
		r := Runner{Track: track, Value: math.NaN(), Final: math.NaN()}
		if point, ok := track.at(second); ok {
			r.Point, r.Value = point, point.SoFar[pace]
			r.Fails = point.KO > leaderboard.MostFailures
		}
		if last, ok := track.Points.Last(); ok {
			r.Final = last.SoFar[pace]
		}
		runners = append(runners, r)
	}
	slices.SortStableFunc(runners, func(a, b Runner) int {
		if order := cmp.Compare(a.Standing(), b.Standing()); order != 0 {
			return order
		}
		switch {
		case pace.better(a.Value, b.Value):
			return -1
		case pace.better(b.Value, a.Value):
			return 1
		}
		return 0
	})
	for i := range runners {
		if runners[i].Standing() == 0 {
			runners[i].Place = i + 1
		}
	}
	return runners
}

// Standing is in which group of the standings it is: ranked, failing, nothing measured.
func (r Runner) Standing() int {
	switch {
	case math.IsNaN(r.Value):
		return 2
	case r.Fails:
		return 1
	}
	return 0
}

// mostLanes is how many contenders have a colour; the others are one grey crowd.
const mostLanes = 7

// Highlight gives colours: to all if there are enough of them, else to the one
// under load, the one picked out, and the best.
func (s *Standings) Highlight(chosen string) {
	order := make([]int, 0, len(s.Runners))
	pick := func(at int) {
		if at >= 0 && len(order) < mostLanes && !slices.Contains(order, at) {
			order = append(order, at)
		}
	}
	by := func(id string) int {
		return slices.IndexFunc(s.Runners, func(r Runner) bool { return r.Track.Facts.ID == id })
	}
	pick(by(s.Running))
	if chosen != "" {
		pick(by(chosen))
	}
	best := 4
	if len(s.Runners) <= mostLanes {
		best = mostLanes
	}
	for at := range min(best, len(s.Runners)) {
		pick(at)
	}
	// Each keeps its colour from frame to frame as far as it can: its own by number,
	// or the next one free.
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(s.Runners[a].Track.Number, s.Runners[b].Track.Number) })
	var taken [mostLanes]bool
	for _, at := range order {
		lane := (s.Runners[at].Track.Number - 1) % mostLanes
		for taken[lane] {
			lane = (lane + 1) % mostLanes
		}
		taken[lane] = true
		s.Runners[at].Lane = lane + 1
	}
}

// Overtaken says whom the contender under load has passed within the last second
// of the race, or who has passed it; "" if nobody.
func (s *Standings) Overtaken(tracks []*Track, pace Pace) string {
	const while = 1.0
	if s.Running == "" || math.IsInf(s.Second, 1) || s.Second <= while {
		return ""
	}
	before := runnersAt(tracks, pace, s.Second-while)
	place := func(runners []Runner, id string) int {
		for _, r := range runners {
			if r.Track.Facts.ID == id {
				return r.Place
			}
		}
		return 0
	}
	now, then := place(s.Runners, s.Running), place(before, s.Running)
	if now == 0 || then == 0 {
		return ""
	}
	for _, r := range s.Runners {
		id := r.Track.Facts.ID
		was := place(before, id)
		switch {
		case id == s.Running || r.Place == 0 || was == 0:
		case now < then && r.Place > now && was < then:
			return "▲ overtakes " + id
		case now > then && r.Place < now && was > then:
			return "▼ falls behind " + id
		}
	}
	return ""
}

// Ratio compares a runner with the best other one.
func (s Standings) Ratio(at int, higher bool) string {
	other := 0
	if at == 0 {
		other = 1
	}
	if other >= len(s.Runners) || s.Runners[other].Place == 0 {
		return ""
	}
	mine, theirs := s.Runners[at].Value, s.Runners[other].Value
	if !(mine > 0 && theirs > 0) {
		return ""
	}
	ratio := max(mine, theirs) / min(mine, theirs)
	word := "slower than "
	switch {
	case ratio < 1.05:
		return "level with " + s.Runners[other].Track.Facts.ID
	case at == 0 && higher:
		word = "as many as "
	case at == 0:
		word = "faster than "
	case higher:
		return figure.Percent(mine/theirs) + " of what " + s.Runners[other].Track.Facts.ID + " had"
	}
	return words.Times(ratio) + "× " + word + s.Runners[other].Track.Facts.ID
}

// Rows are the runners to show in so many lines: the best, and always the one
// under load and the one picked out.
func (s Standings) Rows(lines int, chosen string) []int {
	var must, rest []int
	for at, r := range s.Runners {
		if id := r.Track.Facts.ID; id == s.Running || id == chosen {
			must = append(must, at)
		} else {
			rest = append(rest, at)
		}
	}
	must = must[:min(len(must), max(0, lines))]
	rows := append(must, rest[:min(len(rest), max(0, lines-len(must)))]...)
	slices.Sort(rows)
	return rows
}
