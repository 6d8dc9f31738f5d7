//go:build unix

package run

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// playOddly is the roles of servers that answer otherwise than they should. It returns
// if the role is none of these.
func playOddly(role string, args []string) {
	var requests atomic.Uint64
	switch role {
	case "pool": // serves so many connections at a time, and accepts all
		most, _ := strconv.Atoi(args[1])
		slots := make(chan struct{}, most)
		serveRaw("127.0.0.1:"+args[0], func(c net.Conn) {
			slots <- struct{}{}
			defer func() { <-slots }()
			eachRequest(c, func(int) bool { return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") })
		})
	case "sleeps": // so long in each request
		pause, _ := time.ParseDuration(args[1])
		serve(args[0], func() { time.Sleep(pause) })
	case "drops": // every second request of a connection, which it has read
		serveRaw("127.0.0.1:"+args[0], func(c net.Conn) {
			eachRequest(c, func(nth int) bool { return nth == 1 && say(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") })
		})
	case "says": // its second argument to everybody, \r and \n as in Go, and leaves the connection open; to the first request of all it says that it is well, if there is a third
		text, err := strconv.Unquote(`"` + args[1] + `"`)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		serveRaw("127.0.0.1:"+args[0], func(c net.Conn) {
			eachRequest(c, func(int) bool {
				if requests.Add(1) == 1 && len(args) > 2 {
					return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok") && false
				}
				return say(c, text)
			})
		})
	case "says-late": // answers 503 until its second argument is over, then well
		until, _ := time.ParseDuration(args[1])
		began := time.Now()
		err := http.ListenAndServe("127.0.0.1:"+args[0], http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if time.Since(began) < until {
				http.Error(w, "still loading", http.StatusServiceUnavailable)
				return
			}
			_, _ = io.WriteString(w, "ok")
		}))
		fmt.Println(err)
		os.Exit(1)
	case "mute": // accepts and never answers
		serveRaw("127.0.0.1:"+args[0], func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	case "elsewhere": // listens on the address that its second argument says; PORT stands for its port
		serveRaw(strings.ReplaceAll(args[1], "PORT", args[0]), func(c net.Conn) {
			eachRequest(c, func(int) bool { return say(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") })
		})
	case "dies": // says why, in the line that its second argument is, then so much else, and ends by a signal
		fmt.Fprintln(os.Stderr, "listening")
		time.Sleep(50 * time.Millisecond)
		fmt.Fprintln(os.Stderr, args[1])
		lines, _ := strconv.Atoi(args[2])
		for i := range lines {
			fmt.Fprintf(os.Stderr, "  at frame %d\n", i)
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func serveRaw(address string, serve func(net.Conn)) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for {
		c, err := listener.Accept()
		if err != nil {
			continue
		}
		go func() {
			defer c.Close()
			serve(c)
		}()
	}
}

// eachRequest has every request of a connection answered, from 1, until that fails.
func eachRequest(c net.Conn, answer func(nth int) bool) {
	reader := bufio.NewReader(c)
	for nth := 1; ; nth++ {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil || !answer(nth) {
			return
		}
	}
}

func say(c net.Conn, text string) bool {
	_, err := io.WriteString(c, text)
	return err == nil
}
