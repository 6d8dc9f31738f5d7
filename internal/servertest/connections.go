//go:build unix

package servertest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// port is that of the server.
func port() string {
	if len(os.Args) < 2 {
		fail("no port is given")
	}
	return os.Args[1]
}

func loopback() string { return "127.0.0.1:" + port() }

func fail(what ...any) {
	fmt.Println(what...)
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		fail(err)
	}
}

func listen(address string) net.Listener {
	listener, err := net.Listen("tcp", address)
	must(err)
	return listener
}

// accept takes so many connections, -1: all, each served on its own and then closed.
func accept(listener net.Listener, most int, serve func(connection)) {
	defer listener.Close() // one that nothing refers to is closed by the garbage collector
	for n := 0; most < 0 || n < most; n++ {
		c, err := listener.Accept()
		if err != nil { // out of descriptors: they may come back
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go func() {
			defer c.Close()
			serve(connection{c.(*net.TCPConn)})
		}()
	}
	select {}
}

func acceptAll(serve func(connection)) { accept(listen(loopback()), -1, serve) }

type connection struct{ *net.TCPConn }

// answer reads one request after another, and has each answered, from 1, until that says
// no more.
func (c connection) answer(reply func(nth int) bool) {
	requests := bufio.NewReader(c)
	for nth := 1; ; nth++ {
		request, err := http.ReadRequest(requests)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil || !reply(nth) {
			return
		}
	}
}

// say writes the text, and says whether it could.
func (c connection) say(text string) bool {
	_, err := io.WriteString(c, text)
	return err == nil
}

// ignore says nothing until the other end closes.
func (c connection) ignore() { _, _ = io.Copy(io.Discard, c) }

func alwaysWell(c connection) { c.answer(func(int) bool { return c.say(good) }) }

// answerWell has the requests answered of which may says so, by their number over all
// connections; a connection with another is left unanswered.
func answerWell(may func(request uint64) bool) {
	var requests atomic.Uint64
	acceptAll(func(c connection) {
		c.answer(func(int) bool {
			if !may(requests.Add(1)) {
				c.ignore()
				return false
			}
			return c.say(good)
		})
	})
}

func answerFirst(o Options) {
	answerWell(func(request uint64) bool { return request <= uint64(o.Requests) })
}

func hang(o Options) {
	answerWell(func(request uint64) bool {
		if request != o.AtRequest && (o.Every == 0 || request%o.Every != 0) {
			return true
		}
		time.Sleep(o.For)
		return o.For > 0
	})
}

// acceptSlowly serves one request per connection.
func acceptSlowly(o Options) {
	number, err := strconv.Atoi(port())
	must(err)
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	must(err)
	must(syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	must(syscall.Bind(socket, &syscall.SockaddrInet4{Port: number, Addr: [4]byte{127, 0, 0, 1}}))
	must(syscall.Listen(socket, o.Backlog))
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	go func() { <-term; os.Exit(0) }()
	for {
		connection, _, err := syscall.Accept(socket)
		if err != nil {
			continue
		}
		request := make([]byte, 4096)
		_, _ = syscall.Read(connection, request)
		_, _ = syscall.Write(connection, []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"))
		_ = syscall.Close(connection)
		time.Sleep(o.For)
	}
}

func acceptAtATime(o Options) {
	listener := listen(loopback())
	for range o.Connections {
		go func() {
			for {
				if c, err := listener.Accept(); err == nil {
					alwaysWell(connection{c.(*net.TCPConn)})
					c.Close()
				}
			}
		}()
	}
	select {}
}

func serveAtATime(o Options) {
	slots := make(chan struct{}, o.Connections)
	acceptAll(func(c connection) {
		slots <- struct{}{}
		defer func() { <-slots }()
		c.answer(func(int) bool {
			time.Sleep(o.For)
			return c.say(good)
		})
	})
}

func resetAllButOne(Options) {
	var requests atomic.Uint64
	acceptAll(func(c connection) {
		c.answer(func(int) bool {
			if requests.Add(1) == 1 {
				return c.say(good)
			}
			_ = c.SetLinger(0)
			return false
		})
	})
}

func lackDescriptors(o Options) {
	var limit syscall.Rlimit
	set(&limit.Cur, o.Descriptors)
	set(&limit.Max, o.Descriptors)
	must(syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit))
	acceptAll(alwaysWell)
}

// set bridges that limits are signed on some systems.
func set[Number int64 | uint64](field *Number, value int) { *field = Number(value) }

func splitReplies(Options) {
	acceptAll(func(c connection) {
		_ = c.SetNoDelay(false)
		c.answer(func(int) bool { return c.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n") && c.say("ok") })
	})
}

func sayText(o Options) {
	var requests atomic.Uint64
	acceptAll(func(c connection) {
		c.answer(func(int) bool {
			if requests.Add(1) == 1 && o.WellFirst {
				c.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
				return false
			}
			return c.say(o.Text)
		})
	})
}

func listenElsewhere(o Options) {
	accept(listen(strings.ReplaceAll(o.Address, "PORT", port())), -1, alwaysWell)
}

func findPortTaken(Options) {
	taken := listen(loopback())
	defer taken.Close()
	serve(func() {})
}
