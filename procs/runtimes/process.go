package runtimes

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// process is one of the server's, and the runtime that was found in it.
type process struct {
	pid     int
	program string // what it runs; another one is looked at anew
	looked  bool   // and there is no more to find
	since   time.Time
	lacks   string
	untold  *measure.Untold // what is there instead; nil: not known, or it is none of a server's
	queue   *goQueue        // of a program in Go; nil: not looked for yet
	unread  string          // why that is so for now
	file    *os.File        // its counters
	data    []byte
	jvm     *jvm
	compile compilerThreads // of the jvm
}

// Runtimes that tell of themselves when they are asked to, as they are called where they
// are not: Go by GoDebug, Node by the probe.
const (
	Go   = "Go"
	Node = "Node"
)

// lacksProgram says of a process that it hides what it runs.
const lacksProgram = "no permission to see what the server runs, and so neither pauses nor a run queue; run benchtui as its user, or as root"

// patience is how long a virtual machine may take from the loading of its library to
// the first of its counters.
const patience = 3 * time.Second

// look looks for a runtime that tells of itself, which takes longer where no load is
// measured.
func (p *process) look(now time.Time, programs *Programs, measured bool) {
	program, ok := programOf(p.pid)
	if !ok { // it has ended, or is another user's: the sampling of its CPU tells that
		switch {
		case p.looked || p.program != "":
		case hidesGo(p.pid):
			p.untold, p.queue = &measure.Untold{Name: Go}, &goQueue{lacks: errNoPermission.Error()}
		case hides(p.pid):
			p.lacks = lacksProgram
		}
		p.looked = p.looked || p.program == ""
		return
	}
	defer p.lookForQueue(programs, measured)
	if program != p.program {
		p.close()
		*p = process{pid: p.pid, program: program, since: now}
	}
	if p.looked {
		return
	}
	found, isJVM := findCounters(p.pid)
	switch {
	case found != nil || isJVM:
		p.untold = nil
	case p.untold == nil || p.untold.Name == "": // a program may load its runtime later
		p.untold = untoldIn(p.pid, program)
	}
	switch {
	case found != nil:
		err := p.open(found)
		if err == nil {
			p.looked, p.lacks = true, ""
			return
		}
		found.Close()
		if now.Sub(p.since) > patience {
			p.looked, p.lacks = true, fmt.Sprintf("the JVM (pid %d) has counters that can't be read: %v", p.pid, err)
		}
	case isJVM && now.Sub(p.since) > patience:
		p.looked = true
		p.lacks = fmt.Sprintf("the JVM (pid %d) keeps no counters: it was started with -XX:-UsePerfData or -XX:+PerfDisableSharedMem, or can't write to /tmp", p.pid)
	case !isJVM && now.Sub(p.since) > patience:
		p.looked = true // a program that starts a VM later than that is taken for none
	}
}

// open reads the counters for the first time.
func (p *process) open(file *os.File) error {
	info, err := file.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular() || info.Size() < hsperfHeader || info.Size() > hsperfMost:
		return errNotHsperf
	}
	p.data = make([]byte, info.Size())
	at, err := p.fill(file)
	if err != nil {
		return err
	}
	if p.jvm, err = newJVM(p.data, at); err != nil {
		p.jvm = nil
		return err
	}
	p.file = file
	return nil
}

// fill reads the file's bytes and says when. It is read, not mapped: a mapping of a file
// that somebody shortens would end us.
func (p *process) fill(file *os.File) (span, error) {
	at := span{from: time.Now()}
	n, err := file.ReadAt(p.data, 0)
	at.to = time.Now()
	if err != nil && !errors.Is(err, io.EOF) {
		return at, err
	}
	if n < len(p.data) {
		return at, io.ErrUnexpectedEOF
	}
	return at, nil
}

// read takes another reading.
func (p *process) read() {
	p.queue.read()
	if p.jvm == nil {
		return
	}
	if at, err := p.fill(p.file); err == nil {
		p.jvm.take(p.data, at)
	}
}

func (p *process) told(now time.Time) measure.Runtime {
	switch {
	case p.jvm != nil:
		told := p.jvm.told(now)
		if cores, known := p.compile.since(p.pid, now); known {
			told.CompilingCores = figure.Of(cores)
		}
		return told
	case p.lacks != "":
		return measure.Runtime{Lacks: []string{p.lacks}}
	case p.untold != nil:
		told := measure.Runtime{Untold: []measure.Untold{*p.untold}, RunQueueLacks: p.unread}
		p.queue.told(&told, now)
		return told
	}
	return measure.Runtime{}
}

func (p *process) close() {
	if p.file != nil {
		p.file.Close()
		p.file = nil
	}
	p.jvm, p.queue = nil, nil
}
