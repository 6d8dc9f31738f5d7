package report_test

import (
	"testing"

	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func TestRoundsHoldAgainstTheSchema(t *testing.T) {
	result := recorded.RoundsResult()
	if err := recorded.Validate(t, compiled(t, true), written(t, result)); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*stream.Result){
		"no round 0":            func(r *stream.Result) { r.Contenders[0].Rounds[0].Round = 0 },
		"a status":              func(r *stream.Result) { r.Contenders[0].Rounds[0].Status = "fine" },
		"an interval of no one": func(r *stream.Result) { r.Contenders[0].Intervals = map[string]stream.Interval{"mean": {}} },
	} {
		spoiled := recorded.RoundsResult()
		spoil(&spoiled)
		if recorded.Validate(t, compiled(t, true), written(t, spoiled)) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
}
