package plan

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
)

// Whatever is written, a condition is refused in one line or it can hold for some
// figure and fail for another.
func FuzzParseThreshold(f *testing.F) {
	for _, text := range []string{"p99>50ms", "failures>0.1%", "rps<1000", "cpu-per-request>=12.5", "mean<=1h", "p99>", "<", "rss>NaN", "rps<-Inf", "p50<-1ms", "failures>1e999%", "p99>50", "é>1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		condition, err := ParseThreshold(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is refused in several lines: %v", text, err)
			}
			return
		}
		if condition.limit < 0 || math.IsNaN(condition.limit) || math.IsInf(condition.limit, 0) {
			t.Errorf("%q has the limit %g", text, condition.limit)
		}
		if !slices.Contains(stream.Figures(), condition.metric) {
			t.Errorf("%q is a condition on %q, which is no figure", text, condition.metric.Name)
		}
	})
}

func FuzzParseObjective(f *testing.F) {
	for _, text := range []string{DefaultObjective, "mean<5ms", "p999<=1s, failures<1%", "", ",", "rps<5", "p99>5ms", "p99<0ms", "failures<NaN%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		objective, err := ParseObjective(text)
		if err != nil {
			return
		}
		if len(objective.conditions) == 0 || objective.String() != text {
			t.Errorf("%q became %+v", text, objective)
		}
		for _, condition := range objective.conditions {
			if condition.op != "<" && condition.op != "<=" {
				t.Errorf("%q takes %s, which says what must be exceeded", text, condition.op)
			}
		}
		if objective.Slowest() < 0 {
			t.Errorf("%q lets replies take %s", text, objective.Slowest())
		}
	})
}
