//go:build linux

package e2e

import (
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/stream"
)

// screenRun is the program on a terminal of its own.
type screenRun struct {
	*bench
	terminal *os.File // the end that a person sits at
	line     *os.File // the program's end, kept open so that its modes can be read after it
	shown    syncBuffer
	reading  sync.Mutex // held: nobody takes what the terminal is to show
	cooked   unix.Termios
}

func newScreenRun(t *testing.T, args ...string) *screenRun {
	t.Helper()
	return startScreen(t, pty.Winsize{Rows: 30, Cols: 100}, args...)
}

func startScreen(t *testing.T, size pty.Winsize, args ...string) *screenRun {
	t.Helper()
	s := &screenRun{bench: newBench(t, args...)}
	var err error
	if s.terminal, s.line, err = pty.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.terminal.Close(); s.line.Close() })
	if err := pty.Setsize(s.terminal, &size); err != nil {
		t.Fatal(err)
	}
	s.terminal = pollable(t, s.terminal)
	s.cooked = s.modes(t)
	s.Env = append(s.Env, "TERM=xterm-256color")
	s.Stdin, s.Stdout, s.Stderr = s.line, s.line, s.line
	s.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := s.terminal.Read(buffer)
			if err != nil {
				return
			}
			s.reading.Lock()
			s.shown.Write(buffer[:n])
			s.reading.Unlock()
			// A terminal answers when it is asked for its background and what it is.
			if strings.Contains(string(buffer[:n]), "\x1b[c") {
				s.terminal.WriteString("\x1b]11;rgb:0000/0000/0000\x07\x1b[?62;22c")
			}
		}
	}()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// pollable is the same file, of which a close also ends a read that waits: else a
// terminal would be closed only when the program next writes to it.
func pollable(t *testing.T, file *os.File) *os.File {
	t.Helper()
	number, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = unix.SetNonblock(number, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	return os.NewFile(uintptr(number), file.Name())
}

func (s *screenRun) modes(t *testing.T) unix.Termios {
	t.Helper()
	modes, err := unix.IoctlGetTermios(int(s.line.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return *modes
}

func (s *screenRun) shows(t *testing.T, text string) {
	t.Helper()
	await(t, "the screen to show "+text, func() bool { return strings.Contains(s.shown.String(), text) })
}

func (s *screenRun) press(t *testing.T, keys string) {
	t.Helper()
	if _, err := s.terminal.WriteString(keys); err != nil {
		t.Fatal(err)
	}
}

// isWhole says that the terminal was given back: cooked, cursor shown, main screen.
func (s *screenRun) isWhole(t *testing.T) {
	t.Helper()
	if now := s.modes(t); now != s.cooked {
		t.Errorf("the terminal's modes are %+v, they were %+v", now, s.cooked)
	}
	// What the program wrote last may still be on its way through the terminal.
	for what, sequences := range map[string][2]string{
		"main screen":  {"\x1b[?1049h", "\x1b[?1049l"},
		"shown cursor": {"\x1b[?25l", "\x1b[?25h"},
	} {
		await(t, "the terminal's "+what, func() bool {
			shown := s.shown.String()
			return strings.LastIndex(shown, sequences[0]) <= strings.LastIndex(shown, sequences[1])
		})
	}
}

func TestScreenGoesFromChoosingToTheLeaderboard(t *testing.T) {
	s := newScreenRun(t, "--users", "100", "--ramp", "500ms", "--warmup", "300ms", "--cmd", "mine="+program+" serve-golang --port {port}", "--path", "/hello")
	s.shows(t, "choose what to measure")
	s.press(t, "a") // none or all: toggles
	s.press(t, "/mine\r")
	s.press(t, " \r")
	s.shows(t, "latency")
	s.shows(t, "leaderboard")
	s.press(t, "q")
	if code := s.exitCode(t); code != cli.ExitDone {
		t.Errorf("exit code %d\n%s", code, s.shown.String())
	}
	s.isWhole(t)
	// What the program wrote last may still be on its way through the terminal.
	await(t, "the summary on the normal screen", func() bool {
		_, after, left := strings.Cut(s.shown.String(), "\x1b[?1049l")
		return left && strings.Contains(after, "leaderboard")
	})
}

func TestTerminalIsGivenBackHoweverItEnds(t *testing.T) {
	for name, end := range map[string]struct {
		how  func(*testing.T, *screenRun)
		code int
	}{
		"q":       {func(t *testing.T, s *screenRun) { s.press(t, "q") }, cli.ExitInterrupted},
		"Ctrl-C":  {func(t *testing.T, s *screenRun) { s.press(t, "\x03") }, cli.ExitInterrupted},
		"q twice": {func(t *testing.T, s *screenRun) { s.press(t, "qq") }, cli.ExitInterrupted},
		"SIGTERM": {func(_ *testing.T, s *screenRun) { s.Process.Signal(syscall.SIGTERM) }, cli.ExitInterrupted},
		"SIGHUP":  {func(_ *testing.T, s *screenRun) { s.Process.Signal(syscall.SIGHUP) }, cli.ExitInterrupted},
		"SIGINT":  {func(_ *testing.T, s *screenRun) { s.Process.Signal(syscall.SIGINT) }, cli.ExitInterrupted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := t.TempDir() + "/result.json"
			s := newScreenRun(t, "run", "golang", "-w", "rate", "-q", "100", "-z", "60s", "--warmup", "0s", "--json", file)
			s.shows(t, "LOAD")
			await(t, "a server", func() bool { return len(s.descendants()) > 0 })
			end.how(t, s)
			if code := s.exitCode(t); code != end.code {
				t.Errorf("exit code %d, want %d\n%q", code, end.code, s.shown.String())
			}
			s.isWhole(t)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if one := only(t, decode(t, data)); one.Status != stream.StatusAborted {
				t.Errorf("status %q", one.Status)
			}
		})
	}
}

// state is the letter of what the program does: T is stopped.
func (s *screenRun) state() string {
	stat, _ := os.ReadFile("/proc/" + strconv.Itoa(s.Process.Pid) + "/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	return rest[:min(1, len(rest))]
}

func TestPauseGivesTheTerminalBackAndTakesItAgain(t *testing.T) {
	path := t.TempDir() + "/run.btr"
	s := newScreenRun(t, "run", "golang", "-w", "rate", "-q", "100", "-z", "60s", "--warmup", "0s", "--record", path)
	s.shows(t, "LOAD")
	for name, pause := range map[string]func(){
		"Ctrl-Z":  func() { s.press(t, "\x1a") },
		"SIGTSTP": func() { s.Process.Signal(syscall.SIGTSTP) },
	} {
		pause()
		await(t, name+" to stop it", func() bool { return s.state() == "T" })
		s.isWhole(t)
		entered := strings.Count(s.shown.String(), "\x1b[?1049h")
		mouse := strings.Count(s.shown.String(), "\x1b[?1002h")
		s.Process.Signal(syscall.SIGCONT)
		await(t, "the screen after "+name, func() bool {
			shown := s.shown.String()
			return strings.Count(shown, "\x1b[?1049h") > entered && strings.Count(shown, "\x1b[?1002h") > mouse
		})
	}
	s.press(t, "q")
	if code := s.exitCode(t); code != cli.ExitInterrupted {
		t.Errorf("exit code %d", code)
	}
	s.isWhole(t)
	replay := newBench(t, "replay", "--plain", path)
	if code := replay.run(t); code != cli.ExitDone || strings.Count(replay.stdout.String(), "was paused") != 2 {
		t.Errorf("exit code %d, and the pauses are not told:\n%s", code, replay.stdout.String())
	}
}

func TestTraceOfQuitComesAfterTheTerminalIsGivenBack(t *testing.T) {
	for _, one := range []struct {
		signal os.Signal
		shows  string
		args   []string
	}{
		{syscall.SIGQUIT, "LOAD", []string{"run", "golang", "-w", "rate", "-q", "100", "-z", "60s", "--warmup", "0s", "--no-record"}},
		{syscall.SIGABRT, "REPLAY", []string{"demo"}},
		{syscall.SIGSEGV, "REPLAY", []string{"demo"}}, // sent by somebody
	} {
		s := newScreenRun(t, one.args...)
		s.shows(t, one.shows)
		s.Process.Signal(one.signal)
		if code := s.exitCode(t); code != 2 {
			t.Errorf("%v: exit code %d", one.signal, code)
		}
		s.isWhole(t)
		await(t, "the trace on the normal screen", func() bool {
			shown := s.shown.String()
			return strings.Contains(shown[strings.LastIndex(shown, "\x1b[?1049l"):], "goroutine ")
		})
	}
}

// A hang-up that is ignored must not leave a run for ever that nobody sees.
func TestRunWhoseTerminalIsGoneEnds(t *testing.T) {
	signal.Ignore(syscall.SIGHUP)
	s := newScreenRun(t, "run", "golang", "-w", "rate", "-q", "100", "-z", "10m", "--warmup", "0s", "--no-record")
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	s.shows(t, "LOAD")
	s.line.Close()
	s.terminal.Close()
	if code := s.exitCode(t); code == cli.ExitDone {
		t.Errorf("exit code %d", code)
	}
}

// A window that hangs takes nothing, and what is to be shown in it waits: not the end, too.
func TestScreenEndsOnATerminalThatTakesNothing(t *testing.T) {
	for _, args := range [][]string{
		{"demo"},
		{"run", "golang", "-w", "rate", "-q", "100", "-z", "60s", "--warmup", "0s", "--no-record"},
	} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			s := newScreenRun(t, args...)
			s.shows(t, "LOAD")
			s.reading.Lock()
			s.fill(t)
			s.Process.Signal(syscall.SIGTERM)
			code := s.exitCode(t)
			s.reading.Unlock()
			if code != cli.ExitInterrupted {
				t.Errorf("exit code %d", code)
			}
			s.isWhole(t)
		})
	}
}

// fill has the terminal hold as much as it takes.
func (s *screenRun) fill(t *testing.T) {
	t.Helper()
	line, err := unix.Open(s.line.Name(), unix.O_WRONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0) // the program's own end waits
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(line)
	for {
		if _, err := unix.Write(line, []byte("nobody reads this ")); err == unix.EAGAIN {
			return
		} else if err != nil && err != unix.EINTR {
			t.Fatal(err)
		}
	}
}

func TestTerminalWithoutASizeShowsTheScreen(t *testing.T) {
	s := startScreen(t, pty.Winsize{}, "demo")
	s.shows(t, "REPLAY")
	s.press(t, "q")
	if code := s.exitCode(t); code != cli.ExitDone {
		t.Errorf("exit code %d", code)
	}
	s.isWhole(t)
}
