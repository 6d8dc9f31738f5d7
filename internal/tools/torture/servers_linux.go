package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
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

// malformed are well-formed replies, of which chance makes what is none.
var malformed = []string{
	good,
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nETag: x\r\n\r\n",
	"HTTP/1.1 100 Continue\r\n\r\n" + good,
	"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\nX-Long: one\r\n  two\r\n\r\nok",
	"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 35\r\n\r\n",
}

// behaviours are what play does itself, and what of promised each stands for.
var behaviours = map[string]string{
	"crashes at start": "crash", "crashes under load": "crash", "hangs": "hang", "stops itself": "hang", "accepts nobody": "no accept",
	"closes its half": "half-open", "closes at once": "random close", "resets at once": "random reset", "half a reply": "random close",
	"closes at a random byte": "random close", "resets at a random byte": "random reset", "stalls at a random byte": "hang",
	"changes random bytes": "malformed reply", "drips": "slow drip", "body without end": "endless body", "head without end": "endless headers",
	"body of 1 GB": "huge body", "wrong answers": "wrong answers", "changing answers": "changing answers", "503 and then fine": "503 then fine",
	"leaks to its limit": "leak to the limit", "leaves a worker": "forks without end", "forks and forks": "forks without end", "forks without end": "forks without end",
	"goes to the background": "daemon", "ignores SIGTERM": "ignored signals", "ignores every signal": "ignored signals",
	"keeps its port with a grandchild": "port kept by a grandchild", "closes its output": "closed stdio",
	"logs without end": "loud logs", "logs one endless line": "binary logs", "logs bytes": "binary logs", "logs escape sequences": "escape sequences",
}

// nounOf is what a reply stands for, if not for those that are malformed.
var nounOf = map[string]string{
	"well": "", "escape sequences": "escape sequences", "head of 1 MB": "huge headers", "10,000 headers": "huge headers", "early hints without end": "endless headers",
	"TLS alert": "TLS garbage", "gzip bomb": "gzip bomb", "GOAWAY": "GOAWAY", "HTTP/2 preface": "HTTP/2 form", "redirect to itself": "wrong answers",
}

// serverFaults are all of them, under three loads each.
func serverFaults() (all []fault) {
	add := func(role, noun string) {
		all = append(all, fault{name: "server: " + role, noun: noun, try: func(r *row) {
			loads := [][]string{
				append(steady("500ms"), "--check-body", "ok"),
				{"-w", "rate", "-q", "200", "-c", "8", "-z", "500ms", "--quiet"},
				{"-w", "burst", "--users", "50", "--ramp", "300ms", "--repeat", "2", "--plain", "--json", "-"},
			}
			if r.t.short {
				loads = loads[:1]
			}
			for _, load := range loads {
				r.run(try{args: r.against(role, load...)})
			}
		}})
	}
	for _, role := range slices.Sorted(maps.Keys(replies)) {
		noun, other := nounOf[role]
		if !other {
			noun = "malformed reply"
		}
		add(role, noun)
	}
	for _, role := range slices.Sorted(maps.Keys(behaviours)) {
		add(role, behaviours[role])
	}
	return all
}

// untilVariable is when servers that fork end by themselves, whatever comes.
const untilVariable = "TORTURE_UNTIL"

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
	case "logs bytes":
		go func() {
			chance := rand.New(rand.NewPCG(1, 2))
			for {
				line := make([]byte, 200)
				for i := range line {
					line[i] = byte(chance.Uint32())
				}
				_, _ = os.Stdout.Write(line)
			}
		}()
	case "ignores every signal":
		all := make(chan os.Signal, 1)
		signal.Notify(all)
		go func() {
			for range all {
			}
		}()
	case "closes its half":
		answer = func(c net.Conn) bool {
			_, err := io.WriteString(c, good)
			if requests.Add(1) > 2 {
				_ = c.(*net.TCPConn).CloseWrite()
			}
			return err == nil
		}
	case "closes at a random byte", "resets at a random byte", "stalls at a random byte", "changes random bytes":
		answer = func(c net.Conn) bool {
			n := requests.Add(1)
			chance := rand.New(rand.NewPCG(uint64(n), 1))
			reply := malformed[int(n)%len(malformed)]
			switch {
			case n <= 2:
				_, err := io.WriteString(c, good)
				return err == nil
			case role == "changes random bytes":
				_, _ = c.Write(spoil(chance, []byte(reply)))
				return n%2 == 0
			}
			_, _ = io.WriteString(c, reply[:chance.IntN(len(reply))])
			switch role {
			case "resets at a random byte":
				_ = c.(*net.TCPConn).SetLinger(0)
			case "stalls at a random byte":
				select {}
			}
			return false
		}
	case "body of 1 GB":
		answer = func(c net.Conn) bool {
			if requests.Add(1) <= 2 {
				_, err := io.WriteString(c, good)
				return err == nil
			}
			_, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
			for some := make([]byte, 1<<20); err == nil; {
				_, err = c.Write(some)
			}
			return false
		}
	case "wrong answers":
		all := []string{"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", "HTTP/1.1 500 " + hostile + "\r\nContent-Length: 0\r\n\r\n"}
		answer = func(c net.Conn) bool {
			text := good
			if n := requests.Add(1); n > 2 {
				text = all[int(n)%len(all)]
			}
			_, err := io.WriteString(c, text)
			return err == nil
		}
	case "leaks to its limit": // as one whom the kernel ends for it
		const limit = 150 << 20
		var mutex sync.Mutex
		var kept [][]byte
		answer = func(c net.Conn) bool {
			mutex.Lock()
			defer mutex.Unlock()
			kept = append(kept, bytes.Repeat([]byte("x"), 1<<20))
			if len(kept)<<20 > limit {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
			_, err := io.WriteString(c, good)
			return err == nil
		}
	case "forks without end":
		again("hops")
	case "hops": // a process that is another one every few milliseconds
		until, _ := strconv.ParseInt(os.Getenv(untilVariable), 10, 64)
		if time.Sleep(10 * time.Millisecond); time.Now().Unix() < until {
			again("hops")
		}
		os.Exit(0)
	case "takes the network down":
		answer = func(c net.Conn) bool {
			if requests.Add(1) == 100 {
				_ = loopback(false)
			}
			_, err := io.WriteString(c, good)
			return err == nil
		}
	case "well while the stranger lives":
		stranger, _ := os.ReadFile(os.Getenv("TORTURE_STRANGER"))
		answer = func(c net.Conn) bool {
			text := good
			stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(stranger)) + "/stat")
			if _, state, ok := strings.Cut(string(stat), ") "); err != nil || !ok || state[0] == 'Z' {
				text = "HTTP/1.1 500 the stranger is gone\r\nContent-Length: 0\r\n\r\n"
			}
			_, err = io.WriteString(c, text)
			return err == nil
		}
	case "builds": // a step of a build
		file, err := os.OpenFile(os.Getenv("TORTURE_BUILDS"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err == nil {
			fmt.Fprintln(file, "built")
			file.Close()
		}
		fmt.Println("it builds")
		time.Sleep(800 * time.Millisecond)
		if text, err := os.ReadFile(os.Args[0]); err == nil && os.WriteFile(port, text, 0o755) == nil { // the port is where the artifact belongs
			os.Exit(0)
		}
		os.Exit(1)
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
	serveOne := func(c net.Conn) { serve(c, answer) }
	if fault, ok := http2Roles[role]; ok {
		serveOne = func(c net.Conn) { serveHTTP2(c, &requests, fault) }
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			time.Sleep(time.Millisecond)
			continue
		}
		go serveOne(connection)
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
