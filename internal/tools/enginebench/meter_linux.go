//go:build linux

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// metered is what a server knows of the requests it got: their number, and how
// long it took for each by its own clock. No client can have seen a reply sooner.
type metered struct {
	Requests     uint64
	P50MS, P99MS float64 // 0: it keeps no time
}

// meter is a server that counts: it answers everything as a contender would, after
// the wait given, and at /metered tells what it counted since it was last asked.
func meter(args []string) error {
	set := flag.NewFlagSet("meter", flag.ExitOnError)
	wait := set.Duration("wait", 0, "")
	slow := set.Duration("slow", 0, "how long one of -every replies takes")
	every := set.Uint64("every", 100, "")
	rate := set.Float64("rate", 0, "replies per second at most, one after the other; 0: no limit")
	_ = set.Parse(args)
	var mu sync.Mutex
	var nth uint64
	var next time.Time // when the bucket has the next token
	var requests uint64
	took := hdrhistogram.New(1, 60_000_000, 3) // µs
	mux := http.NewServeMux()
	mux.HandleFunc("/metered", func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		now := metered{requests, float64(took.ValueAtQuantile(50)) / 1000, float64(took.ValueAtQuantile(99)) / 1000}
		requests = 0
		took.Reset()
		mu.Unlock()
		_ = json.NewEncoder(w).Encode(now)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		began := time.Now()
		mu.Lock()
		pause := *wait
		if nth++; *slow > 0 && nth%*every == 0 {
			pause = *slow
		}
		if *rate > 0 {
			if next.Before(began) {
				next = began
			}
			pause += next.Sub(began)
			next = next.Add(time.Duration(float64(time.Second) / *rate))
		}
		mu.Unlock()
		if pause > 0 {
			time.Sleep(pause)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"name":"meter","releaseYear":2026}`))
		long := time.Since(began)
		mu.Lock()
		requests++
		_ = took.RecordValue(max(1, long.Microseconds()))
		mu.Unlock()
	})
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	return http.Serve(listener, mux)
}

// readMetered asks a server at such an address for what it counted.
func readMetered(address string) (metered, error) {
	reply, err := http.Get(address + "/metered")
	if err != nil {
		return metered{}, err
	}
	defer reply.Body.Close()
	var now metered
	return now, json.NewDecoder(reply.Body).Decode(&now)
}
