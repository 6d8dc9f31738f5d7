package diagnosis

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// withOtherProcess is a window of a machine on which another program burns a core.
func withOtherProcess(i int) Window {
	w := healthy(i)
	w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore = figure.Of(61), figure.Of(40)
	return w
}

func TestFindingBeginsEndsAndComesBack(t *testing.T) {
	watch := New(steadyFacts())
	var begun, ended []time.Duration
	for i := range 20 {
		w := healthy(i)
		if i >= 2 && i < 7 || i >= 14 {
			w = withOtherProcess(i)
		}
		for _, change := range watch.Observe(w) {
			if change.Finding.ID != HostBusy {
				t.Fatalf("unexpected finding %+v", change.Finding)
			}
			if change.Ended {
				ended = append(ended, w.To)
				if change.Finding.EndedAt != 7*time.Second {
					t.Errorf("ended at %s, want 7 s: the last window that showed it", change.Finding.EndedAt)
				}
			} else {
				begun = append(begun, w.To)
			}
		}
	}
	// 3 s of evidence before it is told, 2 s without before it ends, and again.
	if len(begun) != 2 || begun[0] != 5*time.Second || begun[1] != 17*time.Second {
		t.Errorf("told at %v, want 5 s and 17 s", begun)
	}
	if len(ended) != 1 || ended[0] != 9*time.Second {
		t.Errorf("ended at %v, want 9 s", ended)
	}
	findings := watch.Findings()
	if len(findings) != 1 || findings[0].BeganAt != 2*time.Second || findings[0].EndedAt != 0 {
		t.Errorf("%+v, want one finding since 2 s that holds to the end", findings)
	}
}

func TestOneGoodMomentDoesNotEndAFinding(t *testing.T) {
	watch := New(steadyFacts())
	for i := range 12 {
		w := withOtherProcess(i)
		if i == 6 {
			w = healthy(i)
		}
		for _, change := range watch.Observe(w) {
			if change.Ended && i < 8 {
				t.Errorf("ended at %s", w.To)
			}
		}
	}
}

func TestDrainDoesNotEndWhatTheLoadShowed(t *testing.T) {
	facts := rateFacts(10_000)
	facts.Duration = 5 * time.Second
	found := see(facts, 12, func(i int, w *Window) {
		w.Sent, w.OK, w.InFlight, w.Backlog = 5000, 5000, 64, 5000*(i+1)
		if i >= 5 {
			w.Sent, w.Backlog = 0, 0
		}
	})
	if len(found) != 1 || found[0].ID != RateNotReached || found[0].EndedAt != 0 {
		t.Errorf("%+v, want rate_not_reached to the end", found)
	}
	facts = rateFacts(20)
	facts.Duration = 5 * time.Second
	found = see(facts, 12, func(i int, w *Window) { // by a rule that is shown the wait, too
		if i < 5 {
			plateau(w, 0.9, 0.9)
		} else {
			w.Sent, w.OK = 0, 0
		}
	})
	if len(found) != 1 || found[0].ID != DelayedReplies || found[0].EndedAt != 0 {
		t.Errorf("%+v, want delayed_replies to the end", found)
	}
}

func TestSharpenedFindingIsToldOnlyWhenItsWordsChange(t *testing.T) {
	facts := usersFacts()
	facts.HTTPCache = true
	watch := New(facts)
	told := 0
	for i := range 6 {
		w := healthy(i)
		if i < 3 {
			w.OK, w.KO, w.Failures["status 304"] = 800, 2400, 2400
		} else {
			w.OK, w.KO = 0, 0
		}
		told += len(watch.Observe(w))
	}
	if told != 3 {
		t.Errorf("told %d times, want 3: once for each window that changed its figures", told)
	}
}

func TestFindingsAreCopies(t *testing.T) {
	watch := New(steadyFacts())
	for i := range 5 {
		watch.Observe(withOtherProcess(i))
	}
	before, _ := json.Marshal(watch.Findings())
	watch.Findings()[0].Evidence[0] = "changed"
	if after, _ := json.Marshal(watch.Findings()); string(after) != string(before) {
		t.Errorf("a reader changed the finding: %s", after)
	}
}

func TestSeriesStaysSmallAndEven(t *testing.T) {
	var s series
	for i := range 100_000 {
		s.add(time.Duration(i)*time.Second, float64(i))
	}
	if len(s.points) >= mostPoints || len(s.points) < mostPoints/4 {
		t.Fatalf("%d points", len(s.points))
	}
	gap := s.points[1].at - s.points[0].at
	for i := 1; i < len(s.points); i++ {
		if s.points[i].at-s.points[i-1].at != gap {
			t.Fatalf("gap %s after point %d, %s before", s.points[i].at-s.points[i-1].at, i, gap)
		}
	}
}
