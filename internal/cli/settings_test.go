package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/traffic"
	choosescreen "github.com/benchtui/benchtui/tui/screen/choose"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

// A row in the table is all that a new setting takes: with it come the flag and its
// mistakes, the field on the screen with the same, the key of the result and its words.
func TestARowInTheTableIsEnough(t *testing.T) {
	old := plan.Settings
	t.Cleanup(func() { plan.Settings = old })
	var think time.Duration // for a field of a workload
	plan.Settings = append(plan.Settings[:len(old):len(old)], plan.Setting{
		Name: "think", Shorthand: "T", Key: "think_s", Help: "rest of a user between two requests", Models: []traffic.Model{traffic.Users},
		At: func(*plan.Workload) any { return &think },
		Check: func(plan.Workload) error {
			if think < 0 {
				return field.Errorf("think", "%s: nobody thinks for less than no time", think)
			}
			return nil
		},
		Words: func(plan.Workload) string { return "who think " + think.String() },
	})
	given := func(args ...string) (plan.Workload, error) {
		think = 0
		var flags runFlags
		command := &cobra.Command{}
		flags.register(command)
		if err := command.ParseFlags(args); err != nil {
			return plan.Workload{}, byFlags(flagError(command, err))
		}
		workload, err := flags.theWorkload(flags.workloadName())
		return workload, byFlags(err)
	}

	workload, err := given("-T", "2s")
	if err != nil || think != 2*time.Second {
		t.Fatalf("the flag gives %s, %v", think, err)
	}
	if text, err := json.Marshal(workload.Facts()); err != nil || !strings.Contains(string(text), `"think_s":2`) || !strings.Contains(string(text), "requests, who think 2s") {
		t.Errorf("the result tells %s, %v", text, err)
	}
	screen := choosescreen.New(&choosescreen.Choices{Workloads: []plan.Workload{workload}, Check: func(plan.Workload) error { return nil }}, nil)
	bench := screentest.NewBench(t, screen, 120, 36)
	bench.Draw()
	if frame := bench.Frame(); !strings.Contains(frame, "think 2s") {
		t.Fatalf("the screen has no such field:\n%s", frame)
	}
	bench.Keys("e", "shift+tab") // it is the last
	for written, says := range map[string]string{
		"2":   `"2": pass a time with its unit; did you mean 2s?`,
		"-1s": "-1s: nobody thinks for less than no time",
	} {
		bench.Keys("ctrl+u")
		for _, sign := range written {
			bench.Keys(string(sign))
		}
		bench.Keys("enter")
		if frame := bench.Frame(); !strings.Contains(frame, "think "+says) {
			t.Errorf("the screen does not say %q of %s:\n%s", says, written, frame)
		}
		if _, err := given("--think", written); err == nil || !strings.Contains(err.Error(), "--think "+says) {
			t.Errorf("--think %s: %v, want %q", written, err, says)
		}
	}
	if _, err := given("-w", "steady", "--think", "1s"); err == nil || !strings.Contains(err.Error(), "--think has no meaning for the workload steady") {
		t.Errorf("got %v", err)
	}
}

// A flag has the default, the kind and the words of its row.
func TestSettingsAreFlags(t *testing.T) {
	var flags runFlags
	flags.register(&cobra.Command{})
	for _, setting := range plan.Settings {
		flag := flags.set.Lookup(setting.Name)
		if flag == nil {
			t.Errorf("there is no --%s", setting.Name)
			continue
		}
		zero := map[string]string{"bool": "false", "duration": "0s", "string": ""}[flag.Value.Type()]
		if flag.Usage != setting.Help || flag.Shorthand != setting.Shorthand || flag.DefValue != setting.Default && flag.DefValue != zero && flag.DefValue != "0" {
			t.Errorf("--%s: %+v", setting.Name, flag)
		}
	}
	flags.set.VisitAll(func(flag *pflag.Flag) {
		if flag.Name == "warmup" && flag.Value.String() != "0s" {
			t.Errorf("a default that no workload has: %s", flag.Value)
		}
	})
}

func TestSettingsOnTheScreenAreCheckedAsFlagsAre(t *testing.T) {
	catalogue, builder, _, err := openBuilder()
	if err != nil {
		t.Fatal(err)
	}
	var flags runFlags
	flags.register(&cobra.Command{})
	choices, err := choices(t.Context(), catalogue.All()[:1], builder, &flags)
	if err != nil {
		t.Fatal(err)
	}
	change := func(name, value string) (plan.Workload, error) {
		for _, workload := range choices.Workloads {
			for _, setting := range workload.Fields() {
				if setting.Name == name {
					changed, err := workload.Changed(setting, value)
					if err == nil {
						err = choices.Check(changed)
					}
					return changed, err
				}
			}
		}
		t.Fatalf("no workload has %s", name)
		return plan.Workload{}, nil
	}
	if changed, err := change("users", "100"); err != nil || !strings.HasPrefix(changed.Words(), "100 users in 5 s") {
		t.Errorf("got %+v, %v", changed, err)
	}
	once, err := change("rounds", "1")
	if err != nil {
		t.Fatal(err)
	}
	// Three rounds take three times as long, and the rest after each.
	if thrice, err := change("rounds", "3"); err != nil || !strings.HasSuffix(thrice.Words(), ", 3 rounds") || thrice.PerContender() != 3*(once.PerContender()+plan.DefaultCooldown) {
		t.Errorf("got %+v, %v, after %s for one", thrice, err, once.PerContender())
	}
	if _, err := change("connections", "900000"); err == nil || !strings.Contains(err.Error(), "file descriptors") {
		t.Errorf("more connections than fit are refused with %v", err)
	}
}
