package diagnosis

import (
	"fmt"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// The verdicts on a run.
const (
	// VerdictServer: what was measured is the server's doing.
	VerdictServer = "server"
	// VerdictGenerator: the load generator was the limit; the server could do more.
	VerdictGenerator = "generator"
	// VerdictMachine: server and generator used up the machine that they share; on one
	// of its own the server could do more, or less late.
	VerdictMachine = "machine"
	// VerdictInconclusive: the figures don't tell, or don't agree.
	VerdictInconclusive = "inconclusive"
)

// Summary is a whole load, as the verdict on it needs it.
type Summary struct {
	Facts  Facts
	Length time.Duration // of the stretch in which requests were begun, its drain left out
	Sent   uint64        // in that stretch
	// Unconnected are those besides whose turn came, and for which no connection was to be had.
	Unconnected uint64
	Replies     uint64 // OK and KO; in the same stretch or, if that was not told apart, in all
	// Lacked counts the failures for want of what the generator needs itself: local
	// ports, file descriptors. LackedMost is the cause of most of them.
	Lacked     uint64
	LackedMost string
	// Starved are the connections that had no reply at all when the last request was
	// begun, and had waited for one for a second or longer; Served are all that ever had one.
	Starved int
	Served  uint64
	Effort  Effort

	// ReadLateness is how long replies lay in the generator's sockets before they were
	// read, and ReadP50MS the median response time to their reading; unknown where the
	// kernel does not tell when replies arrive.
	ReadLatenessP50MS figure.Value
	ReadP50MS         figure.Value

	// Findings are those of the same load.
	Findings []Finding
}

// Ruling is a verdict and the figures that it rests on.
type Ruling struct {
	Verdict string
	Why     string // in plain words

	lacked bool // the generator lacked something, which no finding on the server changes
}

// Judge says what limited a load, and why that is so. It never contradicts a finding of
// the same load.
func Judge(s Summary) Ruling {
	ruling := s.judge()
	if words := s.readWords(); words != "" {
		ruling.Why += "; " + words
	}
	return ruling.Beside(s.Findings, s.Effort.Turn)
}

func (s Summary) judge() Ruling {
	turn := s.Effort.Turn
	switch {
	case s.Length <= 0 || s.Sent+s.Replies == 0:
		return Ruling{Verdict: VerdictInconclusive, Why: "nothing was sent"}
	case share(s.Lacked, s.Replies) >= lackedShare:
		return Ruling{VerdictGenerator, of(s.Lacked, s.Replies, "requests") + " found the generator out of what it needs: " + s.LackedMost, true}
	case !turn.Known:
		return Ruling{Verdict: VerdictInconclusive, Why: "what the connections did was not measured"}
	}
	if s.Facts.Model == "closed" {
		return s.judgeTurns("")
	}
	return s.judgeOpen()
}

// judgeTurns goes by whose turn it was. told is what is said before.
func (s Summary) judgeTurns(told string) Ruling {
	turn := s.Effort.Turn
	words := told + turn.words()
	generators := turn.generators()
	if n := s.Facts.Connections; n > 0 && float64(s.Starved) >= partly*float64(n) {
		return Ruling{Verdict: VerdictServer, Why: told + s.starvedWords() + "; " + turn.words()}
	}
	if turn.server()+turn.Held <= 0 {
		return Ruling{Verdict: VerdictInconclusive, Why: told + "no connection had anything to do"}
	}
	verdict, why := s.Effort.hindered(s.Facts)
	if generators <= sharedPart || generators <= partly && verdict != VerdictMachine {
		return Ruling{Verdict: VerdictServer, Why: words}
	}
	if verdict == VerdictGenerator && generators < mostPart && s.Effort.Loops.load() < fullLoad {
		verdict = VerdictInconclusive // each waits for the other in turn
	}
	return Ruling{Verdict: verdict, Why: words + "; " + why}
}

// starvedWords say that connections had no reply: never, where so few ever had one that
// the others can't have; else those that were open at the end, for all that is known.
func (s Summary) starvedWords() string {
	all := uint64(s.Facts.Connections)
	of := fmt.Sprintf("%s of %s", figure.Count(s.Starved), figure.Plural(all, "connection", "connections"))
	if s.Served+uint64(s.Starved) <= all {
		return of + " never had a reply"
	}
	return of + " waited for their first reply at the end, for 1 s or longer"
}

// judgeOpen: a generator that kept its schedule measured the server.
func (s Summary) judgeOpen() Ruling {
	e := s.Effort
	if e.isLate() {
		verdict, why := e.hindered(s.Facts)
		told := "the generator could not keep its schedule: " + e.lateWords()
		if e.ResponseP99MS.Known {
			told += ", of a p99 of " + figure.MS(e.ResponseP99MS.Value)
		}
		return Ruling{Verdict: verdict, Why: told + "; " + why}
	}
	offered := s.Facts.OfferedRate * s.Length.Seconds()
	if tried := float64(s.Sent + s.Unconnected); tried >= reachedShare*offered || offered-tried < 1 { // of 6.4 requests 6 are all
		told := "the generator kept its schedule: " + e.lateWords()
		if e.LatenessP99 >= late && e.ResponseP99MS.Known {
			told = "the generator's lateness is little beside the latencies: " + e.lateWords() + ", of a p99 of " + figure.MS(e.ResponseP99MS.Value)
		}
		return Ruling{Verdict: VerdictServer, Why: told}
	}
	// Less was sent than asked for: by the server's doing if its connections were in use.
	return s.judgeTurns(fmt.Sprintf("%s of the requests that were due were sent: ", figure.Percent(float64(s.Sent)/offered)))
}

// readWords tell of a generator that reads so late that most of the time to reading is
// its own.
func (s Summary) readWords() string {
	const least = 0.2 // ms, below which nobody cares
	if !s.ReadLatenessP50MS.Above(least) || !s.ReadP50MS.Known || s.ReadLatenessP50MS.Value < mostPart*s.ReadP50MS.Value {
		return ""
	}
	return fmt.Sprintf("replies lay unread in the generator's sockets for %s at the median, of %s until they were read (the latencies leave that out)",
		figure.MS(s.ReadLatenessP50MS.Value), figure.MS(s.ReadP50MS.Value))
}

// ofTheServer are the findings that say of the server that it is the limit. A verdict
// that says otherwise in the same run would contradict them.
var ofTheServer = []ID{
	ServerCrashed, ServerStalled, ConnectionsRefused, AcceptQueueOverflow,
	EventLoopSaturated, CPUSaturated, TimeoutsHideLatency,
	DelayedReplies, DescriptorsUsedUp, CPUQuotaThrottles, ConnectionsUnserved, WorkersAsleep,
}

// blamesServer says that a finding names the server as the limit. An event loop that
// others starve is none, nor is a quota that stops the generator, too.
func (f Finding) blamesServer() bool {
	return slices.Contains(ofTheServer, f.ID) && f.Title != titleStarved && f.Title != titleThrottlesBoth
}

// stretchWords say when a finding held, so that it does not read as if it contradicted
// what is true of the load as a whole.
func (f Finding) stretchWords() string {
	switch {
	case f.EndedAt == 0 && at(f.BeganAt) == at(0):
		return "all along"
	case f.EndedAt == 0:
		return "from " + at(f.BeganAt) + " on"
	}
	return "from " + at(f.BeganAt) + " to " + at(f.EndedAt)
}

// butWords say it behind a ruling that it limits.
func (f Finding) butWords() string { return "; but " + f.stretchWords() + " " + f.Title }

// Beside is the ruling on a load that has findings, too. What they say of the server
// holds: the ruling gives way, to the server if most of the time was its turn, else to
// nobody. A server is not the only limit, either, where the generator was found to be.
func (r Ruling) Beside(findings []Finding, turn Turn) Ruling {
	at := slices.IndexFunc(findings, Finding.blamesServer)
	own := slices.IndexFunc(findings, func(f Finding) bool { return f.ID == GeneratorSaturated && f.Title != titleStopped })
	others := slices.IndexFunc(findings, func(f Finding) bool { return f.ID == HostBusy })
	switch {
	case r.Verdict == VerdictServer && own >= 0 && at < 0:
		return Ruling{Verdict: VerdictInconclusive, Why: r.Why + findings[own].butWords()}
	case r.Verdict == VerdictServer && others >= 0: // its figures, of a machine that it did not have to itself
		r.Why += findings[others].butWords()
		return r
	case r.Verdict == VerdictServer || at < 0:
		return r
	case r.Verdict == VerdictInconclusive: // then the finding is what is known
		return Ruling{Verdict: VerdictServer, Why: findings[at].Title + "; " + r.Why}
	case turn.Known && turn.generators() < mostPart && !r.lacked:
		return Ruling{Verdict: VerdictServer, Why: findings[at].Title + "; " + turn.words()}
	}
	return Ruling{Verdict: VerdictInconclusive, Why: findings[at].Title + "; and yet " + r.Why}
}
