package session

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
)

func TestObjectiveIsRead(t *testing.T) {
	for text, says := range map[string]string{
		DefaultObjective:            "",
		"p99<50ms":                  "",
		" mean<=5ms , failures<1% ": "",
		"":                          "is no condition",
		"p99":                       "is no condition",
		"p99>50ms":                  "must not be exceeded",
		"rss<50":                    "latency or failures",
		"startup<50ms":              "latency or failures",
		"failures<0":                "can never hold",
		"p99<50":                    "is no time",
	} {
		objective, err := ParseObjective(text)
		switch {
		case says == "" && (err != nil || objective.String() != text):
			t.Errorf("%q: %v, %v", text, objective, err)
		case says != "" && (err == nil || !strings.Contains(err.Error(), says)):
			t.Errorf("%q: %v; want an error that says %q", text, err, says)
		}
	}
}

func TestStepThatCanNotKeepItsObjectiveIsGivenUp(t *testing.T) {
	objective, err := ParseObjective("p99<10ms,failures<10%")
	if err != nil {
		t.Fatal(err)
	}
	load := engine.Workload{Rate: 100, Duration: 10 * time.Second}
	slow := func(n uint64) engine.Measures {
		return engine.Measures{To: time.Second, OK: n, ResponseOK: engine.Histogram{Values: []int64{1000, 11_000}, Counts: []uint64{90, n}}}
	}
	judge := newStepJudge(objective, load)
	if judge.hopeless(slow(11)) { // 1 % of 1,000, and the one that interpolation may take
		t.Error("given up while it can still be kept")
	}
	if !judge.hopeless(slow(1)) {
		t.Error("not given up with more than 1 % too slow")
	}
	judge = newStepJudge(objective, load)
	if !judge.hopeless(engine.Measures{To: time.Second, KO: 101}) {
		t.Error("not given up with more than 10 % failed")
	}
}

func TestServerThatFallsBehindBreaksAnObjectiveOnFailuresAlone(t *testing.T) {
	objective, err := ParseObjective("failures<1%")
	if err != nil {
		t.Fatal(err)
	}
	judge := newStepJudge(objective, engine.Workload{Rate: 1000, Duration: 10 * time.Second})
	judge.hopeless(engine.Measures{To: 5 * time.Second, OK: 4000})
	judge.hopeless(engine.Measures{From: 5 * time.Second, To: 10 * time.Second, OK: 4000})
	if why := judge.broken(ContenderResult{}); !strings.Contains(why, "only 8,000 of 10,000") {
		t.Errorf("%q", why)
	}
}
