// Command goserver is a server with a hot function, for the tests.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
)

var hash atomic.Uint32

func step(h, i uint32) uint32 { return (h ^ i) * 16777619 }

//go:noinline
func busy(rounds int) uint32 { // line 18
	h := uint32(2166136261)
	for i := range rounds {
		h = step(h, uint32(i))
	}
	return h // line 23
}

func handler(w http.ResponseWriter, _ *http.Request) {
	hash.Store(busy(100_000)) // line 27
	fmt.Fprintln(w, hash.Load())
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
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
	fmt.Println(listener.Addr())
	_ = http.Serve(listener, http.HandlerFunc(handler))
}
