package diagnosis

import "time"

// The verdicts on a run.
const (
	// VerdictServer: what was measured is the server's doing.
	VerdictServer = "server"
	// VerdictGenerator: the load generator was the limit; the server could do more.
	VerdictGenerator = "generator"
	// VerdictInconclusive: the figures don't tell, or don't agree.
	VerdictInconclusive = "inconclusive"
)

// Summary is a whole load, as the verdict on it needs it.
type Summary struct {
	Facts   Facts
	Length  time.Duration // of the stretch in which requests were begun, its drain left out
	Sent    uint64        // in that stretch
	Replies uint64        // OK and KO; in the same stretch or, if that was not told apart, in all

	MeanServiceMS Figure // from the actual send to the last byte of the reply
	LatencyP50MS  Figure // response time of OK replies
	InFlightMean  Figure // requests sent and not answered, the mean of what was read

	GeneratorCPUPercentOfCore float64       // mean
	LatenessP99               time.Duration // actual minus intended send
	ServerCPUPercentOfCore    Figure        // mean
}

const (
	// busyShare is the share of its cores from which the generator is at its limit:
	// a loop that never waits for a reply.
	busyShare = 0.95
	// pressedShare is the share from which its lateness counts as its own doing.
	pressedShare = 0.85
	// inTime is how late a generator may be that keeps its schedule.
	inTime = time.Millisecond
	// farBehind is a lateness that no figure of the run can be trusted with, if it
	// is as large as the latencies themselves.
	farBehind = 20 * time.Millisecond
	// reachedShare is the share of the offered rate from which it counts as reached.
	reachedShare = 0.95
)

// Verdict says what limited a load: "server", "generator" or "inconclusive".
func Verdict(s Summary) string {
	if s.Replies == 0 || s.Length <= 0 {
		return VerdictInconclusive
	}
	cores := s.Facts.generatorCores()
	share := s.GeneratorCPUPercentOfCore / (100 * cores)
	closed := s.Facts.Model == "closed"
	switch {
	case share >= busyShare:
		return VerdictGenerator
	case !closed && share >= pressedShare && s.LatenessP99 > inTime:
		return VerdictGenerator
	case !closed && s.behind():
		return VerdictGenerator
	case s.foughtForTheMachine():
		return VerdictInconclusive
	}
	if closed {
		return s.verdictClosed()
	}
	return s.verdictOpen()
}

// behind says that the generator's lateness drowns what it measures.
func (s Summary) behind() bool {
	return s.LatenessP99 >= farBehind &&
		(!s.LatencyP50MS.Known || milliseconds(s.LatenessP99) >= s.LatencyP50MS.Value)
}

// foughtForTheMachine says that the CPU was used up, and not by the server alone.
func (s Summary) foughtForTheMachine() bool {
	if !s.ServerCPUPercentOfCore.Known || s.Facts.Cores == 0 {
		return false
	}
	used := s.ServerCPUPercentOfCore.Value + s.GeneratorCPUPercentOfCore
	return used >= 95*float64(s.Facts.Cores) && s.GeneratorCPUPercentOfCore >= s.ServerCPUPercentOfCore.Value
}

// verdictClosed asks Little's law how many of the connections waited for the
// server: throughput × mean service time. The others waited for the generator.
func (s Summary) verdictClosed() string {
	connections := float64(s.Facts.Connections)
	if connections == 0 || !s.MeanServiceMS.Known {
		return VerdictInconclusive
	}
	switch waiting := s.inFlightByLittle() / connections; {
	case waiting >= 0.9 && waiting <= 1.2:
		return VerdictServer
	case waiting < 0.5:
		return VerdictGenerator
	}
	return VerdictInconclusive
}

// verdictOpen: a generator that kept its schedule measured the server, unless
// what it counted contradicts itself.
func (s Summary) verdictOpen() string {
	const few = 10 // requests in flight, below which a snapshot says little
	if little := s.inFlightByLittle(); s.InFlightMean.Known && s.MeanServiceMS.Known && max(little, s.InFlightMean.Value) >= few {
		if ratio := s.InFlightMean.Value / little; ratio > 2 || ratio < 0.5 {
			return VerdictInconclusive
		}
	}
	offered := s.Facts.OfferedRate * s.Length.Seconds()
	if float64(s.Sent) >= reachedShare*offered {
		return VerdictServer
	}
	// Less was sent than asked for: by the server's doing only if its connections
	// were all in use.
	if s.Facts.Connections > 0 && s.MeanServiceMS.Known && s.inFlightByLittle() >= 0.8*float64(s.Facts.Connections) {
		return VerdictServer
	}
	return VerdictInconclusive
}

// inFlightByLittle is throughput × mean service time.
func (s Summary) inFlightByLittle() float64 {
	return float64(s.Replies) / s.Length.Seconds() * s.MeanServiceMS.Value / 1000
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
