//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"github.com/creack/pty"
)

// drawn is what a run on a terminal took and wrote.
type drawn struct {
	cpu     time.Duration
	bytes   int
	redraws int
}

// apart is the least time between two redraws; what is written within it is one.
const apart = 40 * time.Millisecond

// runScreen runs on a pseudo-terminal and leaves when the leaderboard is shown.
func runScreen(p plan, args []string) (drawn, error) {
	var d drawn
	terminal, line, err := pty.Open()
	if err != nil {
		return d, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	defer terminal.Close()
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: uint16(p.rows), Cols: uint16(p.columns)}); err != nil {
		line.Close()
		return d, fmt.Errorf("size the pseudo-terminal: %w", err)
	}
	run := exec.Command(p.binary, slices.Clone(args)...)
	run.Env = append(run.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=")
	run.Stdin, run.Stdout, run.Stderr = line, line, line
	run.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = run.Start()
	line.Close() // the run alone holds it: reading ends when the run does
	if err != nil {
		return d, fmt.Errorf("start %s: %w; make build makes it", p.binary, err)
	}
	const longest = 30 * time.Second // beside the load
	stuck := time.AfterFunc(p.length+longest, func() { run.Process.Kill() })
	defer stuck.Stop()

	buffer := make([]byte, 64<<10)
	var last time.Time
	asked := false
	for {
		n, err := terminal.Read(buffer)
		if err != nil {
			break
		}
		d.bytes += n
		if now := time.Now(); now.Sub(last) > apart {
			d.redraws++
			last = now
		}
		answer(terminal, buffer[:n])
		if !asked && bytes.Contains(buffer[:n], []byte("leaderboard")) {
			asked = true
			io.WriteString(terminal, "q")
		}
	}
	if err := run.Wait(); err != nil {
		return d, fmt.Errorf("%v on a terminal: %w", run.Args, err)
	}
	d.cpu = cpu(run)
	return d, nil
}

// answer tells what a terminal tells that is asked for its background and its cursor.
func answer(terminal io.Writer, asked []byte) {
	if bytes.Contains(asked, []byte("\x1b]11;?")) {
		io.WriteString(terminal, "\x1b]11;rgb:1010/1010/1818\x1b\\")
	}
	if bytes.Contains(asked, []byte("\x1b[6n")) {
		io.WriteString(terminal, "\x1b[1;1R")
	}
}
