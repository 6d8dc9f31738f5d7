package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// roleVariable has this program be one of the servers.
const roleVariable = "TORTURE_ROLE"

const good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// hostile steers a terminal that is given it.
const hostile = "\x1b[2J\x1b]0;X\x07\x1b[?1049h\x1b]52;c;WA==\x07\u009b31m\u202egnp"

// replies are what servers send to each request, beside those that play does itself.
var replies = map[string]string{
	"well":                    good,
	"bare LF":                 strings.ReplaceAll(good, "\r\n", "\n"),
	"length too long":         "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok",
	"length too short":        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok",
	"two lengths":             "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
	"length of 10^30":         "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000000000000000000\r\n\r\nok",
	"negative length":         "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
	"chunk of 16^20":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nok",
	"chunk that is none":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
	"length and chunks":       "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
	"no status":               "HTTP/1.1 \r\n\r\n",
	"status of 99999":         "HTTP/1.1 99999 OK\r\nContent-Length: 2\r\n\r\nok",
	"no HTTP":                 "220 mail.example ESMTP ready\r\n",
	"TLS alert":               "\x15\x03\x03\x00\x02\x02\x28",
	"NULs":                    strings.Repeat("\x00", 4096),
	"two replies at once":     good + good,
	"early hints without end": strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1000),
	"head of 1 MB":            "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", 1<<20) + "\r\nContent-Length: 2\r\n\r\nok",
	"10,000 headers":          "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 10_000) + "Content-Length: 2\r\n\r\nok",
	"escape sequences":        "HTTP/1.1 500 " + hostile + "\r\nX: " + hostile + "\r\nContent-Length: 9\r\n\r\n\x1b]0;X\x07abc",
	"redirect to itself":      "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
	"HTTP/2 preface":          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	"GOAWAY":                  "\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0b",
	"gzip bomb":               "", // made when played
}

// behaviours are what play does itself.
var behaviours = []string{
	"crashes at start", "crashes under load", "hangs", "accepts nobody", "closes at once", "resets at once", "half a reply", "drips",
	"body without end", "head without end", "changing answers", "503 and then fine", "leaves a worker", "forks and forks", "goes to the background",
	"ignores SIGTERM", "closes its output", "logs without end", "logs escape sequences", "logs one endless line", "stops itself", "keeps its port with a grandchild",
}

// play is a server on the port. It never returns.
func play(role, port string) {
	var requests atomic.Int64
	answer := func(c net.Conn) bool { _, err := io.WriteString(c, good); return err == nil }
	if text, ok := replies[role]; ok {
		if role == "gzip bomb" {
			var body bytes.Buffer
			zip := gzip.NewWriter(&body)
			_, _ = zip.Write(make([]byte, 64<<20))
			zip.Close()
			text = fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", body.Len(), body.String())
		}
		first := &requests // a server must be ready once, or nothing is measured
		answer = func(c net.Conn) bool {
			if first.Add(1) == 1 {
				_, err := io.WriteString(c, good)
				return err == nil
			}
			_, err := io.WriteString(c, text)
			return err == nil
		}
	}
	again := func(role string) {
		cmd := exec.Command(os.Args[0], port)
		cmd.Env = append(os.Environ(), roleVariable+"="+role)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		_ = cmd.Start()
	}
	late := func(do func()) { go func() { time.Sleep(150 * time.Millisecond); do() }() }
	switch role {
	case "crashes at start":
		fmt.Println(hostile)
		os.Exit(7)
	case "waits": // of no port
		signal.Ignore(syscall.SIGTERM, syscall.SIGHUP)
		select {}
	case "crashes under load":
		answer = func(c net.Conn) bool {
			if requests.Add(1) == 50 {
				fmt.Fprintln(os.Stderr, hostile)
				os.Exit(3)
			}
			_, err := io.WriteString(c, good)
			return err == nil
		}
	case "hangs":
		answer = func(c net.Conn) bool {
			if requests.Add(1) > 3 {
				select {}
			}
			_, err := io.WriteString(c, good)
			return err == nil
		}
	case "closes at once", "resets at once":
		answer = func(c net.Conn) bool {
			if requests.Add(1) > 2 {
				if role == "resets at once" {
					_ = c.(*net.TCPConn).SetLinger(0)
				}
				return false
			}
			_, err := io.WriteString(c, good)
			return err == nil
		}
	case "half a reply":
		answer = func(c net.Conn) bool {
			if requests.Add(1) > 2 {
				_, _ = io.WriteString(c, good[:20])
				return false
			}
			_, err := io.WriteString(c, good)
			return err == nil
		}
	case "drips":
		answer = func(c net.Conn) bool {
			if requests.Add(1) == 1 {
				_, err := io.WriteString(c, good)
				return err == nil
			}
			for i := range len(good) {
				if _, err := io.WriteString(c, good[i:i+1]); err != nil {
					return false
				}
				time.Sleep(50 * time.Millisecond)
			}
			return true
		}
	case "body without end", "head without end":
		answer = func(c net.Conn) bool {
			if requests.Add(1) == 1 {
				_, err := io.WriteString(c, good)
				return err == nil
			}
			begin, more := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1000\r\n"+strings.Repeat("x", 0x1000)+"\r\n"
			if role == "head without end" {
				begin, more = "HTTP/1.1 200 OK\r\n", "X: "+strings.Repeat("y", 4096)+"\r\n"
			}
			for _, err := io.WriteString(c, begin); err == nil; {
				_, err = io.WriteString(c, more)
			}
			return false
		}
	case "changing answers":
		all := []string{good, replies["two lengths"], "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nok", replies["redirect to itself"]}
		answer = func(c net.Conn) bool {
			n := requests.Add(1) - 1
			_, err := io.WriteString(c, all[n%int64(len(all))])
			return err == nil && n%int64(len(all)) != 3
		}
	case "503 and then fine":
		began := time.Now()
		answer = func(c net.Conn) bool {
			text := good
			if time.Since(began) < 300*time.Millisecond {
				text = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
			}
			_, err := io.WriteString(c, text)
			return err == nil
		}
	case "leaves a worker":
		again("waits")
	case "forks and forks":
		for range 30 {
			again("waits")
		}
	case "goes to the background":
		again("well")
		os.Exit(0)
	case "keeps its port with a grandchild":
		again("well")
		select {}
	case "ignores SIGTERM":
		signal.Ignore(syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT)
	case "closes its output":
		os.Stdin.Close()
		os.Stdout.Close()
		os.Stderr.Close()
	case "logs without end":
		go func() {
			for {
				fmt.Println(strings.Repeat("log ", 50))
			}
		}()
	case "logs escape sequences":
		fmt.Println(hostile)
		late(func() { fmt.Print(hostile); os.Exit(1) })
	case "logs one endless line":
		go func() {
			for {
				fmt.Print(strings.Repeat("\xff\x00", 500))
			}
		}()
	case "stops itself":
		late(func() { _ = syscall.Kill(os.Getpid(), syscall.SIGSTOP) })
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if role == "accepts nobody" {
		first, err := listener.Accept()
		if err == nil {
			serve(first, answer)
		}
		select {}
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			continue
		}
		go serve(connection, answer)
	}
}

// serve answers each request, of which it reads the head.
func serve(c net.Conn, answer func(net.Conn) bool) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			if strings.TrimSpace(line) == "" {
				break
			}
		}
		if !answer(c) {
			return
		}
	}
}
