package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// spoken are the commands that say something, of a recording and without one.
func spoken(r *row) [][]string {
	demo := r.recording()
	return [][]string{
		{"list"}, {"list", "golang"}, {"man", "run"}, {"help", "run"}, {"completion", "bash"}, {"doctor"},
		{"replay", demo, "--plain"}, {"report", demo, "--md", "-"}, {"report", demo, "--json", "-"}, {"report", demo, "--html", "-"}, {"compare", demo, demo},
		r.against("well", steady("300ms")...), r.against("well", append(steady("300ms"), "--json", "-")...), append(r.against("well", "-w", "steady", "-c", "2", "-z", "300ms"), "--quiet"),
	}
}

// recording makes a small one with its result beside it.
func (r *row) recording() string {
	path := r.path("good.btr")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	args := append(append([]string{"run"}, r.serverOf("well")...), "-w", "steady", "-c", "2", "-z", "400ms", "--warmup", "0s", "--quiet", "--record", path, "--json", r.path("good.json"))
	r.run(try{args: args, codes: []int{0}})
	return path
}

var complains = regexp.MustCompile(`(?i)broken pipe|EPIPE`)

func outputFaults() []fault {
	return []fault{
		{name: "output: its reader has gone before", noun: "broken pipe", try: func(r *row) {
			for _, args := range spoken(r) {
				r.run(try{args: args, codes: []int{0, 1, 2, 130, -1}, prepare: func(cmd *exec.Cmd) {
					if read, write, err := os.Pipe(); err == nil {
						read.Close()
						cmd.Stdout = write
					}
				}, complain: complaint})
			}
		}},
		{name: "output: its reader goes after a line", noun: "broken pipe", try: func(r *row) {
			for _, args := range spoken(r) {
				r.run(try{args: args, codes: []int{0, 1, 2, 130, -1}, prepare: func(cmd *exec.Cmd) {
					read, write, err := os.Pipe()
					if err != nil {
						return
					}
					cmd.Stdout = write
					go func() {
						_, _ = bufio.NewReaderSize(read, 16).ReadString('\n')
						read.Close()
					}()
				}, meddle: func(s *started) { s.Stdout.(*os.File).Close() }, complain: complaint})
			}
		}},
		{name: "output: nobody takes it, and one signal ends it", noun: "blocked output", try: func(r *row) {
			for _, args := range append(spoken(r), []string{"build", "golang", "-v"}, []string{"demo", "--plain"}) {
				signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[r.chance.IntN(3)]
				r.run(try{what: signal.String(), args: args, most: 12 * time.Second, codes: []int{0, 1, 2, 130, -1}, prepare: func(cmd *exec.Cmd) {
					if read, write, err := os.Pipe(); err == nil {
						fill, full := make([]byte, 4096), int(write.Fd()) // Fd makes it wait, each time
						_ = syscall.SetNonblock(full, true)
						for n := 1; n > 0; {
							n, _ = syscall.Write(full, fill)
						}
						_ = syscall.SetNonblock(full, false)
						cmd.Stdout, cmd.Stderr = write, write
						r.t.unread.Store(read, true) // open as long as this process is
					}
				}, meddle: func(s *started) {
					select {
					case <-s.ended:
					case <-time.After(time.Second):
						_ = s.Process.Signal(signal)
					}
				}})
			}
		}},
		{name: "output: /dev/full", noun: "/dev/full", try: func(r *row) {
			for _, args := range spoken(r) {
				r.run(try{args: args, codes: []int{1}, prepare: func(cmd *exec.Cmd) { cmd.Stdout, _ = os.OpenFile("/dev/full", os.O_WRONLY, 0) },
					complain: func(said string) string {
						if strings.TrimSpace(said) == "" {
							return "nothing says that stdout is full"
						}
						return ""
					}})
			}
		}},
		{name: "output: stderr is /dev/full", noun: "/dev/full", try: func(r *row) {
			for _, args := range append(spoken(r), []string{"run", "--no-such-flag"}) {
				r.run(try{args: args, prepare: func(cmd *exec.Cmd) { cmd.Stderr, _ = os.OpenFile("/dev/full", os.O_WRONLY, 0) }})
			}
		}},
		{name: "output: stdin, stdout and stderr are closed", noun: "closed stdio", try: func(r *row) {
			for _, args := range spoken(r) {
				r.run(try{args: args, prepare: func(cmd *exec.Cmd) { shell("exec <&- >&- 2>&-")(cmd) }})
			}
		}},
		{name: "output: every file is /dev/full", noun: "/dev/full", try: func(r *row) {
			demo := r.recording()
			for _, flag := range []string{"--json", "--csv", "--md", "--html", "--svg", "--profile"} {
				codes := []int{1}
				if flag == "--profile" {
					codes = []int{1, 2}
				}
				r.run(try{args: []string{"report", demo, flag, "/dev/full"}, codes: codes})
				if flag != "--profile" {
					r.run(try{args: append(r.against("well", steady("200ms")...), flag, "/dev/full"), codes: codes})
				}
			}
			args := append(append([]string{"run"}, r.serverOf("well")...), steady("300ms")...)
			r.run(try{args: append(args, "--warmup", "0s", "--record", "/dev/full"), codes: []int{1, 2}})
			r.run(try{args: append(r.against("well", steady("200ms")...), "--debug-log", "/dev/full")})
		}},
	}
}

func complaint(said string) string {
	if found := complains.FindString(said); found != "" {
		return fmt.Sprintf("it complains of its reader: %q", said)
	}
	return ""
}
