package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui"
	"github.com/benchtui/benchtui/tui/term"
)

// scene is a picture: what the terminal is like, up to where the run is played, and
// the keys that a person presses.
type scene struct {
	name   string
	look   tui.FilmLook
	cell   int // width in pixels; 0: 10
	choose bool
	replay bool     // as benchtui replay shows it
	before []string // keys on the choose screen
	until  moment
	keys   []string
}

// moment finds a time in a recording.
type moment func([]stream.Event) (time.Duration, error)

var (
	dark  = tui.FilmLook{W: 160, H: 45}
	small = tui.FilmLook{W: 80, H: 24}
)

func sized(look tui.FilmLook, w, h int) tui.FilmLook { look.W, look.H = w, h; return look }

// scenesOf are the pictures of a recording.
func scenesOf(events []stream.Event) []scene {
	star := starOf(events)
	late, end := loading(star, 4500*time.Millisecond), moment(ended)
	scenes := []scene{
		{name: "choose", look: sized(dark, 120, 36), choose: true},
		{name: "build", look: sized(dark, 120, 36), until: building},
		{name: "live", look: dark, until: late},
		{name: "live-light", look: tui.FilmLook{W: 160, H: 45, Light: true}, until: late},
		{name: "live-small", look: small, until: late},
		{name: "live-no-colour", look: tui.FilmLook{W: 120, H: 36, NoColor: true}, until: late},
		{name: "live-ascii", look: tui.FilmLook{W: 80, H: 24, ASCII: true, NoColor: true}, until: late},
		{name: "live-column", look: sized(dark, 60, 30), until: late},
		{name: "live-cursor", look: sized(dark, 120, 36), until: late, keys: []string{"left", "shift+left", "shift+left"}},
		{name: "live-heatmap", look: sized(dark, 120, 36), until: late, keys: []string{"tab", "tab", "tab", "e"}},
		{name: "replay", look: sized(dark, 120, 36), until: late, replay: true},
		{name: "help", look: sized(dark, 120, 36), until: late, keys: []string{"?"}},
		{name: "race", look: dark, until: loading(lastOf(events), 4*time.Second), keys: []string{"r"}},
		{name: "leaderboard", look: sized(dark, 120, 36), until: end},
		{name: "detail", look: dark, until: end, keys: []string{"down", "down", "enter"}},
		{name: "stage", look: sized(dark, 120, 36), until: late, keys: []string{"p"}},
		{name: "stage-finding", look: sized(dark, 120, 36), until: late, keys: []string{"p", "end"}},
		{name: "stage-places", look: sized(dark, 120, 36), until: end, keys: []string{"p"}},
	}
	if _, err := explained(events); err != nil {
		return scenes
	}
	return append(scenes,
		scene{name: "why-panel", look: dark, until: explained},
		scene{name: "why-flame", look: dark, until: explained, keys: []string{"w", "down", "down"}},
		scene{name: "why-flame-small", look: small, until: explained, keys: []string{"w", "down", "down"}},
		scene{name: "why-stage", look: sized(dark, 120, 36), until: explained, keys: []string{"p", "end"}},
	)
}

// explained is when a profile was taken.
func explained(events []stream.Event) (time.Duration, error) {
	for _, event := range events {
		if _, ok := event.Body.(stream.ProfileTaken); ok {
			return event.At + 10*time.Millisecond, nil
		}
	}
	return 0, fmt.Errorf("no profile was taken in the recording")
}

// measured are the contenders that were loaded, in that order.
func measured(events []stream.Event) (ids []string) {
	for _, event := range events {
		if sample, ok := event.Body.(stream.LoadSample); ok && sample.Counts() && !slices.Contains(ids, event.Contender) {
			ids = append(ids, event.Contender)
		}
	}
	return ids
}

// starOf is the contender of which there is most to tell; lastOf is the last one.
func starOf(events []stream.Event) string {
	found := map[string]int{}
	star := ""
	for _, id := range measured(events) {
		for _, event := range events {
			if _, ok := event.Body.(stream.FindingChanged); ok && event.Contender == id {
				found[id]++
			}
		}
		if star == "" || found[id] > found[star] {
			star = id
		}
	}
	return star
}

func lastOf(events []stream.Event) string {
	ids := measured(events)
	return ids[len(ids)-1]
}

// frame brings the scene about.
func (s scene) frame(recording *recording.Recording) (term.Frame, error) {
	film, err := s.film(recording)
	if err != nil {
		return term.Frame{}, err
	}
	return film.Frame(), nil
}

func (s scene) film(recording *recording.Recording) (*tui.Film, error) {
	events := recording.Events()
	var choices *tui.Choices
	if s.choose {
		choices = offerOf(events)
	}
	if s.replay {
		at, err := s.until(events)
		if err != nil {
			return nil, err
		}
		return tui.NewReplayFilm(recording, at, s.look)
	}
	film, err := tui.NewFilm(events, choices, s.look)
	if err != nil {
		return nil, err
	}
	if err := film.Press(s.before...); err != nil {
		return nil, err
	}
	if s.until != nil {
		at, err := s.until(events)
		if err != nil {
			return nil, err
		}
		if err := film.PlayTo(at); err != nil {
			return nil, err
		}
	}
	return film, film.Press(s.keys...)
}

// loading is when a contender's load has gone on for so long.
func loading(contender string, to time.Duration) moment {
	return func(events []stream.Event) (time.Duration, error) {
		for _, event := range events {
			sample, ok := event.Body.(stream.LoadSample)
			if ok && sample.Counts() && event.Contender == contender && sample.Measures.To >= to {
				return event.At, nil
			}
		}
		return 0, fmt.Errorf("the recording has no load of %s that goes on for %s", contender, to)
	}
}

// building is when some contenders are built and another is under way: at the last
// line but a few of the build that says most.
func building(events []stream.Event) (time.Duration, error) {
	lines := map[string][]time.Duration{}
	most := ""
	for _, event := range events {
		if _, ok := event.Body.(stream.BuildOutput); ok {
			lines[event.Contender] = append(lines[event.Contender], event.At)
			if len(lines[event.Contender]) > len(lines[most]) {
				most = event.Contender
			}
		}
	}
	if most == "" { // all were built before
		return events[min(len(events)-1, 3)].At, nil
	}
	return lines[most][len(lines[most])*3/4], nil
}

func ended(events []stream.Event) (time.Duration, error) {
	return events[len(events)-1].At, nil
}

// offerOf is the choice that led to the recording.
func offerOf(events []stream.Event) *tui.Choices {
	started, _ := events[0].Body.(stream.RunStarted)
	choices := &tui.Choices{Contenders: slices.Clone(started.Plan.Contenders), Workload: started.Plan.Workload.Name}
	for _, contender := range choices.Contenders {
		choices.Selected = append(choices.Selected, contender.ID)
	}
	choices.CheckMachine = func() func(plan.Workload) []tui.Warning {
		return func(plan.Workload) []tui.Warning { return warningsOf(started.Host) }
	}
	for _, workload := range plan.Workloads() {
		if facts := started.Plan.Workload; workload.Name == facts.Name { // with the settings of the run
			workload = asTold(workload, facts)
		}
		choices.Workloads = append(choices.Workloads, workload)
	}
	return choices
}

// asTold is the workload with the settings that a result tells of it.
func asTold(workload plan.Workload, facts stream.WorkloadFacts) plan.Workload {
	text, err := json.Marshal(facts)
	var told map[string]any
	if err != nil || json.Unmarshal(text, &told) != nil {
		return workload
	}
	given := map[string]string{}
	for _, setting := range workload.Fields() {
		switch value := told[setting.Key].(type) {
		case float64:
			given[setting.Name] = strconv.FormatFloat(value, 'f', -1, 64)
			if setting.Kind() == field.Duration { // the key ends with the unit
				given[setting.Name] += setting.Key[strings.LastIndex(setting.Key, "_")+1:]
			}
		case bool, string:
			given[setting.Name] = fmt.Sprint(value)
		}
	}
	if told, err := workload.With(given); err == nil {
		return told
	}
	return workload
}

// warningsOf is what doctor says of the machine of a recording, as far as that tells.
func warningsOf(host stream.HostFacts) []tui.Warning {
	const enough = 4
	if host.Cores >= enough {
		return nil
	}
	return []tui.Warning{{
		Title: fmt.Sprintf("%d cores: server and generator share them", host.Cores),
		Fix:   "measure on a machine with at least 4 cores; or keep them apart: benchtui run --server-cpus 0 --load-cpus 1",
	}}
}
