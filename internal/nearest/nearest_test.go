package nearest

import "testing"

func TestNearestNameIsWhatWasMeant(t *testing.T) {
	names := []string{"mean", "mean-all", "p99", "rps", "startup", "cpu-per-request", "expressjs"}
	for typed, want := range map[string]string{
		"maen": "mean", "meanall": "mean-all", "Mean": "mean", "p98": "p99", "start": "startup", "cpu-per-requests": "cpu-per-request", "express": "expressjs", "EXPRESJS": "expressjs",
		"speed": "", "x": "", "": "", "zz": "", "latency": "", "p": "",
	} {
		if got, ok := Name(typed, names); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
