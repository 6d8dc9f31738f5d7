package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// rateNotReached looks for a rate that was asked for and is not sent, because
// every connection waits for a reply or because the generator is too slow. What is refused
// a connection at its time is no part of that.
func rateNotReached(facts Facts) ruleFunc {
	if facts.Model != "rate" && facts.Model != "ramp" {
		return nil
	}
	const (
		long   = 2 * time.Second
		fewest = 20 // requests short, so that a low rate's rounding is no finding
	)
	var short streak
	var due, sent float64 // over the streak
	var unconnected uint64
	var load meanEffort
	return whileRunning(facts, func(w Window) *evidence {
		offered := w.OfferedRate
		if offered == 0 {
			offered = facts.OfferedRate
		}
		if offered == 0 {
			return nil
		}
		load.add(w, offered)
		short.take(w.rate(w.Sent+w.unconnected()) < reachedShare*offered, w)
		if short.windows <= 1 {
			due, sent, unconnected = 0, 0, 0
		}
		if short.holds {
			due += offered * w.length().Seconds()
			sent += float64(w.Sent)
			unconnected += w.unconnected()
		}
		if !short.lasted(long) || due-sent-float64(unconnected) < fewest {
			return nil
		}
		figures := []string{fmt.Sprintf("%s of %s requests per second were sent since %s (%s)",
			figure.Whole(sent/short.held.Seconds()), figure.Whole(due/short.held.Seconds()), at(short.since), figure.Percent(sent/due))}
		if unconnected > 0 {
			figures = append(figures, figure.Plural(unconnected, "more had its", "more had their")+" turn, and no connection was to be had")
		}
		if n := facts.Connections; n > 0 && w.InFlight >= n*8/10 {
			figures = append(figures, fmt.Sprintf("%s of %s %s for a reply, and %s for a connection",
				figure.Count(w.InFlight), figure.Plural(n, "connection", "connections"), figure.Agree(w.InFlight, "waits", "wait"), figure.Plural(w.Backlog, "request", "requests")))
		} else if w.Backlog > 0 {
			figures = append(figures, figure.Plural(w.Backlog, "request is due and waits", "requests are due and wait")+" for a connection")
		}
		if w.LatenessP99 > inTime {
			figures = append(figures, "the generator sends "+figure.MS(figure.Milliseconds(w.LatenessP99))+" late at p99")
		}
		return &evidence{
			since:   short.since,
			title:   "the rate that was asked for is not reached",
			figures: figures,
			advice:  adviceOnRate(load.verdict(facts)),
		}
	})
}

// adviceOnRate fits the verdict on a load that does not reach its rate.
func adviceOnRate(verdict string) string {
	switch verdict {
	case VerdictServer:
		return "the server is slower than the rate: lower " + flagname.ShortRate + ", or raise " + flagname.ShortConnections + " if it answers more at once than it has connections"
	case VerdictMachine:
		return "server and generator use up the machine that they share: lower " + flagname.ShortRate + ", or give the generator a machine or cores of its own (" + flagname.ServerCPUs + ", " + flagname.LoadCPUs + ") to see what the server alone can do"
	case VerdictGenerator:
		return "the generator is slower than the rate: lower " + flagname.ShortRate + ", or give it a machine or more cores of its own (" + flagname.LoadCPUs + ")"
	}
	return "lower " + flagname.ShortRate + "; the latencies above hold for the rate that was reached, and for the wait of what was due"
}
