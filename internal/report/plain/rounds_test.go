package plain

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func TestPlainTextOfRounds(t *testing.T) {
	recorded.Golden(t, "testdata/rounds.txt", plainText(t, recorded.RoundsStream(), Options{}))
}

func TestRateThatWasFoundIsTold(t *testing.T) {
	r := &recorded.Recording{}
	r.Emit("", 0, stream.RateFixed{
		Workload: stream.WorkloadFacts{Rate: 5300}, Slowest: "expressjs",
		Probes: []stream.Probe{{ID: "golang", RPS: 64496}, {ID: "expressjs", RPS: 10613}, {ID: "x", Why: "it did not start: exit code 1\nand more"}},
	})
	text := plainText(t, r.Events, Options{})
	for _, want := range []string{"5,300 req/s for all", "half of what expressjs", "golang 64,496 req/s", "x none: it did not start: exit code 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}
