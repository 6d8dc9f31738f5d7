package machine

import (
	"fmt"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// spareDescriptors is what beside the connections takes one: logs, pipes, readings.
const spareDescriptors = 64

func (m Machine) checkDescriptors(need Need) (check Check) {
	defer func() { check.ID = "descriptor_limit" }()
	wanted := float64(need.Connections + spareDescriptors)
	switch limit := m.Descriptors; {
	case !limit.Known:
		return unknown("the limit of open files can't be read")
	case limit.Value < wanted:
		return Check{
			State:    Warning,
			Title:    fmt.Sprintf("a process may open %s files: too few for %s", figure.Whole(limit.Value), need.By),
			Evidence: []string{fmt.Sprintf("each connection is an open file, of the generator and of the server; it takes %s", figure.Whole(wanted))},
			Fix: []string{
				"for good: `echo '* hard nofile 65536' | sudo tee /etc/security/limits.d/nofile.conf`, then log in again",
				"in a container: `docker run --ulimit nofile=65536:65536`; as a service: LimitNOFILE=65536",
				fmt.Sprintf("or ask for less: `"+flagname.Users+" %d`, `"+flagname.ShortConnections+" %d`", max(1, int(limit.Value)-spareDescriptors), max(1, int(limit.Value)-spareDescriptors)),
			},
		}
	default:
		return ok(fmt.Sprintf("a process may open %s files", figure.Whole(limit.Value)))
	}
}

func (m Machine) checkPorts(need Need) (check Check) {
	defer func() { check.ID = "port_range" }()
	if !m.PortFirst.Known || !m.PortLast.Known {
		return unknown("the ports of outgoing connections can't be read")
	}
	all := m.PortLast.Value - m.PortFirst.Value + 1
	ports := fmt.Sprintf("%s ports for outgoing connections (%.0f to %.0f)", figure.Whole(all), m.PortFirst.Value, m.PortLast.Value)
	waiting := fmt.Sprintf("%s sockets hold theirs in TIME_WAIT now", figure.Whole(m.TimeWait.Value))
	const (
		widen = "`sudo sysctl -w net.ipv4.ip_local_port_range='16384 65535'`"
		reuse = "`sudo sysctl -w net.ipv4.tcp_tw_reuse=2`"
	)
	held := m.TimeWaitReuse.Known && m.TimeWaitReuse.Value == 0 // for a minute after each connection
	switch wanted := float64(need.Connections); {
	case all < wanted:
		return Check{
			State: Warning, Title: ports + ": too few for " + need.By,
			Evidence: []string{"each connection to a server takes one"}, Fix: []string{widen},
		}
	case held && all-m.TimeWait.Value < wanted:
		return Check{
			State: Warning, Passing: true, Title: "the ports for outgoing connections are used up: too few are left for " + need.By,
			Evidence: []string{ports, waiting + ", for a minute each: net.ipv4.tcp_tw_reuse is 0"},
			Fix:      []string{"wait a minute", "let them be reused on loopback: " + reuse, widen},
		}
	case held && all < 4*wanted:
		return Check{
			State: Note, Title: ports + ", each held for a minute after its connection",
			Evidence: []string{"net.ipv4.tcp_tw_reuse is 0: a load that opens connection after connection to one server runs out of them", waiting},
			Fix:      []string{"let them be reused on loopback: " + reuse, widen},
		}
	}
	if m.TimeWait.Known {
		ports += ", " + figure.Whole(m.TimeWait.Value) + " in TIME_WAIT"
	}
	return ok(ports)
}

func (m Machine) checkAcceptQueue() (check Check) {
	defer func() { check.ID = "accept_queue" }()
	const usual = 511 // what Node and nginx ask for
	switch most := m.AcceptQueueMost; {
	case !most.Known:
		return unknown("the longest accept queue that a server can get can't be read")
	case most.Value < usual:
		return Check{
			State:    Warning,
			Title:    fmt.Sprintf("no server gets an accept queue of more than %s", figure.Whole(most.Value)),
			Evidence: []string{fmt.Sprintf("servers ask for %d and more; when many connect at once, the kernel drops who finds the queue full, and they come again a second later", usual)},
			Fix:      []string{"`sudo sysctl -w net.core.somaxconn=4096`"},
		}
	default:
		return ok(fmt.Sprintf("servers may have an accept queue of %s", figure.Whole(most.Value)))
	}
}

func (m Machine) checkTracking(need Need) (check Check) {
	defer func() { check.ID = "connection_tracking" }()
	if !m.TrackedMost.Known || m.TrackedMost.Value == 0 {
		return ok("no firewall follows the connections")
	}
	free := m.TrackedMost.Value - m.Tracked.Value
	if free >= 2*float64(need.Connections) {
		return ok(fmt.Sprintf("the firewall can follow %s more connections", figure.Whole(free)))
	}
	return Check{
		State:    Warning,
		Title:    fmt.Sprintf("the firewall can follow %s more connections only", figure.Whole(max(0, free))),
		Evidence: []string{fmt.Sprintf("it follows %s of %s, and closed ones for a while; when it can follow no more, it drops packets", figure.Whole(m.Tracked.Value), figure.Whole(m.TrackedMost.Value))},
		Fix:      []string{"`sudo sysctl -w net.netfilter.nf_conntrack_max=262144`"},
	}
}

func (m Machine) checkTasks() (check Check) {
	defer func() { check.ID = "task_limit" }()
	const enough = 1000
	switch {
	case !m.Tasks.Known:
		return ok("processes and threads are not bounded")
	case m.Tasks.Value < enough:
		return Check{
			State:    Warning,
			Title:    fmt.Sprintf("only %s processes and threads may be started", figure.Whole(m.Tasks.Value)),
			Evidence: []string{"a server with a thread per connection takes hundreds"},
			Fix:      []string{"`ulimit -u 8192`, in a container `docker run --pids-limit 8192`, as a service TasksMax=8192"},
		}
	}
	return ok(fmt.Sprintf("%s processes and threads may be started", figure.Whole(m.Tasks.Value)))
}
