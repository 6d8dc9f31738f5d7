package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal at which this program sits.
type terminal struct {
	person, line *os.File
	cooked       unix.Termios
}

func newTerminal(size pty.Winsize) (t terminal, err error) {
	if t.person, t.line, err = pty.Open(); err != nil {
		return t, err
	}
	if err = pty.Setsize(t.person, &size); err != nil {
		return t, err
	}
	// A close must also end a read that waits.
	number, err := unix.FcntlInt(t.person.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = unix.SetNonblock(number, true)
	}
	if err != nil {
		return t, err
	}
	t.person.Close()
	t.person = os.NewFile(uintptr(number), "terminal")
	modes, err := unix.IoctlGetTermios(int(t.line.Fd()), unix.TCGETS)
	if err == nil {
		t.cooked = *modes
	}
	return t, err
}

func (t terminal) close() { t.person.Close(); t.line.Close() }

// shows copies what the program draws, and answers what it asks of its terminal.
func (t terminal) shows(to *text) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := t.person.Read(buffer)
		if err != nil {
			return
		}
		_, _ = to.Write(buffer[:n])
		if strings.Contains(string(buffer[:n]), "\x1b[c") {
			_, _ = t.person.WriteString("\x1b]11;rgb:0000/0000/0000\x07\x1b[?62;22c")
		}
	}
}

// missing says what of the terminal was not given back; "" if it is whole.
func (t terminal) missing(shown *text) (what string) {
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) { // what was written last is on its way
		what = ""
		said := shown.String()
		for name, sequences := range map[string][2]string{
			"the main screen": {"\x1b[?1049h", "\x1b[?1049l"}, "its cursor": {"\x1b[?25l", "\x1b[?25h"}, "its mouse": {"\x1b[?1002h", "\x1b[?1002l"},
		} {
			if strings.LastIndex(said, sequences[0]) > strings.LastIndex(said, sequences[1]) {
				what = name + " was not given back"
			}
		}
		if modes, err := unix.IoctlGetTermios(int(t.line.Fd()), unix.TCGETS); err == nil && *modes != t.cooked {
			what = "its modes are not what they were"
		}
		if what == "" || time.Now().After(until) {
			return what
		}
	}
}

// screens are those on which a person stays: how one comes there, what it shows, and
// whether q leaves it.
var screens = []struct {
	name, says string
	args       func(*row) []string
}{
	{"choose", "choose what to measure", func(r *row) []string { return r.serverOf("well") }},
	{"live", "LOAD", func(r *row) []string {
		return r.against("well", "-w", "rate", "-q", "100", "-z", "60s")
	}},
	{"leaderboard", "leaderboard", func(r *row) []string {
		return r.against("well", "-w", "rate", "-q", "100", "-z", "300ms")
	}},
	{"replay", "REPLAY", func(*row) []string { return []string{"demo"} }},
}

// onScreen has the program draw on a terminal; do is with the screen in front of it, and
// whole says that the terminal must be in order after it.
func (r *row) onScreen(one try, size pty.Winsize, says string, whole bool, do func(*started, terminal)) {
	line, err := newTerminal(size)
	if err != nil {
		r.notTried = "no pseudo-terminal: " + err.Error()
		return
	}
	defer line.close()
	var shown text
	prepare := one.prepare
	one.prepare = func(cmd *exec.Cmd) {
		if prepare != nil {
			prepare(cmd)
		}
		if cmd.SysProcAttr == nil {
			cmd.SysProcAttr = &syscall.SysProcAttr{}
		}
		cmd.SysProcAttr.Setsid, cmd.SysProcAttr.Setctty = true, true
		cmd.Stdin, cmd.Stdout, cmd.Stderr = line.line, line.line, line.line
	}
	if !strings.Contains(strings.Join(one.env, " "), "TERM=") {
		one.env = append([]string{"TERM=xterm-256color"}, one.env...)
	}
	go line.shows(&shown)
	one.meddle = func(s *started) {
		for !strings.Contains(shown.String(), says) {
			select {
			case <-s.ended:
				r.trouble("%s it ended before it showed %q: %.500q", one.what, says, shown.String())
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
		do(s, line)
	}
	one.complain = func(string) string {
		if whole {
			if what := line.missing(&shown); what != "" {
				return what
			}
		}
		said := shown.String()
		if at := trace.FindStringIndex(strings.ReplaceAll(said, "\r", "")); at != nil && !one.traced {
			return fmt.Sprintf("it printed a trace: %.900q", strings.ReplaceAll(said, "\r", "")[at[0]:])
		}
		return ""
	}
	r.run(one)
}

// leaves presses q until the program has ended.
func leaves(s *started, line terminal) {
	for {
		_, _ = line.person.WriteString("q")
		select {
		case <-s.ended:
			return
		case <-time.After(300 * time.Millisecond):
		}
	}
}

var usual = pty.Winsize{Rows: 30, Cols: 100}

func terminalFaults() (all []fault) {
	onEvery := func(name, noun string, one func(r *row, screen int) try, size pty.Winsize, whole bool, do func(*row, *started, terminal)) {
		all = append(all, fault{name: name, noun: noun, try: func(r *row) {
			only := r.chance.IntN(len(screens))
			for i, screen := range screens {
				if r.t.short && i != only {
					continue
				}
				this := one(r, i)
				this.args, this.what = append(screen.args(r), this.args...), "on "+screen.name+":"
				r.onScreen(this, size, screen.says, whole, func(s *started, line terminal) { do(r, s, line) })
			}
		}})
	}
	for _, signal := range signals {
		noun := signal.name
		if noun == "INT twice" {
			noun = "INT"
		}
		onEvery("signal: "+signal.name+" on every screen", noun, func(*row, int) try {
			return try{codes: append([]int{0, 1, 130}, signal.codes...), traced: signal.traced}
		}, usual, signal.name != "KILL", func(r *row, s *started, line terminal) {
			time.Sleep(time.Duration(r.chance.IntN(200)) * time.Millisecond)
			signal.send(s)
			if signal.name == "TSTP" || signal.name == "STOP and CONT" {
				time.Sleep(300 * time.Millisecond)
				leaves(s, line)
			}
		})
	}
	plain := func(*row, int) try { return try{codes: []int{0, 1, 130}} }
	onEvery("terminal: closed", "terminal closed", plain, usual, false, func(_ *row, _ *started, line terminal) { line.close() })
	onEvery("terminal: closed, hang-ups ignored", "terminal closed", func(*row, int) try {
		return try{codes: []int{0, 1, 130}, prepare: shell(`trap "" HUP`)}
	}, usual, false, func(_ *row, _ *started, line terminal) { line.close() })
	onEvery("terminal: resized at once, over and over", "resize storm", func(*row, int) try {
		return try{codes: []int{0, 1, 130}, memory: 2 * mostMemory}
	}, usual, true, func(r *row, s *started, line terminal) {
		sizes := []pty.Winsize{{}, {Rows: 1, Cols: 1}, {Rows: 200, Cols: 500}, {Rows: 24, Cols: 80}, {Rows: 1, Cols: 500}, {Rows: 200, Cols: 1}, {Rows: 2, Cols: 2}, {Rows: 45, Cols: 160}, {Rows: 7, Cols: 19}}
		for range 100 {
			size := sizes[r.chance.IntN(len(sizes))]
			_ = pty.Setsize(line.person, &size) // which sends SIGWINCH
			time.Sleep(time.Duration(r.chance.IntN(20)) * time.Millisecond)
		}
		leaves(s, line)
	})
	for _, size := range []pty.Winsize{{Rows: 1, Cols: 1}, {Rows: 200, Cols: 500}} {
		onEvery(fmt.Sprintf("terminal: keys of every kind at %d×%d", size.Cols, size.Rows), "resize storm", func(*row, int) try {
			return try{codes: []int{0, 1, 2, 130}, memory: 2 * mostMemory}
		}, pty.Winsize{Rows: 30, Cols: 100}, true, func(r *row, s *started, line terminal) {
			_ = pty.Setsize(line.person, &size)
			keys := []string{"\t", "\r", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", " ", "?", "\x1b", "w", "e", "p", "f", "v", "c", ",", ".", "<", ">", "0", "/x\x7f", "\x1b[M !!", "\x1b[<0;5;5M", "\x1b[<64;9;9M", "\xff\xfe", "\x1b[200~" + hostile + "\x1b[201~", "日", "\x00"}
			for range 150 {
				_, _ = line.person.WriteString(keys[r.chance.IntN(len(keys))])
				time.Sleep(time.Duration(r.chance.IntN(8)) * time.Millisecond)
			}
			_, _ = line.person.WriteString("\x1b")
			time.Sleep(200 * time.Millisecond)
			_ = s.Process.Signal(syscall.SIGINT)
		})
	}
	for name, one := range map[string]struct {
		noun string
		env  []string
		size pty.Winsize
	}{
		"no size": {"no terminal size", nil, pty.Winsize{}},
	} {
		onEvery("terminal: "+name, one.noun, func(*row, int) try { return try{codes: []int{0, 1, 130}, env: one.env} }, one.size, true,
			func(_ *row, s *started, line terminal) { leaves(s, line) })
	}
	for _, one := range []struct{ name, noun, env string }{
		{"TERM is dumb", "TERM dumb", "TERM=dumb"}, {"TERM is not set", "TERM unset", "TERM="}, {"TERM is unknown", "TERM dumb", "TERM=no-such-terminal"},
		{"no UTF-8", "no UTF-8", "LC_ALL=C"},
	} {
		onEvery("terminal: "+one.name, one.noun, func(*row, int) try {
			return try{codes: []int{0, 1, 130}, env: []string{"TERM=xterm-256color", one.env}}
		}, usual, true, func(_ *row, s *started, line terminal) { leaves(s, line) })
	}
	return all
}

// shell has a shell do something before it becomes the program.
func shell(before string) func(*exec.Cmd) {
	return func(cmd *exec.Cmd) {
		args := append([]string{"sh", "-c", before + `; exec "$@"`, "sh"}, append([]string{cmd.Path}, cmd.Args[1:]...)...)
		cmd.Args, cmd.Path = args, "/bin/sh"
	}
}
