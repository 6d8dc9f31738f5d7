package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// panicFaults have each goroutine of ours panic in turn, in runs that begin different ones.
func panicFaults() (all []fault) {
	runOf := func(r *row, role string, more ...string) []string {
		args := append(append([]string{"run"}, r.serverOf(role)...), "--warmup", "100ms", "--timeout", "1s")
		return append(args, more...)
	}
	run := func(r *row, more ...string) []string { return runOf(r, "well", more...) }
	for _, one := range []struct {
		name   string
		screen bool
		args   func(*row) []string
	}{
		{"a run as text", false, func(r *row) []string {
			return run(r, append(steady("300ms"), "--record", r.path("r.btr"), "--html", r.path("r.html"))...)
		}},
		{"a burst over HTTP/2", false, func(r *row) []string {
			return runOf(r, "speaks HTTP/2", "-w", "burst", "--users", "40", "--ramp", "200ms", "--http2", "--plain", "--no-record")
		}},
		{"a run at a rate that is given", false, func(r *row) []string {
			return run(r, "-w", "efficiency", "-q", "100", "-z", "300ms", "--plain", "--no-record")
		}},
		{"a build and two rounds", false, func(r *row) []string {
			return append([]string{"run", r.manifest("mine", true), "--no-record", "--warmup", "0s", "--rounds", "2", "--cooldown", "50ms"}, steady("200ms")...)
		}},
		{"a look at why", false, func(r *row) []string { return run(r, append(steady("300ms"), "--why=always", "--no-record")...) }},
		{"a run on the screen", true, func(r *row) []string { return run(r, "-w", "rate", "-q", "100", "-z", "400ms") }},
		{"a replay on the screen", true, func(r *row) []string { return []string{"replay", r.recording(), "--speed", "10"} }},
	} {
		all = append(all, fault{name: "us: panics in every goroutine of " + one.name, noun: "panic in every goroutine", long: true, try: func(r *row) {
			if r.t.panics == "" {
				r.notTried = "needs -panics, as make torture gives it"
				return
			}
			begin := func(what string, codes []int, env string) {
				this := try{what: what, program: r.t.panics, args: one.args(r), env: []string{env, "XDG_CACHE_HOME=" + r.path(fmt.Sprint("cache", r.tried))}, codes: codes, traced: true}
				injected := strings.HasPrefix(env, "BENCHTUI_PANIC_IN=")
				if !one.screen {
					this.complain = func(said string) string {
						if injected && !strings.Contains(said, "panic: injected into") {
							return "nothing is told of the panic"
						}
						return ""
					}
					r.run(this)
					return
				}
				r.onScreen(this, usual, "", true, func(s *started, line terminal) {
					// Until it ends by itself; what begins as the screen is left begins with q.
					select {
					case <-s.ended:
					case <-time.After(2500 * time.Millisecond):
						leaves(s, line)
					}
				})
			}
			told := r.path("goroutines")
			begin("all goroutines:", []int{0, 130}, "BENCHTUI_GOROUTINES="+told)
			text, err := os.ReadFile(told)
			if err != nil {
				r.trouble("no goroutines are told: %v", err)
				return
			}
			names := strings.Fields(string(text))
			slices.Sort(names)
			for _, name := range slices.Compact(names) {
				begin("in "+name+":", []int{2}, "BENCHTUI_PANIC_IN="+name)
			}
		}})
	}
	return all
}
