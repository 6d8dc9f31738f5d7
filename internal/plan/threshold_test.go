package plan_test

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
)

// A time of the few that were served passes no server of which most is dead; one that
// refuses most by status or content did answer, and how fast is known.
func TestLatencyOfAFewSurvivorsFailsItsCheck(t *testing.T) {
	of := func(cause string, ok, ko uint64) stream.ContenderResult {
		result := stream.ContenderResult{}
		result.Status, result.Failures = stream.StatusOK, []stream.FailureResult{{Cause: cause, Count: ko}}
		result.Requests.Total, result.Requests.OK, result.Requests.KO = ok+ko, ok, ko
		result.LatencyMS.OK = &stream.Distribution{Mean: 1, P99: 2, Max: 3}
		result.LatencyMS.Total = &stream.Distribution{Mean: 900}
		return result
	}
	for _, c := range []struct {
		condition, cause string
		ok, ko           uint64
		told             string // "": it passes
	}{
		{"p99>1s", "timeout", 299, 301, "p99>1s: p99 is 2.00 ms, but of the others alone: 301 of 600 requests had no whole reply"},
		{"max>=1s", "connection reset", 1, 9, "9 of 10 requests had no whole reply"},
		{"p99>1s", "timeout", 300, 300, ""},
		{"p99>1s", "status 304", 1, 99, ""},
		{"mean>1s", `check json field "id"`, 1, 99, ""},
		{"mean-all>1s", "timeout", 1, 99, ""}, // they are in it
		{"p99<1ms", "timeout", 1, 99, ""},     // no bound that slowness breaks
		{"p99>1ms", "timeout", 1, 99, "p99 is 2.00 ms"},
	} {
		threshold, err := plan.ParseThreshold(c.condition)
		if err != nil {
			t.Fatal(err)
		}
		fires, told := threshold.Fires(of(c.cause, c.ok, c.ko))
		if fires != (c.told != "") || fires && !strings.Contains(told, c.told) {
			t.Errorf("%s, %d OK and %d KO (%s): %v, %q; want %q", c.condition, c.ok, c.ko, c.cause, fires, told, c.told)
		}
	}
}
