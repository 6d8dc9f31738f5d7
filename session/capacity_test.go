package session

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/frameworks"
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

// tokenBucket answers so many requests per second, each in its turn.
func tokenBucket(t *testing.T, perSecond float64) *httptest.Server {
	var mu sync.Mutex
	var next time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		now := time.Now()
		if next.Before(now) {
			next = now
		}
		turn := next
		next = next.Add(time.Duration(float64(time.Second) / perSecond))
		mu.Unlock()
		time.Sleep(turn.Sub(now))
		fmt.Fprint(w, `{"name":"bucket"}`)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestCapacityOfATokenBucketIsFound(t *testing.T) {
	const capacity = 400
	contender, err := frameworks.URL(tokenBucket(t, capacity).URL + "/hello")
	if err != nil {
		t.Fatal(err)
	}
	workload, err := WorkloadNamed("capacity")
	if err != nil {
		t.Fatal(err)
	}
	workload.Load.Duration, workload.Load.Connections = time.Second, 64
	workload.Warmup = 500 * time.Millisecond
	if workload.Objective, err = ParseObjective("p90<60ms,failures<1%"); err != nil {
		t.Fatal(err)
	}
	var told, judged int
	plan := Plan{Contenders: []frameworks.Contender{contender}, Workload: workload}
	if err := plan.Check(); err != nil {
		t.Fatal(err)
	}
	run := Start(t.Context(), plan, Tools{Shop: frameworks.NewShop(t.TempDir(), os.Args[0])}, func(event Event) {
		if step, ok := event.Body.(SearchStep); ok {
			if step.Judged {
				judged++
			} else {
				told++
			}
		}
	})
	one := run.Wait().Contenders[0]
	found := one.Capacity
	if found == nil {
		t.Fatalf("no capacity: %+v", one)
	}
	for _, step := range found.Steps {
		t.Logf("step %d: %.0f req/s from %.1f s kept %v %s", step.Number, step.Rate, step.FromS, step.Kept, step.Why)
	}
	// A step of 1 s lets the queue of 60 ms grow only so far: 10 % of requests may be above it.
	if found.Rate < 0.9*capacity || found.Rate > 1.15*capacity || found.Ceiling <= found.Rate {
		t.Errorf("found %.0f req/s, ceiling %.0f; the server carries %d", found.Rate, found.Ceiling, capacity)
	}
	if n := len(found.Steps); n > mostSteps || told != n || judged != n {
		t.Errorf("%d steps, %d told and %d judged; want at most %d", n, told, judged, mostSteps)
	}
	if ok := one.LatencyMS.OK; ok == nil || ok.P90 >= 60 || one.RPS.OK < 0.8*found.Rate {
		t.Errorf("the figures are not those of the capacity: %+v at %.0f req/s", ok, one.RPS.OK)
	}
	if one.RankedBy != "rps" {
		t.Errorf("ranked by %s; latencies at different rates can't be compared", one.RankedBy)
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
