package sample

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/system"
)

// Five processes that write to the same 100 MB hold 500 MB by RSS, and the machine
// gives 100 for it.
func TestMemoryThatIsSharedCountsOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	child := proctest.Start(t, proctest.SharesMemory, proctest.Options{MB: 100, Workers: 4})
	child.Await(t, "ready")
	s := sampler(t, child.PID())
	sample, _ := s.SampleWhole()
	const mb = 1e6
	if sample.Processes != 5 || sample.RSSBytes.Value < 5*100*mb {
		t.Fatalf("%d processes with an RSS of %g MB; this test shows nothing", sample.Processes, sample.RSSBytes.Value/mb)
	}
	if pss := sample.PSSBytes; !pss.Known || pss.Value < 100*mb || pss.Value > 200*mb {
		t.Errorf("PSS %+v, of five processes that share 100 MB", pss)
	}
	for _, one := range sample.ByProcess {
		if !one.PSSBytes.Known || one.PSSBytes.Value < 20*mb || one.PSSBytes.Value > 40*mb {
			t.Errorf("process %d: PSS %+v, of 100 MB that five share", one.PID, one.PSSBytes)
		}
	}
	if first, _ := s.Sample(); first.PSSBytes != sample.PSSBytes {
		t.Errorf("PSS %v, and %v at once after it: it was to be held", sample.PSSBytes, first.PSSBytes)
	}
}

// What a round took says when the next may begin, so that a server of many processes,
// or of many pages, pays no more for it.
func TestRoundsOfSharedMemoryAreRare(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name       string
		spent, ago time.Duration
		rss        float64
		count      int
		due        bool
	}{
		{"a moment ago", time.Millisecond, time.Second, 1000, 1, false},
		{"two seconds ago", time.Millisecond, 2 * time.Second, 1000, 1, true},
		{"it holds more", time.Millisecond, 250 * time.Millisecond, 1100, 1, true},
		{"it holds less", time.Millisecond, 250 * time.Millisecond, 900, 1, true},
		{"hardly more", time.Millisecond, 250 * time.Millisecond, 1010, 1, false},
		{"another process", time.Millisecond, 250 * time.Millisecond, 1000, 2, true},
		{"the round was long", 40 * time.Millisecond, 7 * time.Second, 2000, 2, false},
		{"and that was a while ago", 40 * time.Millisecond, 8 * time.Second, 1000, 1, true},
	} {
		rounds := pssRounds{began: now.Add(-c.ago), spent: c.spent, rss: 1000, count: 1}
		if got := rounds.due(c.rss, c.count, now); got != c.due {
			t.Errorf("%s: due %v, want %v", c.name, got, c.due)
		}
	}
}

// A round over many processes spreads over readings, and tells nothing before its end.
func TestRoundGoesOnInTheNextReading(t *testing.T) {
	members := map[int]*member{}
	child := proctest.Start(t, proctest.SharesMemory, proctest.Options{MB: 1, Workers: 2})
	child.Await(t, "ready")
	sample, _ := sampler(t, child.PID()).SampleWhole()
	for _, one := range sample.ByProcess {
		members[one.PID] = &member{}
	}
	rounds, files := pssRounds{}, system.NewFiles()
	for range len(members) {
		rounds.read(files, members, 1, false, time.Now())
	}
	if len(rounds.known) != len(members) || !rounds.sum.Known {
		t.Errorf("%d of %d processes read: %+v", len(rounds.known), len(members), rounds.sum)
	}
	delete(members, sample.ByProcess[0].PID) // it ended
	rounds.read(files, members, 1, true, time.Now())
	if len(rounds.known) != len(members) {
		t.Errorf("%d processes are told of, %d run", len(rounds.known), len(members))
	}
}
