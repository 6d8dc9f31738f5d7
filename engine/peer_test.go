package engine

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clients are all that must give the same results.
func clients() []Client {
	if loopsAvailable {
		return []Client{Portable, Loops}
	}
	return []Client{Portable}
}

// peer is a server that answers as a test wants it to, and counts.
type peer struct {
	url         string
	requests    atomic.Uint64 // that came whole
	connections atomic.Uint64

	listener net.Listener
	serving  sync.WaitGroup
	mu       sync.Mutex
	open     map[net.Conn]bool
}

// answer writes what the peer says to the nth request (from 1) of a connection.
// It returns false to end the connection.
type answer func(c *net.TCPConn, nth int) (open bool)

// newPeer reads requests whole and has each answered.
func newPeer(t testing.TB, answer answer) *peer {
	t.Helper()
	return newRawPeer(t, func(p *peer, c *net.TCPConn) { p.serve(c, answer) })
}

// serve reads the requests of a connection whole and has each answered.
func (p *peer) serve(c *net.TCPConn, answer answer) {
	reader := bufio.NewReader(c)
	for nth := 1; ; nth++ {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		p.requests.Add(1)
		if !answer(c, nth) {
			return
		}
	}
}

// newRawPeer leaves connections to serve, which closes them by returning.
func newRawPeer(t testing.TB, serve func(p *peer, c *net.TCPConn)) *peer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{url: "http://" + listener.Addr().String() + "/hello", listener: listener, open: map[net.Conn]bool{}}
	p.serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			p.connections.Add(1)
			p.mu.Lock()
			p.open[c] = true
			p.mu.Unlock()
			p.serving.Go(func() {
				serve(p, c.(*net.TCPConn))
				c.Close()
				p.mu.Lock()
				delete(p.open, c)
				p.mu.Unlock()
			})
		}
	})
	t.Cleanup(p.close)
	return p
}

func (p *peer) close() {
	p.listener.Close()
	p.mu.Lock()
	for c := range p.open {
		c.Close()
	}
	p.mu.Unlock()
	p.serving.Wait()
}

// says answers every request with the same text and leaves the connection open.
func says(text string) answer {
	return func(c *net.TCPConn, _ int) bool {
		_, err := io.WriteString(c, text)
		return err == nil
	}
}

// saysAndCloses closes after the text.
func saysAndCloses(text string) answer {
	return func(c *net.TCPConn, _ int) bool {
		_, _ = io.WriteString(c, text)
		return false
	}
}

// drips sends the text byte by byte, with a pause after each.
func drips(text string, pause time.Duration) answer {
	return func(c *net.TCPConn, _ int) bool {
		for i := range len(text) {
			if _, err := c.Write([]byte{text[i]}); err != nil {
				return false
			}
			if pause > 0 {
				time.Sleep(pause)
			}
		}
		return true
	}
}
