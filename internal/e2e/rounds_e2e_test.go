//go:build unix

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/stream"
)

// The same command with the same seed measures in the same order; with the one that
// the first run tells of, the run is that of before.
func TestRoundsOnTheCommandLine(t *testing.T) {
	orders := func(more ...string) ([]string, stream.Result) {
		args := []string{
			"run", "golang", "--cmd", "again='" + program + "' serve-golang --port {port}", "-w", "steady", "-c", "2", "-z", "100ms", "--warmup", "0",
			"--rounds", "4", "--cooldown", "10ms", "--path", "/hello", "--check-json", "name", "--plain", "--json", "-",
		}
		b := newBench(t, append(args, more...)...)
		if code := b.run(t); code != cli.ExitDone {
			t.Fatalf("exit code %d\n%s", code, b.stderr.String())
		}
		var rounds []string
		for line := range strings.Lines(b.stderr.String()) {
			if strings.HasPrefix(line, "─── round") {
				rounds = append(rounds, strings.TrimSpace(line))
			}
		}
		return rounds, decode(t, b.stdout.Bytes())
	}
	first, result := orders()
	if len(first) != 4 || !strings.HasPrefix(first[3], "─── round 4 of 4: ") {
		t.Fatalf("the rounds are told as %q", first)
	}
	if result.Workload.Rounds != 4 || result.Workload.Seed == nil || result.Workload.CooldownS != 0.01 {
		t.Fatalf("the workload is told as %+v", result.Workload)
	}
	for _, one := range result.Contenders {
		if len(one.Rounds) != 4 || one.Intervals["mean"].Rounds != 4 || one.Intervals["mean"].Low == nil {
			t.Errorf("%s: %d rounds, %+v", one.ID, len(one.Rounds), one.Intervals["mean"])
		}
	}
	if again, _ := orders("--seed", fmt.Sprint(*result.Workload.Seed)); !slices.Equal(again, first) {
		t.Errorf("with the seed of %q: %q", first, again)
	}
}
