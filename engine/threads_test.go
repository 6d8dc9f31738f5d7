package engine

import (
	"net"
	"os"
	"runtime"
	"testing"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// This machine has many names, and half of it is the server's by each.
func TestThisMachineIsKnownByEachOfItsNames(t *testing.T) {
	own := []string{"127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "0.0.0.0:80", "[::]:80", "[::ffff:127.0.0.1]:80", "localhost:80"}
	if addresses, err := net.InterfaceAddrs(); err == nil {
		for _, one := range addresses {
			own = append(own, net.JoinHostPort(one.(*net.IPNet).IP.String(), "80"))
		}
	}
	if name, err := os.Hostname(); err == nil {
		if found, err := net.LookupHost(name); err == nil && len(found) > 0 && isOwn(found[0]) {
			own = append(own, net.JoinHostPort(name, "80"))
		}
	}
	for _, address := range own {
		if !isThisMachine(address) {
			t.Errorf("%s is taken for another machine", address)
		}
	}
	for _, address := range []string{"192.0.2.1:80", "[2001:db8::1]:80", "no port", "there.is.no.such.name.invalid:80"} {
		if isThisMachine(address) {
			t.Errorf("%s is taken for this machine", address)
		}
	}
}

// Loops are as many as this process may use, not as the machine has.
func TestLoopsFollowWhatTheProcessMayUse(t *testing.T) {
	if !loopsAvailable {
		return
	}
	job := Job{Request: traffic.Request{URL: "http://192.0.2.1/"}, Workload: traffic.Load{Model: traffic.Closed, Connections: 100}}
	usable := usableCPUs(job)
	if usable > runtime.NumCPU() || usable < 1 {
		t.Errorf("%d CPUs may be used of %d", usable, runtime.NumCPU())
	}
	for name, one := range map[string]struct {
		url   string
		loops int
		cores float64
		want  int
	}{
		"elsewhere":                 {"http://192.0.2.1/", 0, 0, usable},
		"here":                      {"http://127.0.0.1/", 0, 0, max(1, usable/2)},
		"here, by name":             {"http://localhost/", 0, 0, max(1, usable/2)},
		"as many as were asked for": {"http://127.0.0.1/", 7, 0, 7},
		"one core's worth":          {"http://192.0.2.1/", 0, 1, 1},
		"half a core's worth":       {"http://192.0.2.1/", 0, 0.5, 1},
		"https":                     {"https://localhost/", 0, 0, usable},
		"https, one core's worth":   {"https://localhost/", 0, 1, 1},
	} {
		job.Request.URL, job.Loops, job.Cores = one.url, one.loops, one.cores
		if got := Threads(job); got != one.want {
			t.Errorf("%s: %d threads; want %d", name, got, one.want)
		}
	}
	job.Request.URL, job.Loops, job.Cores, job.Workload.Connections = "http://127.0.0.1/", 7, 0, 3
	if got := Threads(job); got != 3 {
		t.Errorf("%d loops for 3 connections", got)
	}
}

// More loops than Go has places for would wait for each other. While they run there
// are as many, and afterwards as before.
func TestLoopsHaveAPlaceEach(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	if !loopsAvailable {
		return
	}
	before := usualPlaces()
	during := 0
	job := Job{Request: traffic.Request{URL: newPeer(t, says(helloReply)).url}, Loops: before + 3,
		Workload: traffic.Load{Model: traffic.Closed, Connections: before + 3, Requests: 100_000_000, Duration: 300_000_000}}
	if _, err := Run(t.Context(), job, func(measure.Measures) { during = max(during, runtime.GOMAXPROCS(0)) }); err != nil {
		t.Fatal(err)
	}
	if during < before+4 {
		t.Errorf("%d places for %d loops", during, before+3)
	}
	if after := usualPlaces(); after != before {
		t.Errorf("%d places afterwards; there were %d", after, before)
	}
}
