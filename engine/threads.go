package engine

import (
	"context"
	"math"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/traffic"
)

// Threads is how many threads' worth of CPU the generator can use for the job.
func Threads(job Job) int {
	request, err := prepare(job.Request)
	if err != nil || !onLoops(job, request) {
		return usableCPUs(job)
	}
	return loopCount(job, request.address)
}

// OnLoops says whether event loops serve the job: not what goes through TLS or HTTP/2.
func OnLoops(job Job) bool {
	request, err := prepare(job.Request)
	return err == nil && onLoops(job, request)
}

// usableCPUs is on how many CPUs this process may run, by what it was given and by
// what it was told: GOMAXPROCS, its affinity, and the time that its control group has.
func usableCPUs(job Job) int {
	count := usualPlaces()
	if allowed := allowedCPUs(); allowed > 0 {
		count = min(count, allowed)
	}
	if job.Cores > 0 {
		count = min(count, int(math.Ceil(job.Cores)))
	}
	return max(1, count)
}

// loopCount is how many event loops serve the job.
func loopCount(job Job, address string) int {
	count := job.Loops
	if count <= 0 {
		count = usableCPUs(job)
		if isThisMachine(address) { // the server needs the other half
			count /= 2
		}
	}
	most := job.Workload.Connections
	if job.Workload.Model == traffic.Users {
		most = job.Workload.Users
	}
	return max(1, min(count, most))
}

// isThisMachine says whether an address, host and port, is one of this machine's own,
// by number or by name.
func isThisMachine(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	hosts := []string{host}
	if _, err := netip.ParseAddr(host); err != nil {
		const patience = 2 * time.Second // no load waits for it: it has looked the name up before
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if hosts, err = net.DefaultResolver.LookupHost(ctx, host); err != nil {
			return false
		}
	}
	return slices.ContainsFunc(hosts, isOwn)
}

// isOwn says whether an IP address leads to this machine.
func isOwn(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	ip = ip.Unmap().WithZone("")
	if ip.IsLoopback() || ip.IsUnspecified() { // to connect to 0.0.0.0 is to connect to oneself
		return true
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	return slices.ContainsFunc(own, func(one net.Addr) bool {
		network, ok := one.(*net.IPNet)
		return ok && network.IP.Equal(net.IP(ip.AsSlice()))
	})
}
