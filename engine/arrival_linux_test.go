package engine

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

func setArrived(c *stampedConn, at int64) { c.last = at }

func TestKernelTellsArrivalHere(t *testing.T) {
	if !TellsArrival() {
		t.Error("the kernel stamps nothing: no test of times of arrival means anything here")
	}
}

// eachWay runs a test with every client that can end replies at their arrival, over
// a server that answers HTTP/1.1 in the clear.
func eachWay(t *testing.T, test func(t testing.TB, client Client)) {
	for _, client := range clients() {
		t.Run(string(client), func(t *testing.T) { undisturbed(t, func(t testing.TB) { test(t, client) }) })
	}
}

// runToArrival puts a load on a server and has its replies end at their arrival.
func runToArrival(t testing.TB, job Job) measure.Measures {
	t.Helper()
	m, err := Run(t.Context(), job, nil)
	if err != nil || m.OK == 0 || !m.EndsAtArrival() {
		t.Fatalf("OK %d, by arrival %v: %v, %+v", m.OK, m.EndsAtArrival(), err, m.Failures)
	}
	return m
}

// A reply in forty segments of which the last comes late ends with that one; one in
// one piece that follows interim replies ends with itself.
func TestReplyEndsWithItsLastByte(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	const pause = 30 * time.Millisecond
	body := strings.Repeat("x", 400)
	whole := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	for name, answer := range map[string]answer{
		"forty segments, the last late": func(c *net.TCPConn, _ int) bool {
			for from := 0; from < len(whole)-10; from += 11 {
				if _, err := io.WriteString(c, whole[from:min(from+11, len(whole)-10)]); err != nil {
					return false
				}
			}
			time.Sleep(pause)
			_, err := io.WriteString(c, whole[len(whole)-10:])
			return err == nil
		},
		"interim replies first": func(c *net.TCPConn, _ int) bool {
			_, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n")
			time.Sleep(pause)
			_, err := io.WriteString(c, whole)
			return err == nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWay(t, func(t testing.TB, client Client) {
				server := newPeer(t, answer)
				m := runToArrival(t, Job{Client: client, Request: traffic.Request{URL: server.url},
					Workload: traffic.Load{Model: traffic.Closed, Connections: 2, Requests: 10}})
				if least := m.Service.Min(); least < pause.Microseconds() {
					t.Errorf("a reply whose last bytes come after %v took %d µs", pause, least)
				}
				if m.EndedAtReading > 0 {
					t.Errorf("%d replies end at their reading", m.EndedAtReading)
				}
			})
		})
	}
}

// Two replies in one read are one too many, whatever their times.
func TestTwoRepliesInOneReadAreMalformed(t *testing.T) {
	eachWay(t, func(t testing.TB, client Client) {
		server := newPeer(t, says(helloReply+helloReply))
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url},
			Workload: traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 3}}, nil)
		if err != nil || m.KO != 3 || m.Failures[0].Cause != measure.CauseMalformed {
			t.Errorf("KO %d of 3, %+v, %v", m.KO, m.Failures, err)
		}
	})
}

// The kernel does not tell when a close came: a reply that ends with it ends when
// the close is read, and is counted.
func TestReplyThatACloseEndsHasNoArrival(t *testing.T) {
	eachWay(t, func(t testing.TB, client Client) {
		closes := saysAndCloses("HTTP/1.1 200 OK\r\n\r\nend")
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			if nth < 3 {
				return says(helloReply)(c, nth)
			}
			return closes(c, nth)
		})
		m := runToArrival(t, Job{Client: client, Request: traffic.Request{URL: server.url},
			Workload: traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 9}})
		if m.OK != 9 || m.EndedAtReading != 3 || m.ReadLateness.Count() != 6 {
			t.Errorf("OK %d, %d end at reading and %d at arrival; want 9, 3 and 6", m.OK, m.EndedAtReading, m.ReadLateness.Count())
		}
	})
}

// TLS records over several segments, with pauses, end with the last of them.
func TestReplyOverTLSEndsWithItsLastRecord(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	const pause = 20 * time.Millisecond
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("HTTP/2 %v", http2), func(t *testing.T) {
			undisturbed(t, func(t testing.TB) {
				server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					_, _ = w.Write(make([]byte, 100<<10))
					w.(http.Flusher).Flush()
					time.Sleep(pause)
					_, _ = w.Write([]byte("end"))
				}))
				server.EnableHTTP2 = http2
				server.TLS = &tls.Config{}
				server.StartTLS()
				defer server.Close()
				m := runToArrival(t, Job{Request: traffic.Request{URL: server.URL, Insecure: true, HTTP2: http2}, Checks: traffic.Checks{BodyContains: "end"},
					Workload: traffic.Load{Model: traffic.Closed, Connections: 2, Requests: 8}})
				if least := m.Service.Min(); least < pause.Microseconds() || m.OK != 8 || m.EndedAtReading != 0 {
					t.Errorf("OK %d, the fastest in %d µs, %d end at reading; want 8, %v and more, 0", m.OK, least, m.EndedAtReading, pause)
				}
				if m.Connect.Count() != 2 {
					t.Errorf("%d connects of 2", m.Connect.Count())
				}
			})
		})
	}
}

// TLS says in one read that a reply came and that the connection closes: the reply has
// its time of arrival all the same.
func TestReplyOverTLSThatIsTheLastEndsAtArrival(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	undisturbed(t, func(t testing.TB) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
		server.Config.SetKeepAlivesEnabled(false)
		server.StartTLS()
		defer server.Close()
		m := runToArrival(t, Job{Request: traffic.Request{URL: server.URL, Insecure: true}, Workload: traffic.Load{Model: traffic.Closed, Connections: 8, Requests: 200}})
		if m.OK != 200 || m.EndedAtReading > 10 { // some: a machine that stops between two readings of the clocks
			t.Errorf("OK %d of 200, %d end at reading", m.OK, m.EndedAtReading)
		}
	})
}

// HTTP/2 in the clear is served by the same mechanism.
func TestReplyOverHTTP2EndsAtArrival(t *testing.T) {
	undisturbed(t, func(t testing.TB) {
		var protocols http.Protocols
		protocols.SetUnencryptedHTTP2(true)
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
		server.Config.Protocols = &protocols
		server.Start()
		defer server.Close()
		m := runToArrival(t, Job{Request: traffic.Request{URL: server.URL, HTTP2: true}, Workload: traffic.Load{Model: traffic.Closed, Connections: 2, Requests: 200}})
		if m.OK != 200 || m.EndedAtReading > 2 { // two: a machine that stops between two readings of the clocks
			t.Errorf("OK %d of 200, %d end at reading", m.OK, m.EndedAtReading)
		}
	})
}

// A wall clock that is set by an hour in the middle of a load costs those replies
// their arrival that were under way, and nothing else.
func TestWallClockThatIsSetDuringALoad(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	for name, step := range map[string]time.Duration{"forward": time.Hour, "back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			eachWay(t, func(t testing.TB, client Client) {
				server := newPeer(t, func(c *net.TCPConn, nth int) bool {
					time.Sleep(2 * time.Millisecond)
					return says(helloReply)(c, nth)
				})
				at := time.Now().Add(150 * time.Millisecond).UnixNano()
				m := runToArrival(t, Job{Client: client, Request: traffic.Request{URL: server.url},
					Workload: traffic.Load{Model: traffic.Closed, Connections: 4, Duration: 300 * time.Millisecond},
					wall: func(ns int64) int64 {
						if ns >= at {
							return ns + int64(step)
						}
						return ns
					}})
				if m.EndedAtReading > m.OK/2 || m.ReadLateness.Count() < m.OK/2 {
					t.Errorf("%d of %d replies end at reading", m.EndedAtReading, m.OK)
				}
				if most := m.Service.Max(); most > (10 * time.Second).Microseconds() {
					t.Errorf("a reply took %d µs: the step is in it", most)
				}
				if late := m.ReadLateness.Max(); late > (10 * time.Second).Microseconds() {
					t.Errorf("a reply lay unread for %d µs: the step is in it", late)
				}
			})
		})
	}
}

// The same server gives the same times by one loop and by eight.
func TestArrivalIsTheSameByAnyNumberOfLoops(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	undisturbed(t, func(t testing.TB) {
		const takes = 10 * time.Millisecond
		for _, loops := range []int{1, 8} {
			server := newPeer(t, func(c *net.TCPConn, nth int) bool {
				time.Sleep(takes)
				return says(helloReply)(c, nth)
			})
			m := runToArrival(t, Job{Client: Loops, Loops: loops, Request: traffic.Request{URL: server.url},
				Workload: traffic.Load{Model: traffic.Closed, Connections: 16, Requests: 320}})
			if p50 := m.Service.Quantile(0.5); m.OK != 320 || p50 < takes.Microseconds() || p50 > 3*takes.Microseconds() || m.EndedAtReading > 16 {
				t.Errorf("%d loops: OK %d of 320, p50 %d µs where the server takes %v, %d end at reading", loops, m.OK, p50, takes, m.EndedAtReading)
			}
		}
	})
}

// generatorVariable makes a process of this test a generator: its value is the URL.
const generatorVariable = "BENCHTUI_TEST_GENERATOR"

// TestGeneratorProcess is no test: it is the generator that the next one stops.
func TestGeneratorProcess(t *testing.T) {
	url := os.Getenv(generatorVariable)
	if url == "" {
		return
	}
	m, err := Run(t.Context(), Job{Request: traffic.Request{URL: url}, Checks: helloChecks,
		Workload: traffic.Load{Model: traffic.Rate, Rate: 500, Connections: 64, Duration: 3 * time.Second}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(os.Stderr).Encode(m); err != nil {
		t.Fatal(err)
	}
}

// What a stop of 100 ms costs is told of the side that was stopped.
func TestStopIsToldOfTheSideThatStopped(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	const stop, takes = 200 * time.Millisecond, 10 * time.Millisecond
	for _, side := range []string{"generator", "server"} {
		t.Run(side, func(t *testing.T) {
			undisturbed(t, func(t testing.TB) {
				var stopped sync.RWMutex // held while the server stands still
				server := newPeer(t, func(c *net.TCPConn, nth int) bool {
					time.Sleep(takes)
					stopped.RLock()
					defer stopped.RUnlock()
					return says(helloReply)(c, nth)
				})
				var out bytes.Buffer
				generator := exec.Command(os.Args[0], "-test.run=^TestGeneratorProcess$", "-test.v")
				generator.Env = append(os.Environ(), generatorVariable+"="+server.url)
				generator.Stderr = &out
				if err := generator.Start(); err != nil {
					t.Fatal(err)
				}
				for deadline := time.Now().Add(time.Minute); server.requests.Load() < 500 && time.Now().Before(deadline); {
					time.Sleep(time.Millisecond)
				}
				if side == "server" {
					stopped.Lock()
					time.Sleep(stop)
					stopped.Unlock()
				} else {
					_ = generator.Process.Signal(syscall.SIGSTOP)
					time.Sleep(stop)
					_ = generator.Process.Signal(syscall.SIGCONT)
				}
				if err := generator.Wait(); err != nil {
					t.Fatalf("%v: %s", err, out.String())
				}
				var m measure.Measures
				if err := json.Unmarshal(out.Bytes(), &m); err != nil {
					t.Fatalf("%v: %s", err, out.String())
				}
				service := time.Duration(m.Service.Max()) * time.Microsecond
				late := time.Duration(m.ReadLateness.Max()) * time.Microsecond
				toReading := time.Duration(m.ServiceToReading().Max()) * time.Microsecond
				const nearly = stop / 2 // of a stop, what is surely left for a reply that comes in it
				switch {
				case m.KO > 0 || m.OK < 1400:
					t.Errorf("OK %d, KO %d: %+v", m.OK, m.KO, m.Failures)
				case side == "server" && (service < nearly || late > nearly):
					t.Errorf("the server stood still for %v: service time at worst %v, read late at worst %v", stop, service, late)
				case side == "generator" && (late < nearly || service > nearly || toReading < nearly):
					t.Errorf("the generator stood still for %v: read late at worst %v, service time at worst %v, to reading %v", stop, late, service, toReading)
				}
			})
		})
	}
}
