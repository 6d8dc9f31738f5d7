package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// signals are those that people, shells and supervisors send.
var signals = []struct {
	name   string
	codes  []int
	traced bool
	send   func(*started)
}{
	{name: "INT", codes: []int{0, 130}, send: one(syscall.SIGINT)},
	{name: "TERM", codes: []int{0, 130}, send: one(syscall.SIGTERM)},
	{name: "HUP", codes: []int{0, 130}, send: one(syscall.SIGHUP)},
	{name: "QUIT", codes: []int{0, 2}, traced: true, send: one(syscall.SIGQUIT)},
	{name: "KILL", codes: []int{0, -1}, send: one(syscall.SIGKILL)},
	{name: "STOP and CONT", codes: []int{0, 1}, send: func(s *started) { pause(s, syscall.SIGSTOP) }},
	{name: "TSTP", codes: []int{0, 1}, send: func(s *started) { pause(s, syscall.SIGTSTP) }},
	{name: "INT twice", codes: []int{0, 1, 130}, send: func(s *started) {
		one(syscall.SIGINT)(s)
		time.Sleep(50 * time.Millisecond)
		one(syscall.SIGINT)(s)
	}},
}

func one(signal syscall.Signal) func(*started) {
	return func(s *started) { _ = s.Process.Signal(signal) }
}

func pause(s *started, by syscall.Signal) {
	_ = s.Process.Signal(by)
	time.Sleep(300 * time.Millisecond)
	_ = s.Process.Signal(syscall.SIGCONT)
}

// phases are those of a run as text: what begins one, and how it is known to be there.
var phases = []struct {
	name string
	try  func(*row) try
	says string
	more time.Duration // after that was said
}{
	{name: "build", says: "build", try: func(r *row) try {
		return try{args: append([]string{"run", r.manifest("signalled", true), "--no-record", "--warmup", "0s"}, steady("100ms")...), env: []string{"XDG_CACHE_HOME=" + r.path(fmt.Sprint("cache", r.tried))}}
	}},
	{name: "start", says: "measures", more: 200 * time.Millisecond, try: func(r *row) try {
		return try{args: append(append([]string{"run"}, r.serverOf("waits")...), append(steady("300ms"), "--no-record", "--start-timeout", "2s")...)}
	}},
	{name: "warm-up", says: "warm-up", try: func(r *row) try {
		return try{args: append(r.against("ignores SIGTERM", steady("300ms")...), "--warmup", "800ms")}
	}},
	{name: "load", says: "load", try: func(r *row) try {
		return try{args: r.against("ignores SIGTERM", steady("800ms")...)}
	}},
	{name: "why", says: "load", more: 1100 * time.Millisecond, try: func(r *row) try {
		return try{args: append(r.against("well", steady("300ms")...), "--why=always")}
	}},
	{name: "end", says: "load", more: 500 * time.Millisecond, try: func(r *row) try { // the server takes its time
		return try{args: r.against("ignores SIGTERM", steady("300ms")...)}
	}},
}

func signalFaults() (all []fault) {
	for _, signal := range signals {
		noun := signal.name
		if noun == "INT twice" {
			noun = "INT"
		}
		all = append(all, fault{name: "signal: " + signal.name + " in every phase", noun: noun, try: func(r *row) {
			for range r.times(2) {
				some := phases
				if r.t.short {
					some = phases[r.chance.IntN(len(phases)):][:1]
				}
				for _, phase := range some {
					one := phase.try(r)
					more := phase.more + time.Duration(r.chance.IntN(150))*time.Millisecond
					one.what, one.codes, one.traced = "in "+phase.name+":", signal.codes, signal.traced
					if phase.name == "start" || phase.name == "build" {
						one.codes = append([]int{1}, one.codes...)
					}
					one.meddle = func(s *started) {
						if s.after(phase.says, more) {
							signal.send(s)
						}
					}
					r.run(one)
				}
			}
		}})
	}
	return all
}

// manifest writes one of a contender that is this program, with a build if asked for,
// and returns the path.
func (r *row) manifest(id string, builds bool) string {
	text := fmt.Sprintf("id: %s\nname: Mine\nlanguage: Go\nchecks: {status: 200}\n", id)
	if builds {
		text += fmt.Sprintf("build:\n- name: compile\n  run: [%q, \"{out}/server\"]\n  env: {%s: builds, TORTURE_BUILDS: %q}\nartifact: \"{out}/server\"\nrun:\n  command: [\"{artifact}\", \"{port}\"]\n  env: {%s: well}\n",
			r.t.self, roleVariable, r.path("builds"), roleVariable)
	} else {
		text += fmt.Sprintf("run:\n  command: [%q, \"{port}\"]\n  env: {%s: well}\n", r.t.self, roleVariable)
	}
	folder := r.path(id)
	_ = os.MkdirAll(folder, 0o755)
	return r.write(id+"/contender.yaml", []byte(text))
}
