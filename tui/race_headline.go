package tui

import (
	"fmt"
	"math"
	"slices"

	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// laneRole is the colour of a runner.
func laneRole(r view.Runner) term.Role {
	if r.Lane == 0 {
		return term.RoleAxis
	}
	return term.RoleLane1 + term.Role(r.Lane-1)
}

// headline says in a sentence how the race stands.
func headline(s view.Standings, state *view.State, pace view.Pace) []term.Span {
	told := pace.Words()
	if len(s.Runners) == 0 {
		return []term.Span{term.Say(" nobody has started so far", term.RoleDim)}
	}
	at := slices.IndexFunc(s.Runners, func(r view.Runner) bool { return r.Track.Facts.ID == s.Running })
	if at < 0 || math.IsInf(s.Second, 1) {
		best := s.Runners[0]
		switch {
		case best.Place == 0:
			return []term.Span{term.Say(" nobody has a place so far", term.RoleDim)}
		case at >= 0 && s.Runners[at].Standing() == 2 && !s.Runners[at].Track.Ended:
			return []term.Span{term.Say(" "+string(best.Track.Letter())+" "+best.Track.Facts.ID, laneRole(best)), term.Say(" leads", term.RoleText), term.Say(" · next: ", term.RoleDim), term.Say(s.Running, term.RoleStrong)}
		}
		return []term.Span{term.Say(" "+string(best.Track.Letter())+" "+best.Track.Facts.ID, laneRole(best)), term.Say(" leads: ", term.RoleText),
			term.Say(told.Write(best.Value), term.RoleStrong), term.Say(" "+told.SoFar, term.RoleDim)}
	}
	r := s.Runners[at]
	name := term.Say(" "+string(r.Track.Letter())+" "+s.Running, laneRole(r))
	after := term.Say(fmt.Sprintf(" after %.1f s", s.Second), term.RoleText)
	switch {
	case r.Fails:
		return []term.Span{name, term.Say(" fails: ", term.RoleText), term.Say(words.Percent(r.Point.KO)+" KO", term.RoleBad), term.Say(", mostly "+r.Track.MainCause(), term.RoleText), after}
	case r.Place == 0:
		return []term.Span{name, term.Say(" has had no reply", term.RoleWarn), after}
	}
	if len(s.Runners) == 1 {
		return []term.Span{name, term.Say(" sets the pace: ", term.RoleText), term.Say(told.Write(r.Value), term.RoleStrong), term.Say(" "+told.SoFar, term.RoleDim), after}
	}
	ranked := 0
	for _, other := range s.Runners {
		if other.Place > 0 {
			ranked++
		}
	}
	spans := []term.Span{name, term.Say(" is ", term.RoleText), term.Say(words.Ordinal(r.Place), term.RoleStrong), term.Say(fmt.Sprintf(" of %d", ranked), term.RoleText), after}
	if told := s.Ratio(at, told.Higher); told != "" {
		spans = append(spans, term.Say(" · "+told, term.RoleText))
	}
	if told := s.Overtaken(state.Tracks, pace); told != "" {
		spans = append(spans, term.Say("  "+told, term.RoleWarn))
	}
	return spans
}

// doubt says whose figures are not the servers' alone.
func doubt(s view.Standings) []term.Span {
	limited := 0
	for _, r := range s.Runners {
		if r.Track.Limited {
			limited++
		}
	}
	if limited == 0 {
		return nil
	}
	return []term.Span{term.Say(" · ⚠ the generator was the limit of "+words.Plural(limited, "contender"), term.RoleWarn)}
}
