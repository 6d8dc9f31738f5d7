package plan

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/traffic"
)

// Setting is a figure of a workload that people set. All that is known of one stands in
// its row of Settings: the command line makes a flag of it, the choose screen a field,
// the result a key.
type Setting struct {
	Name      string // of its flag and its field, and in what is said of it: "duration"
	Shorthand string // of its flag: "z"; "" for none
	Help      string
	Unit      string // of a number, in words: "requests per second"; "" for none
	Example   string // of a number
	Group     Group

	// Key is its key in the JSON of a result, "warmup_s"; the end tells the unit of a time.
	// "" where the result does not tell of it.
	Key string
	// Default is what every workload has that says nothing else, as text. "": zero, or what
	// the named workload has.
	Default string

	// Models are those that it has a meaning for, with Search; none: all.
	Models []traffic.Model
	// Means is the workload that is meant where it is set and none is named; "": it tells nothing.
	Means string
	// Replaces is the setting that ends to hold where this one is set without it.
	Replaces string

	First  bool // stands before the others on the screen: the workload is named for it
	Seldom bool // stands on the screen only where it was set to something

	// At is where it is in a workload: a pointer to an int, uint64, float64, bool, string or
	// time.Duration, to a pointer to the last (nil: not set), or to what reads and writes
	// text.
	At func(*Workload) any
	// Check says what is wrong with it, by a field.Error; nil: the load's own check does.
	Check func(Workload) error
	// Words are what the workload's line says of it after the load itself, "3 rounds"; "",
	// or nil: nothing.
	Words func(Workload) string
}

// Group is where a setting's flag stands among the others.
type Group int

const (
	OfLoad   Group = iota // what is sent
	OfRounds              // how often, and the rest between
	OfPhases              // what goes around the load
)

// Search is the model of a search for the capacity. The engine knows its steps, not it.
const Search traffic.Model = "capacity"

var (
	pooled = []traffic.Model{traffic.Closed, traffic.Rate, traffic.Ramp, Search}
	users  = []traffic.Model{traffic.Users}
)

// Settings is the table of them, in the order of the screen, and of the help of each group.
var Settings = []Setting{
	{
		Name: "connections", Shorthand: "c", Key: "connections", Example: "64", Models: pooled, Means: "steady",
		Help: "connections kept open (steady), or at most (rate, ramp)",
		At:   func(w *Workload) any { return &w.Load.Connections },
	}, {
		Name: "duration", Shorthand: "z", Key: "duration_s", Models: pooled, Means: "steady", Seldom: true,
		Help: "how long requests are sent (steady, rate, ramp)",
		At:   func(w *Workload) any { return &w.Load.Duration },
	}, {
		Name: "requests", Shorthand: "n", Example: "64", Models: []traffic.Model{traffic.Closed, traffic.Rate}, Means: "steady", Replaces: "duration", Seldom: true,
		Help: "stop after so many requests (steady, rate)",
		At:   func(w *Workload) any { return &w.Load.Requests },
	}, {
		Name: "rate", Shorthand: "q", Key: "rate", Unit: perSecond, Example: "1000 or 0.5", Models: []traffic.Model{traffic.Rate}, Means: "rate", First: true, Seldom: true,
		Help: "requests per second, whatever the server does (rate)",
		At:   func(w *Workload) any { return &w.Load.Rate },
	}, {
		Name: "from", Key: "rate", Unit: perSecond, Example: "1000 or 0.5", Models: []traffic.Model{traffic.Ramp, Search}, Means: "ramp", First: true, Seldom: true,
		Help: "requests per second at the start (ramp, capacity)",
		At:   func(w *Workload) any { return &w.Load.Rate },
	}, {
		Name: "to", Key: "rate_to", Unit: perSecond, Example: "1000 or 0.5", Models: []traffic.Model{traffic.Ramp}, Means: "ramp", First: true,
		Help: "requests per second at the end (ramp)",
		At:   func(w *Workload) any { return &w.Load.RateTo },
	}, {
		Name: "users", Key: "users", Example: "64", Models: users,
		Help: "virtual users (burst, article)",
		At:   func(w *Workload) any { return &w.Load.Users },
	}, {
		Name: "ramp", Key: "ramp_s", Models: users,
		Help: "time over which the users arrive (burst, article)",
		At:   func(w *Workload) any { return &w.Load.RampOver },
	}, {
		Name: "repeat", Key: "repeat", Example: "4", Models: users,
		Help: "requests per user (burst, article)",
		At:   func(w *Workload) any { return &w.Load.Repeat },
	}, {
		Name: "http-cache", Key: "http_cache", Models: users, Seldom: true,
		Help: "users keep an HTTP cache as a browser does (burst)",
		At:   func(w *Workload) any { return &w.Load.HTTPCache },
		Words: func(w Workload) string {
			if w.Load.HTTPCache {
				return "HTTP cache"
			}
			return ""
		},
	}, {
		Name: "objective", Key: "objective", Default: DefaultObjective, Models: []traffic.Model{Search}, Means: "capacity", First: true,
		Help: "what the highest rate must keep (capacity)",
		At:   func(w *Workload) any { return &w.Objective },
	}, {
		Name: "tick", Key: "tick_ms", Models: []traffic.Model{traffic.Users, traffic.Rate, traffic.Ramp, Search}, Seldom: true,
		Help:  "let requests become due in steps, such as 1ms: fewer wake-ups for arrivals in bursts; the wait for a step's end is in no latency (open workloads)",
		At:    func(w *Workload) any { return &w.Tick },
		Check: func(w Workload) error { return notNegative("tick", w.Tick, "0 sends each request at its own time") },
		Words: func(w Workload) string {
			if w.Tick > 0 {
				return "due in steps of " + figure.ExactLength(w.Tick)
			}
			return ""
		},
	}, {
		Name: "timeout", Default: traffic.DefaultTimeout.String(), Group: OfPhases, Seldom: true,
		Help: "of a connect and of a reply",
		At:   func(w *Workload) any { return &w.Load.Timeout },
	}, {
		Name: "warmup", Key: "warmup_s", Group: OfPhases,
		Help:  "load before the measuring; 0 for none",
		At:    func(w *Workload) any { return &w.Warmup },
		Check: func(w Workload) error { return notNegative("warmup", w.Warmup, "0 leaves the warm-up out") },
	}, {
		Name: "rounds", Key: "rounds", Example: "4", Default: "1", Group: OfRounds,
		Help: "measure each contender so often, in turn and in a random order each time; from 3 on differences that may be chance are ties",
		At:   func(w *Workload) any { return &w.Rounds },
		Check: func(w Workload) error {
			switch {
			case w.Rounds < 1:
				return field.Errorf("rounds", "%d: measure each contender once at least", w.Rounds)
			case w.Rounds > mostRounds:
				return field.Errorf("rounds", "%d: pass 1 to %d; %d is the least that tells ties", w.Rounds, mostRounds, leaderboard.LeastRounds)
			}
			return nil
		},
		Words: func(w Workload) string {
			if w.RoundCount() > 1 {
				return fmt.Sprintf("%d rounds", w.Rounds)
			}
			return ""
		},
	}, {
		Name: "cooldown", Key: "cooldown_s", Group: OfRounds, Seldom: true,
		Help:  "rest between two contenders; default: 1s with several rounds, else none",
		At:    func(w *Workload) any { return &w.Cooldown },
		Check: func(w Workload) error { return notNegative("cooldown", w.Rest(), "0 leaves it out") },
	},
}

const perSecond = "requests per second"

func notNegative(name string, d time.Duration, zero string) error {
	if d < 0 {
		return field.Errorf(name, "%s: a time can't be negative; %s", d, zero)
	}
	return nil
}

// Kind is what its value is.
func (s Setting) Kind() field.Kind {
	switch s.At(&Workload{}).(type) {
	case *int:
		return field.Whole
	case *uint64:
		return field.Count
	case *float64:
		return field.Number
	case *bool:
		return field.Switch
	case *time.Duration, **time.Duration:
		return field.Duration
	}
	return field.Text
}

// Applies says whether it has a meaning for the workload.
func (s Setting) Applies(w Workload) bool {
	model := w.Load.Model
	if w.Searches() {
		model = Search
	}
	return len(s.Models) == 0 || slices.Contains(s.Models, model)
}

// Text is its value in the workload, as a flag takes it; "" where it was not set.
func (s Setting) Text(w Workload) string {
	switch at := s.At(&w).(type) {
	case *int:
		return strconv.Itoa(*at)
	case *uint64:
		return strconv.FormatUint(*at, 10)
	case *float64:
		return strconv.FormatFloat(*at, 'f', -1, 64)
	case *bool:
		return strconv.FormatBool(*at)
	case *string:
		return *at
	case *time.Duration:
		return at.String()
	case **time.Duration:
		if *at != nil {
			return (*at).String()
		}
		return ""
	case fmt.Stringer:
		return at.String()
	default:
		panic(fmt.Sprintf("the setting %s is a %T", s.Name, at))
	}
}

// set gives the workload a value, as a flag takes it.
func (s Setting) set(w *Workload, text string) error {
	var err error
	switch at := s.At(w).(type) {
	case *int:
		err = parse(at, text, func(text string) (int, error) {
			n, err := strconv.ParseInt(text, 0, strconv.IntSize)
			return int(n), err
		})
	case *uint64:
		err = parse(at, text, func(text string) (uint64, error) { return strconv.ParseUint(text, 0, 64) })
	case *float64:
		err = parse(at, text, func(text string) (float64, error) { return strconv.ParseFloat(text, 64) })
	case *bool:
		err = parse(at, text, strconv.ParseBool)
	case *string:
		*at = text
	case *time.Duration:
		err = parse(at, text, time.ParseDuration)
	case **time.Duration:
		var d time.Duration
		if err = parse(&d, text, time.ParseDuration); err == nil {
			*at = &d
		}
	case encoding.TextUnmarshaler: // which says it all
		if err := at.UnmarshalText([]byte(text)); err != nil {
			return &field.Error{Field: s.Name, Problem: err}
		}
	default:
		panic(fmt.Sprintf("the setting %s is a %T", s.Name, at))
	}
	if err != nil {
		return field.Errorf(s.Name, "%q: %w", text, s.Kind().Wanted(text, err, s.Unit, s.Example))
	}
	return nil
}

func parse[T any](at *T, text string, read func(string) (T, error)) error {
	value, err := read(strings.TrimSpace(text))
	if err == nil {
		*at = value
	}
	return err
}

// clear has the workload say nothing of it.
func (s Setting) clear(w *Workload) {
	reflect.ValueOf(s.At(w)).Elem().SetZero()
}

// isZero says whether the workload says nothing of it.
func (s Setting) isZero(w Workload) bool { return s.Text(w) == s.Text(Workload{}) }

// check says what is wrong with it in the workload.
func (s Setting) check(w Workload) error {
	if s.Check != nil {
		return s.Check(w)
	}
	return w.LoadToCheck().Wrong(s.Name)
}

// SettingNamed finds a setting by its name.
func SettingNamed(name string) (Setting, bool) {
	at := slices.IndexFunc(Settings, func(s Setting) bool { return s.Name == name })
	if at < 0 {
		return Setting{}, false
	}
	return Settings[at], true
}

// MeantBy is the workload that is meant where settings are given and no name.
func MeantBy(given func(setting string) bool) string {
	for _, workload := range []string{"rate", "capacity", "ramp", "steady"} { // the most particular first
		for _, s := range Settings {
			if s.Means == workload && given(s.Name) {
				return workload
			}
		}
	}
	return DefaultWorkload
}

// With is the workload with settings given by their names, and checked. One that has no
// meaning for it is refused: silence would be taken for effect.
func (w Workload) With(given map[string]string) (Workload, error) {
	for _, s := range Settings {
		text, set := given[s.Name]
		switch {
		case !set:
			continue
		case !s.Applies(w):
			return w, field.Errorf(s.Name, "has no meaning for the workload %s (%s); leave it out, or choose another with "+flagname.ShortWorkload, w.Name, w.About)
		}
		if err := s.set(&w, text); err != nil {
			return w, err
		}
		if other, replaces := SettingNamed(s.Replaces); replaces {
			if _, kept := given[other.Name]; !kept {
				other.clear(&w)
			}
		}
	}
	w = w.withDefaults(func(setting string) bool { _, set := given[setting]; return set }).settled()
	return w, w.check()
}

// Changed is the workload with one setting changed, and checked.
func (w Workload) Changed(s Setting, text string) (Workload, error) {
	if err := s.set(&w, text); err != nil {
		return w, err
	}
	w = w.withDefaults(func(setting string) bool { return setting == s.Name }).settled()
	return w, w.check()
}

// Fields are the settings of the workload to show where they can be changed. One that is
// seldom set is among them where it is, or was in another state of the workload.
func (w Workload) Fields(others ...Workload) (fields []Setting) {
	said := func(s Setting) bool {
		return slices.ContainsFunc(append(others, w), func(w Workload) bool { return !s.isZero(w) && s.Text(w) != s.Default })
	}
	for _, first := range []bool{true, false} {
		for _, s := range Settings {
			if s.First == first && s.Applies(w) && (!s.Seldom || said(s)) {
				fields = append(fields, s)
			}
		}
	}
	return fields
}

// Check says what is wrong with the workload's settings, wherever it is to run.
func (w Workload) Check() error {
	return w.withDefaults(func(string) bool { return false }).check()
}

func (w Workload) check() error {
	for _, s := range Settings {
		if !s.Applies(w) {
			continue
		}
		if err := s.check(w); err != nil {
			return err
		}
	}
	return nil
}

// withDefaults fills in what the workload says nothing of, but for what was set so.
func (w Workload) withDefaults(set func(setting string) bool) Workload {
	for _, s := range Settings {
		if s.Default != "" && s.Applies(w) && s.isZero(w) && !set(s.Name) {
			if err := s.set(&w, s.Default); err != nil {
				panic(err) // a constant; a test reads it
			}
		}
	}
	return w
}

// settled opens no connection that would have nothing to send.
func (w Workload) settled() Workload {
	if load := &w.Load; load.Model == traffic.Closed && load.Requests > 0 && load.Requests < uint64(max(0, load.Connections)) {
		load.Connections = int(load.Requests)
	}
	return w
}
