package report_test

import (
	"testing"

	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/session"
)

func TestRoundsHoldAgainstTheSchema(t *testing.T) {
	result := recorded.RoundsResult()
	if err := recorded.Validate(t, compiled(t, true), written(t, result)); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*session.Result){
		"no round 0":            func(r *session.Result) { r.Contenders[0].Rounds[0].Round = 0 },
		"a status":              func(r *session.Result) { r.Contenders[0].Rounds[0].Status = "fine" },
		"an interval of no one": func(r *session.Result) { r.Contenders[0].Intervals = map[string]session.Interval{"mean": {}} },
	} {
		spoiled := recorded.RoundsResult()
		spoil(&spoiled)
		if recorded.Validate(t, compiled(t, true), written(t, spoiled)) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
}
