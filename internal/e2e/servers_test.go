//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// serverRole is the variable that has this test binary be one of the servers below.
const serverRole = "BENCHTUI_E2E_ROLE"

// serverOf is the --cmd of a server that this binary plays, named as its role.
func serverOf(role string) string {
	return fmt.Sprintf("%s=%s=%s GORACE=atexit_sleep_ms=0 '%s' {port}", role, serverRole, role, os.Args[0])
}

// hostileWords steer a terminal.
const hostileWords = "\x1b[2J\x1b]0;WITHIN\x07\x1b[?1049h\x1b]52;c;WITHIN\x1b\\\u009b31m\u009d0;WITHIN\u009c\u202egnp"

var swears atomic.Uint64

// playServer is a server of a kind that benchmarks meet. It never returns.
func playServer(role string, args []string) {
	port := args[0]
	ok := func() {}
	switch role {
	case "well":
		serveOn(port, ok)
	case "swears": // escape sequences in its log and, as failures, in its replies and headers
		fmt.Fprint(os.Stderr, hostileWords+"\n")
		http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Odd", "a\u009b2Jb\u202e")
			if requests := swears.Add(1); requests > 3 {
				w.WriteHeader(500)
				fmt.Fprintln(os.Stdout, hostileWords)
			}
			fmt.Fprint(w, hostileWords)
		})
		fmt.Fprintln(os.Stderr, http.ListenAndServe("127.0.0.1:"+port, nil))
		os.Exit(1)
	case "wrong-stream": // HTTP/2 that also sends data on a stream that nobody opened
		listener, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		for {
			connection, err := listener.Accept()
			if err != nil {
				os.Exit(1)
			}
			go serveWrongStream(connection)
		}
	case "asks": // for a password, with no line's end, and waits for it
		fmt.Print("Enter password: ")
		select {}
	case "forks": // two workers, one of which has another; they outlive a SIGTERM
		helper("two-stubborn", nil)
		helper("stubborn", nil)
		serveOn(port, ok)
	case "two-stubborn":
		helper("stubborn", nil)
		playServer("stubborn", args)
	case "stubborn":
		signal.Ignore(syscall.SIGTERM, syscall.SIGHUP)
		select {}
	case "shares-memory": // 100 MB with four workers
		shared, err := os.CreateTemp("", "shared")
		if err == nil {
			_ = os.Remove(shared.Name())
			err = shared.Truncate(100_000_000)
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		touch(shared)
		for range 4 {
			worker := exec.Command(os.Args[0], "0")
			worker.Env = append(os.Environ(), serverRole+"=worker-that-shares")
			worker.ExtraFiles = []*os.File{shared}
			ready, _ := worker.StdoutPipe()
			if err := worker.Start(); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			_, _ = ready.Read(make([]byte, 1))
		}
		serveOn(port, ok)
	case "worker-that-shares":
		touch(os.NewFile(3, "shared"))
		fmt.Println("ready")
		select {}
	case "leaks": // 20 KB with each request
		var kept [][]byte
		var turn sync.Mutex
		serveOn(port, func() {
			block := make([]byte, 20_000)
			for i := range block {
				block[i] = byte(i)
			}
			turn.Lock()
			kept = append(kept, block)
			turn.Unlock()
		})
	case "crashes": // at its 1,000th request
		var requests atomic.Uint64
		serveOn(port, func() {
			if requests.Add(1) == 1000 {
				fmt.Fprintln(os.Stderr, "no more than 999")
				os.Exit(3)
			}
		})
	case "ignores-sigterm":
		signal.Ignore(syscall.SIGTERM, syscall.SIGHUP)
		serveOn(port, ok)
	case "daemonizes": // what serves is in a session of its own; what was started ends
		helper("daemon", &syscall.SysProcAttr{Setsid: true}, port)
		os.Exit(0)
	case "keeps-daemon": // the same, but what was started waits
		helper("daemon", &syscall.SysProcAttr{Setsid: true}, port)
		select {}
	case "daemon":
		signal.Ignore(syscall.SIGTERM, syscall.SIGHUP)
		serveOn(port, ok)
	case "becomes-root": // wholly, of a program that is root's with the set-user-id bit
		if err := becomeRoot(); err != nil {
			fmt.Println("not root's:", err)
			os.Exit(1)
		}
		signal.Ignore(syscall.SIGTERM, syscall.SIGHUP)
		serveOn(port, ok)
	case "never-ready":
		fmt.Println("waiting for the database")
		select {}
	case "port-taken": // somebody has it already, and does not answer
		taken, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		defer taken.Close()
		serveOn(port, ok)
	case "reports": // what the process of its first argument inherited, into the file of its second
		pid, _ := strconv.Atoi(args[0])
		if err := os.WriteFile(args[1], []byte(inherited(pid)), 0o600); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	case "takes-10ms":
		serveOn(port, func() { time.Sleep(10 * time.Millisecond) })
	case "takes-4ms":
		serveOn(port, func() { time.Sleep(4 * time.Millisecond) })
	case "answers-once": // and never again, on connections that stay open
		var requests atomic.Uint64
		serveOn(port, func() {
			if requests.Add(1) > 1 {
				select {}
			}
		})
	case "says-not-found":
		fmt.Println(http.ListenAndServe("127.0.0.1:"+port, http.NotFoundHandler()))
	}
	os.Exit(1)
}

// helper starts a process beside the server.
func helper(role string, attributes *syscall.SysProcAttr, args ...string) {
	cmd := exec.Command(os.Args[0], append(args, "0")...)
	cmd.Env = append(os.Environ(), serverRole+"="+role)
	cmd.SysProcAttr = attributes
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// touch writes to 100 MB of a file that others have, too.
func touch(shared *os.File) {
	memory, err := syscall.Mmap(int(shared.Fd()), 0, 100_000_000, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for at := 0; at < len(memory); at += os.Getpagesize() {
		memory[at] = 1
	}
}

func serveOn(port string, work func()) {
	err := http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		work()
		_, _ = w.Write([]byte("ok"))
	}))
	fmt.Println(err)
	os.Exit(1)
}

// serveWrongStream answers every HTTP/2 request with status 200, the fifth also with
// data on a stream of the far future.
func serveWrongStream(connection net.Conn) {
	defer connection.Close()
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(connection, preface); err != nil {
		return
	}
	frames := http2.NewFramer(connection, connection)
	frames.WriteSettings()
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
				frames.WriteSettingsAck()
			}
		case *http2.HeadersFrame:
			block.Reset()
			encoder.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			frames.WriteHeaders(http2.HeadersFrameParam{StreamID: frame.StreamID, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: true})
			if requests++; requests == 5 {
				frames.WriteData(frame.StreamID+1000, false, []byte("nobody asked"))
			}
		}
	}
}
