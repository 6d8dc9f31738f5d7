//go:build unix

package servertest

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// compress sends two bodies in turn, of a few KB that are a MB when they are read.
func compress(o Options) {
	var bodies [2][]byte
	for i := range bodies {
		var body bytes.Buffer
		zip := gzip.NewWriter(&body)
		_, _ = zip.Write(append(bytes.Repeat([]byte{'x'}, 1<<20), byte('0'+i)))
		zip.Close()
		bodies[i] = body.Bytes()
	}
	var requests atomic.Uint64
	serveHTTP(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(o.For)
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bodies[requests.Add(1)%2])
	})
}

func sayLoading(o Options) {
	began := time.Now()
	serveHTTP(func(w http.ResponseWriter, _ *http.Request) {
		if time.Since(began) < o.For {
			http.Error(w, "still loading", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, "ok")
	})
}

func sayNotModified(Options) {
	serveHTTP(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "ok")
	})
}

// renewTLS takes any free port of loopback.
func renewTLS(Options) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, "ok")
	}))
	server.TLS = &tls.Config{SessionTicketsDisabled: true}
	server.StartTLS()
	fmt.Println(server.URL)
	select {}
}

// steering steers a terminal. WITHIN stands inside of sequences.
const steering = "\x1b[2J\x1b]0;WITHIN\x07\x1b[?1049h\x1b]52;c;WITHIN\x1b\\\u009b31m\u009d0;WITHIN\u009c\u202egnp"

// steerTerminals answers three requests with status 200.
func steerTerminals(Options) {
	fmt.Fprint(os.Stderr, steering+"\n")
	var requests atomic.Uint64
	serveHTTP(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Odd", "a\u009b2Jb\u202e")
		if requests.Add(1) > 3 {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintln(os.Stdout, steering)
		}
		fmt.Fprint(w, steering)
	})
}

// sendUnasked answers every HTTP/2 request with status 200, the fifth also with
// data on a stream of the far future.
func sendUnasked(Options) {
	acceptAll(func(c connection) {
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(c, preface); err != nil {
			return
		}
		frames := http2.NewFramer(c, c)
		_ = frames.WriteSettings()
		var block bytes.Buffer
		encoder := hpack.NewEncoder(&block)
		for requests := 1; ; {
			frame, err := frames.ReadFrame()
			if err != nil {
				return
			}
			switch frame := frame.(type) {
			case *http2.SettingsFrame:
				if !frame.IsAck() {
					_ = frames.WriteSettingsAck()
				}
			case *http2.HeadersFrame:
				block.Reset()
				_ = encoder.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
				_ = frames.WriteHeaders(http2.HeadersFrameParam{StreamID: frame.StreamID, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: true})
				if requests++; requests == 5 {
					_ = frames.WriteData(frame.StreamID+1000, false, []byte("nobody asked"))
				}
			}
		}
	})
}
