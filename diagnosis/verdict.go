package diagnosis

import (
	"fmt"
	"time"
)

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

// Ruling is a verdict and the figures that it rests on.
type Ruling struct {
	Verdict string
	Why     string // in plain words
}

// Verdict says what limited a load: "server", "generator" or "inconclusive".
func Verdict(s Summary) string { return Judge(s).Verdict }

// Judge says what limited a load, and why that is so.
func Judge(s Summary) Ruling {
	if s.Replies == 0 || s.Length <= 0 {
		return Ruling{VerdictInconclusive, "no reply came"}
	}
	cores := s.Facts.generatorCores()
	share := s.GeneratorCPUPercentOfCore / (100 * cores)
	closed := s.Facts.Model == "closed"
	used := fmt.Sprintf("the generator used %s, and can use %s", cpu(s.GeneratorCPUPercentOfCore), coreCount(cores))
	late := "it sent " + ms(milliseconds(s.LatenessP99)) + " late at p99"
	switch {
	case share >= busyShare:
		return Ruling{VerdictGenerator, used}
	case !closed && share >= pressedShare && s.LatenessP99 > inTime:
		return Ruling{VerdictGenerator, used + ", and " + late}
	case !closed && s.behind():
		if !s.LatencyP50MS.Known {
			return Ruling{VerdictGenerator, "the generator could not keep its schedule: " + late}
		}
		return Ruling{VerdictGenerator, fmt.Sprintf("the generator could not keep its schedule: %s, and the median latency is %s", late, ms(s.LatencyP50MS.Value))}
	case s.foughtForTheMachine():
		return Ruling{VerdictInconclusive, fmt.Sprintf("the machine's CPU was used up, more of it by the generator (%s) than by the server (%s)",
			cpu(s.GeneratorCPUPercentOfCore), cpu(s.ServerCPUPercentOfCore.Value))}
	}
	if closed {
		return s.judgeClosed()
	}
	return s.judgeOpen()
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

// judgeClosed asks Little's law how many of the connections waited for the
// server: throughput × mean service time. The others waited for the generator.
func (s Summary) judgeClosed() Ruling {
	connections := float64(s.Facts.Connections)
	if connections == 0 || !s.MeanServiceMS.Known {
		return Ruling{VerdictInconclusive, "how long the replies took was not measured"}
	}
	little := s.inFlightByLittle()
	told := fmt.Sprintf("%.1f of %s waited for the server on average (%s replies/s × %s, by Little's law)",
		little, plural(uint64(connections), "connection", "connections"), whole(s.throughput()), ms(s.MeanServiceMS.Value))
	switch waiting := little / connections; {
	case waiting > 1.2:
		return Ruling{VerdictInconclusive, told + ": more than there are"}
	case waiting >= 0.9:
		return Ruling{VerdictServer, told}
	case waiting < 0.5:
		return Ruling{VerdictGenerator, told + ", the others for the generator"}
	}
	return Ruling{VerdictInconclusive, told + ", the others for the generator"}
}

// judgeOpen: a generator that kept its schedule measured the server, unless
// what it counted contradicts itself.
func (s Summary) judgeOpen() Ruling {
	const few = 10 // requests in flight, below which a snapshot says little
	little := s.inFlightByLittle()
	if s.InFlightMean.Known && s.MeanServiceMS.Known && max(little, s.InFlightMean.Value) >= few {
		if ratio := s.InFlightMean.Value / little; ratio > 2 || ratio < 0.5 {
			return Ruling{VerdictInconclusive, fmt.Sprintf("%.1f requests were in flight on average, and by Little's law it should be %.1f (%s replies/s × %s)",
				s.InFlightMean.Value, little, whole(s.throughput()), ms(s.MeanServiceMS.Value))}
		}
	}
	late := "it sent " + ms(milliseconds(s.LatenessP99)) + " late at p99"
	offered := s.Facts.OfferedRate * s.Length.Seconds()
	if float64(s.Sent) >= reachedShare*offered {
		return Ruling{VerdictServer, "the generator kept its schedule: " + late}
	}
	// Less was sent than asked for: by the server's doing only if its connections
	// were all in use.
	told := fmt.Sprintf("%s of the requests that were due were sent", percent(float64(s.Sent)/offered))
	if s.Facts.Connections == 0 || !s.MeanServiceMS.Known {
		return Ruling{VerdictInconclusive, told}
	}
	waited := fmt.Sprintf("%.1f of %s waited for the server (%s replies/s × %s, by Little's law)",
		little, plural(uint64(s.Facts.Connections), "connection", "connections"), whole(s.throughput()), ms(s.MeanServiceMS.Value))
	if little >= 0.8*float64(s.Facts.Connections) {
		return Ruling{VerdictServer, told + ": " + waited}
	}
	return Ruling{VerdictInconclusive, told + ", though only " + waited}
}

// throughput is replies per second.
func (s Summary) throughput() float64 { return float64(s.Replies) / s.Length.Seconds() }

// inFlightByLittle is throughput × mean service time.
func (s Summary) inFlightByLittle() float64 {
	return s.throughput() * s.MeanServiceMS.Value / 1000
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
