package plan

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/stream"
)

// Every workload is made again of the texts of its settings, and has no setting that
// says nothing.
func TestSettingsOfEveryWorkloadMakeItAgain(t *testing.T) {
	for _, named := range Workloads() {
		before, err := named.With(nil)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		for _, s := range before.Fields() {
			texts[s.Name] = s.Text(before)
			same, err := before.Changed(s, s.Text(before))
			if err != nil || same.Load != before.Load || same.Words() != before.Words() {
				t.Errorf("%s with its own %s became %+v, %v", named.Name, s.Name, same, err)
			}
		}
		after, err := named.With(texts)
		if err != nil || before.Load != after.Load || before.Warmup != after.Warmup || before.PerContender() != after.PerContender() || before.Words() != after.Words() {
			t.Errorf("%s became %+v, was %+v, %v", named.Name, after, before, err)
		}
	}
}

func TestEverySettingHasAHelpAndANameOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Settings {
		if s.Help == "" || s.Name == "" || seen[s.Name] || s.Shorthand != "" && seen[s.Shorthand] {
			t.Errorf("%+v", s)
		}
		if kind := s.Kind(); (kind == field.Whole || kind == field.Count || kind == field.Number) && s.Example == "" {
			t.Errorf("%s has no example of a number", s.Name)
		}
		seen[s.Name], seen[s.Shorthand] = true, true
	}
	(Workload{}).withDefaults(func(string) bool { return false }) // panics at a default that can't be read
}

func TestSettingsAreReadAndChecked(t *testing.T) {
	for _, c := range []struct{ workload, setting, text, says string }{
		{"burst", "users", "many", `"many": pass a whole number, such as 64`},
		{"burst", "users", "0", "0: at least one user"},
		{"burst", "ramp", "5", `"5": pass a time with its unit; did you mean 5s?`},
		{"burst", "repeat", "-1", "-1: a user sends at least one request"},
		{"burst", "connections", "5", "has no meaning for the workload burst"},
		{"burst", "http-cache", "perhaps", "true or false"},
		{"steady", "connections", "0", "0: at least one is needed"},
		{"steady", "duration", "0s", "say how long"},
		{"steady", "requests", "-1", "0 or above"},
		{"steady", "warmup", "-1s", "can't be negative"},
		{"steady", "rounds", "0", "once at least"},
		{"steady", "rounds", "100000", "pass 1 to"},
		{"steady", "cooldown", "-1s", "0 leaves it out"},
		{"steady", "timeout", "-1s", "can't be negative"},
		{"rate", "rate", "0", "above 0"},
		{"rate", "rate", "1e9", "at most 100000000"},
		{"rate", "tick", "-1ms", "its own time"},
		{"ramp", "to", "NaN", "above 0"},
		{"capacity", "from", "-5", "-5: pass a number of requests per second"},
		{"capacity", "objective", "p99", "is no condition"},
		{"efficiency", "rate", "-1", "above 0"},
	} {
		workload, err := WorkloadNamed(c.workload)
		if err != nil {
			t.Fatal(err)
		}
		_, err = workload.With(map[string]string{c.setting: c.text})
		var wrong *field.Error
		if !errors.As(err, &wrong) || wrong.Field != c.setting || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %s=%s: %v, want %s", c.workload, c.setting, c.text, err, c.says)
		}
		if s, _ := SettingNamed(c.setting); s.Applies(workload) {
			if _, changed := workload.Changed(s, c.text); changed == nil || changed.Error() != err.Error() {
				t.Errorf("%s %s=%s is changed with %v, and given with %v", c.workload, c.setting, c.text, changed, err)
			}
		}
	}
}

func TestWhatASettingBringsWithIt(t *testing.T) {
	with := func(name string, given map[string]string) Workload {
		t.Helper()
		workload, err := WorkloadNamed(name)
		if err == nil {
			workload, err = workload.With(given)
		}
		if err != nil {
			t.Fatal(err)
		}
		return workload
	}
	if w := with("steady", map[string]string{"requests": "1000"}); w.Load.Duration != 0 || w.Load.Requests != 1000 {
		t.Errorf("a number of requests ends the load: %+v", w.Load)
	}
	if w := with("steady", map[string]string{"requests": "1000", "duration": "3s"}); w.Load.Duration != 3*time.Second {
		t.Errorf("whichever ends first: %+v", w.Load)
	}
	if w := with("steady", map[string]string{"requests": "10"}); w.Load.Connections != 10 {
		t.Errorf("10 requests over %d connections", w.Load.Connections)
	}
	if w := with("steady", map[string]string{"rounds": "3"}); w.Rest() != DefaultCooldown {
		t.Errorf("rests %s between rounds", w.Rest())
	}
	if w := with("steady", map[string]string{"rounds": "3", "cooldown": "0"}); w.Rest() != 0 {
		t.Errorf("rests %s, was told not to", w.Rest())
	}
	if w := with("steady", nil); w.Rest() != 0 || w.Rounds != 1 || w.Load.Timeout == 0 {
		t.Errorf("%+v", w)
	}
}

func TestSettingsTellWhichWorkloadIsMeant(t *testing.T) {
	for settings, want := range map[string]string{
		"": "burst", "users": "burst", "rounds": "burst", "connections": "steady", "requests": "steady", "rate connections": "rate",
		"from": "ramp", "duration to": "ramp", "from objective": "capacity", "rate objective": "rate",
	} {
		given := strings.Fields(settings)
		got := MeantBy(func(name string) bool {
			for _, one := range given {
				if one == name {
					return true
				}
			}
			return false
		})
		if got != want {
			t.Errorf("%q: %s, want %s", settings, got, want)
		}
	}
}

// A key that the result has no field for stands beside those it has, and is read again.
func TestResultTellsOfSettingsByTheirKeys(t *testing.T) {
	old := Settings
	t.Cleanup(func() { Settings = old })
	think := 1500 * time.Millisecond
	Settings = append(Settings[:len(old):len(old)], Setting{Name: "think", Key: "think_ms", At: func(*Workload) any { return &think }})
	for _, workload := range Workloads() {
		text, err := json.Marshal(workload.Facts())
		if err != nil {
			t.Fatal(err)
		}
		var told map[string]any
		if err := json.Unmarshal(text, &told); err != nil {
			t.Fatal(err)
		}
		for _, s := range Settings {
			if _, is := told[s.Key]; s.Key != "" && s.Applies(workload) && !is && !s.isZero(workload) {
				t.Errorf("%s: %s lacks %s", workload.Name, text, s.Key)
			}
		}
		if told["think_ms"] != 1500.0 {
			t.Errorf("%s: %v", workload.Name, told["think_ms"])
		}
		var again stream.WorkloadFacts
		if err := json.Unmarshal(text, &again); err != nil || !maps.Equal(again.Others, map[string]any{"think_ms": 1500.0}) || again.Name != workload.Name {
			t.Errorf("%+v, %v", again, err)
		}
	}
}
