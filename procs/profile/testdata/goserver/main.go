// Command goserver is a server with a hot function, for the tests.
package main

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

var hash atomic.Uint32

func step(h, i uint32) uint32 { return (h ^ i) * 16777619 }

//go:noinline
func busy(rounds int) uint32 { // line 26
	h := uint32(2166136261)
	for i := range rounds {
		h = step(h, uint32(i))
	}
	return h // line 31
}

func handler(w http.ResponseWriter, _ *http.Request) {
	hash.Store(busy(100_000)) // line 35
	fmt.Fprintln(w, hash.Load())
}

var (
	text    = strings.Repeat("name: item, ", 1000)
	pattern = regexp.MustCompile(`(\w+): (\w+), $`)
	quiet   = slog.New(slog.NewTextHandler(io.Discard, nil))
	mutex   sync.Mutex
	kept    [64][]*[4]int
	turn    atomic.Int64
)

func asJSON()  { _ = json.NewEncoder(io.Discard).Encode(strings.Fields(text)) }
func matches() { pattern.MatchString(text) }

func sums() {
	for range 20 {
		sha256.Sum256([]byte(text))
	}
}

func packs() {
	w := gzip.NewWriter(io.Discard)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
}

func logs() {
	for range 100 {
		quiet.Info("a request came", "path", "/log", "id", 5)
	}
}

func reads() {
	for range 20 {
		_, _ = os.ReadFile("/proc/self/status")
	}
}

func locks() {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 2000 {
				mutex.Lock()
				hash.Add(1)
				mutex.Unlock()
			}
		})
	}
	all.Wait()
}

func counts() {
	seen := map[string]int{}
	for _, word := range strings.Fields(text) {
		mutex.Lock()
		seen[word]++
		mutex.Unlock()
	}
}

func fills() {
	var list []*[4]int
	for i := range 20_000 {
		list = append(list, &[4]int{i})
	}
	kept[turn.Add(1)%64] = list
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	http.HandleFunc("/", handler)
	if len(os.Args) > 1 && os.Args[1] == "tls" {
		serveTLS(listener)
		return
	}
	// Goroutines that all want to run, and have too few Ps for it.
	if len(os.Args) > 1 {
		waiting, _ := strconv.Atoi(os.Args[1])
		for range waiting {
			go func() {
				for {
					hash.Store(busy(10_000))
				}
			}()
		}
	}
	fmt.Println("http://" + listener.Addr().String())
	for route, do := range map[string]func(){"json": asJSON, "regexp": matches, "crypto": sums, "compression": packs, "log": logs, "file": reads, "lock": locks, "map": counts, "gc": fills} {
		http.HandleFunc("/"+route, func(http.ResponseWriter, *http.Request) { do() })
	}
	_ = http.Serve(listener, nil)
}
