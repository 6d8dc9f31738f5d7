package diagnosis

import (
	"fmt"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// lackedShare is the part of all requests from which what the generator lacked shows in
// the figures: the verdict and the finding on it go by the same.
const lackedShare = 0.01

// What the generator may lack, as failures are called by it.
const (
	causeNoPorts       = "generator: no local ports"
	causeNoDescriptors = "generator: no file descriptors"
)

// generatorExhausted looks for requests that the generator could not send for want of
// what it needs itself: a port of this machine, or a file descriptor. They say nothing
// of the server, and what was left of the load was less than what was asked for.
func generatorExhausted(facts Facts) ruleFunc {
	const fewest = 10
	var ports, descriptors, replies uint64
	var since time.Duration
	return func(w Window) *evidence {
		if ports+descriptors == 0 {
			since = w.From
		}
		ports += w.Failures[causeNoPorts]
		descriptors += w.Failures[causeNoDescriptors]
		replies += w.replies()
		lacked := ports + descriptors
		if lacked < fewest || share(lacked, replies) < lackedShare {
			return nil
		}
		c := &evidence{
			since: since, figures: []string{of(lacked, replies, "requests") + " were never sent"},
			title:  "the generator ran out of local ports: what failed by it is not the server's",
			advice: "keep connections open instead of making new ones, ask for fewer at once (" + flagname.ShortConnections + ", " + flagname.Users + "), or widen the range of ports (net.ipv4.ip_local_port_range); each port is held for a minute after its connection, where net.ipv4.tcp_tw_reuse does not lend it again",
		}
		if descriptors > ports {
			c.title = "the generator ran out of file descriptors: what failed by it is not the server's"
			c.advice = "ask for fewer connections at once (" + flagname.ShortConnections + ", " + flagname.Users + "), or let this process have more open files (ulimit -n, and its hard limit)"
		}
		if ports > 0 && descriptors > 0 {
			c.figures[0] += fmt.Sprintf(": %s found no local port, %s no file descriptor", figure.Count(ports), figure.Count(descriptors))
		}
		if w.Connections > 0 {
			c.figures = append(c.figures, figure.Plural(w.Connections, "connection was", "connections were")+" open at the end of the last second, of "+connectionsAsked(facts))
		}
		return c
	}
}

func connectionsAsked(facts Facts) string {
	asked := figure.Count(max(1, facts.Connections)) + " that the load wants"
	if facts.Model == "users" {
		asked = strings.Replace(asked, "that the load wants", "users", 1)
	}
	return asked
}
