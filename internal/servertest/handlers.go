//go:build unix

package servertest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// serve answers every request "ok" once work has been done for it, by Go's own server.
func serve(work func()) {
	serveHTTP(func(w http.ResponseWriter, _ *http.Request) {
		work()
		_, _ = w.Write([]byte("ok"))
	})
}

func serveHTTP(handler http.HandlerFunc) { fail(http.ListenAndServe(loopback(), handler)) }

func closeIdle(o Options) {
	server := http.Server{Addr: loopback(), IdleTimeout: o.After, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok"))
	})}
	fail(server.ListenAndServe())
}

// sinceFirst is a clock that starts with its first reading: the request that asks whether
// the server is ready.
func sinceFirst() func() time.Duration {
	var began atomic.Int64
	return func() time.Duration {
		now := time.Now().UnixNano()
		began.CompareAndSwap(0, now)
		return time.Duration(now - began.Load())
	}
}

func spin(most time.Duration) {
	for began := time.Now(); time.Since(began) < most; {
	}
}

func compute(o Options) {
	if o.ControlGroup != "" {
		must(os.WriteFile(filepath.Join(o.ControlGroup, "cgroup.procs"), []byte(strconv.Itoa(os.Getpid())), 0o600))
	}
	serve(func() { spin(o.For) })
}

func waits(o Options) {
	var requests atomic.Uint64
	serve(func() {
		if o.Every == 0 || requests.Add(1)%o.Every != 0 {
			time.Sleep(o.For)
		}
	})
}

func haveWorkers(o Options) {
	workers := make(chan struct{}, o.Workers)
	serve(func() {
		workers <- struct{}{}
		time.Sleep(o.For)
		<-workers
	})
}

func warmUp(o Options) {
	since := sinceFirst()
	serve(func() {
		if since() < o.For {
			time.Sleep(o.Each)
			return
		}
		time.Sleep(20 * time.Millisecond)
	})
}

func getSlower(o Options) {
	since := sinceFirst()
	serve(func() {
		grown := min(since(), o.For)
		time.Sleep(5*time.Millisecond + time.Duration(grown.Seconds()*float64(o.Each)))
	})
}

// standStill has a shell stop this process, as a person would, and let it go on.
func standStill(o Options) {
	since := sinceFirst()
	var once sync.Once
	serve(func() {
		if since() > 3*time.Second {
			once.Do(func() {
				must(exec.Command("sh", "-c", fmt.Sprintf("kill -STOP %[1]d; sleep %[2]g; kill -CONT %[1]d", os.Getpid(), o.For.Seconds())).Run())
			})
		}
	})
}

// bucket is a token bucket: so many a second, and at most so many in store.
type bucket struct {
	mu        sync.Mutex
	perSecond float64
	most      float64
	stored    float64
	at        time.Time
}

// take takes one token; what is missing is a debt. It returns how long it takes to
// pay it, 0 if there is none.
func (b *bucket) take(mayOwe bool) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.stored = min(b.most, b.stored+now.Sub(b.at).Seconds()*b.perSecond)
	b.at = now
	if b.stored < 1 && !mayOwe {
		return 0, false
	}
	b.stored--
	return time.Duration(max(0, -b.stored) / b.perSecond * float64(time.Second)), true
}

func haveCapacity(o Options) {
	tokens := &bucket{perSecond: o.PerSecond, most: o.Store, stored: o.Store, at: time.Now()}
	serveHTTP(func(w http.ResponseWriter, _ *http.Request) {
		wait, ok := tokens.take(o.Queues)
		if !ok {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		time.Sleep(wait)
		fmt.Fprint(w, "ok")
	})
}

func crash(o Options) {
	armed := o.InStart == 0
	if !armed {
		file, err := os.OpenFile(o.StartsIn, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		must(err)
		_, err = file.WriteString(".")
		must(err)
		starts, err := os.ReadFile(o.StartsIn)
		must(err)
		armed = len(starts) == o.InStart
	}
	var requests atomic.Uint64
	serve(func() {
		if armed && requests.Add(1) == o.AtRequest {
			fmt.Fprintln(os.Stderr, "out of luck")
			os.Exit(3)
		}
	})
}

// abort ends connections as a panic in a handler does, which does not end the server.
func abort(o Options) {
	var requests atomic.Uint64
	serve(func() {
		if requests.Add(1)%o.Every == 0 {
			panic(http.ErrAbortHandler)
		}
	})
}

// pageBytes is the least that a page of memory has.
const pageBytes = 4096

func leak(o Options) {
	var kept [][]byte
	var mu sync.Mutex
	serve(func() {
		mu.Lock()
		defer mu.Unlock()
		if o.MB == 0 || len(kept)*o.KB < o.MB*1000 {
			block := make([]byte, o.KB*1000)
			for i := 0; i < len(block); i += pageBytes { // a page is there once it is written to
				block[i] = 1
			}
			kept = append(kept, block)
		}
	})
}

// garbage keeps what is allocated from being left out.
var garbage atomic.Pointer[[1_000_000]byte]

func limitRequests(o Options) {
	type served struct{}
	server := http.Server{
		Addr: loopback(),
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, served{}, new(int))
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n := r.Context().Value(served{}).(*int) // one request at a time on a connection
			*n++
			if !o.OnAverage && *n == o.Requests || o.OnAverage && rand.IntN(o.Requests) == 0 {
				w.Header().Set("Connection", "close")
			}
			fmt.Fprint(w, "ok")
		}),
	}
	fail(server.ListenAndServe())
}

// limitAge ends a connection with the first reply that comes at its age or later.
func limitAge(o Options) {
	type begun struct{}
	type connection struct {
		at   time.Time
		each time.Duration
	}
	var connections atomic.Int64
	server := http.Server{
		Addr: loopback(),
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			each := o.Each
			if connections.Add(1)%2 == 0 {
				each *= 4
			}
			return context.WithValue(ctx, begun{}, connection{time.Now(), each})
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := r.Context().Value(begun{}).(connection)
			time.Sleep(c.each)
			if time.Since(c.at) >= o.After {
				w.Header().Set("Connection", "close")
			}
			fmt.Fprint(w, "ok")
		}),
	}
	fail(server.ListenAndServe())
}

// stopListening closes the listener some time after the first request, which asks whether
// the server is ready, and leaves what is connected alone.
func stopListening(o Options) {
	var once sync.Once
	asked := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		once.Do(func() { close(asked) })
		fmt.Fprint(w, "ok")
	})
	listener := listen(loopback())
	go func() { _ = http.Serve(listener, handler) }()
	<-asked
	time.Sleep(o.After)
	listener.Close()
	time.Sleep(o.For)
	serveHTTP(handler)
}
