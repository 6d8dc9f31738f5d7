package stream_test

import (
	"slices"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
)

func TestHostsAreWrittenAsFarAsTheyAreKnown(t *testing.T) {
	for want, host := range map[string]stream.HostFacts{
		"linux 6.18 · AMD EPYC · 1 core · 8,192 MB": {OS: "linux", Kernel: "6.18", CPU: "AMD EPYC", Cores: 1, MemoryMB: 8192},
		"linux · 2 cores": {OS: "linux", Cores: 2},
		"":                {},
	} {
		if got := host.Words(); got != want {
			t.Errorf("%+v is written %q, want %q", host, got, want)
		}
	}
}

// A reason that its sample shows already is not told again; several are, each with its sample.
func TestReasonsAreToldBesideTheirSamples(t *testing.T) {
	for _, c := range []struct {
		failure stream.FailureResult
		want    []string
	}{
		{stream.FailureResult{Sample: "no route"}, nil},
		{stream.FailureResult{Reason: "no route", Sample: "no route"}, nil},
		{stream.FailureResult{Reason: "not JSON", Sample: "<html>"}, []string{"not JSON"}},
		{stream.FailureResult{Reason: "a", Sample: "x", Reasons: []stream.ReasonResult{{Reason: "a", Count: 1200, Sample: "x"}, {Reason: "b", Count: 3, Sample: "y"}, {Reason: "c", Count: 1, Sample: "c"}}},
			[]string{"×1,200 a", "×3 b: Y", "×1 c"}},
	} {
		got := c.failure.Told(func(sample string) string {
			if sample == "y" {
				return "Y"
			}
			return sample
		})
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v is told as %q, want %q", c.failure, got, c.want)
		}
	}
}
