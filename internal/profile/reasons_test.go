package profile

import (
	"strings"
	"testing"
	"time"
)

// Each stack has its percent of the time before it, and as many samples of ten.
func TestTimeThatNoRuleKnowsIsOfTheInnermostOwnCode(t *testing.T) {
	type stack struct {
		percent int
		frames  string // from the root on
	}
	const (
		timers  = "L listOnTimeout node:internal/timers:5;"
		refresh = timers + "O refresh /srv/timer.js:4"
		handler = "L emit node:events:4;O handler /srv/app.js:9"
		update  = "L net/http.(*conn).serve s.go:2;O main.handler /srv/main.go:7;O main.update /srv/main.go:5"
		writes  = ";L end node:_http_outgoing:5;L Socket._writev node:net:9;L writevGeneric node:internal/stream_base_commons:123"
		module  = "O <module> /srv/app.py:20;L run /lib/uvicorn/main.py:5"
		idle    = "R start"
	)
	for name, c := range map[string]struct {
		stacks []stack
		want   []string
	}{
		"a timer in Node": {
			[]stack{{26, refresh}, {30, refresh + ";L isDate node:internal/util/types:3"}, {21, refresh + ";L get node:internal/util:8;R now"}, {12, refresh + ";L validate node:internal/validators:2"}, {11, idle}},
			[]string{": of its CPU time 89 % in refresh (timer.js:4) and what it calls, 26 % in itself"},
		},
		"a lock and maps in Go": {
			[]stack{{6, update}, {25, update + ";R runtime.mapassign_faststr m.go:2"}, {15, update + ";R runtime.mapaccess1 m.go:3"}, {12, update + ";R runtime.memhash64 a.s:1"}, {8, update + ";L internal/sync.(*Mutex).lockSlow m.go:3"}, {34, idle}},
			[]string{
				": of its CPU time 58 % in main.update (main.go:5) and what it calls, 6 % in itself, called from main.handler (main.go:7)",
				"lock: of its CPU time 8 % in internal/sync.(*Mutex).lockSlow (m.go:3), called from main.update (main.go:5)",
			},
		},
		"own code that calls own code": {
			[]stack{{10, handler + ";O inner /srv/app.js:3;L a node:util:1"}, {30, handler + ";O inner /srv/app.js:3"}, {20, handler + ";L b node:util:2"}, {40, idle}},
			[]string{
				": of its CPU time 40 % in inner (app.js:3) and what it calls, 30 % in itself, called from handler (app.js:9)",
				": of its CPU time 20 % in handler (app.js:9) and what it calls, 0 % in itself",
			},
		},
		"a rule that is larger": {
			[]stack{{50, handler + ";L pbkdf2Sync node:internal/crypto/pbkdf2:6"}, {20, handler + ";L b node:util:2"}, {30, idle}},
			[]string{
				"crypto: of its CPU time 50 % in pbkdf2Sync (node:internal/crypto/pbkdf2:6), called from handler (app.js:9)",
				": of its CPU time 20 % in handler (app.js:9) and what it calls, 0 % in itself",
			},
		},
		"a handler that leads to a rule, and to more besides": {
			[]stack{{39, handler + ";R JSON.stringify"}, {45, handler + ";L b node:util:2"}, {16, idle}},
			[]string{
				"json: of its CPU time 39 % in JSON.stringify, called from handler (app.js:9)",
				": of its CPU time 45 % in handler (app.js:9) and what it calls, 0 % in itself",
			},
		},
		"the way into everything": {
			[]stack{{58, module + ";L wait /lib/selectors.py:1"}, {19, module + ";O handler /srv/app.py:9;L dumps /usr/lib/python3.12/json/__init__.py:2"}, {17, module + ";O handler /srv/app.py:5"}, {6, module + ";L compile /usr/lib/python3.12/re.py:3;L log /usr/lib/python3.12/logging/__init__.py:2"}},
			[]string{
				"json: of its CPU time 19 % in dumps (__init__.py:2), called from handler (app.py:9)",
				": of its CPU time 17 % in handler (app.py:5), called from <module> (app.py:20)",
				": of its CPU time 58 % in <module> (app.py:20) and what it calls, 0 % in itself",
				"log: of its CPU time 6 % in log (__init__.py:2), called from <module> (app.py:20)",
			},
		},
		"many small writes in Node": {
			[]stack{{26, handler + writes}, {18, handler + writes + ";R writev"}, {45, handler + ";L write_ node:_http_outgoing:3"}, {7, "R (garbage collector)"}, {4, idle}},
			[]string{
				"kernel: of its CPU time 44 % in writevGeneric (node:internal/stream_base_commons:123), called from handler (app.js:9)",
				": of its CPU time 45 % in handler (app.js:9) and what it calls, 0 % in itself",
				"gc: of its CPU time 7 % in (garbage collector)",
			},
		},
		"small writes in Node that it gathers": {
			[]stack{{60, "L connectionCorkNT node:_http_outgoing:2" + writes + ";R writev"}, {10, handler + ";L write_ node:_http_outgoing:3"}, {7, "R (garbage collector)"}, {23, idle}},
			[]string{
				"kernel: of its CPU time 60 % in writevGeneric (node:internal/stream_base_commons:123)",
				": of its CPU time 10 % in handler (app.js:9) and what it calls, 0 % in itself",
				"gc: of its CPU time 7 % in (garbage collector)",
			},
		},
		"what is called back when it is written": {
			[]stack{{60, strings.TrimPrefix(writes, ";") + ";L onwrite node:internal/streams/writable:2;" + handler + ";L b node:util:2"}, {40, idle}},
			[]string{": of its CPU time 60 % in handler (app.js:9) and what it calls, 0 % in itself"},
		},
		"writes as any reply has them": {
			[]stack{{30, handler + writes + ";R writev"}, {25, handler + ";L writeHead node:_http_server:3"}, {45, idle}},
			[]string{": of its CPU time 55 % in handler (app.js:9) and what it calls, 0 % in itself"},
		},
		"a collector in pieces": {
			[]stack{{4, "R runtime.gcBgMarkWorker m.go:1"}, {3, "R runtime.gcDrain m.go:3"}, {93, idle}},
			[]string{"gc: of its CPU time 7 % in garbage collection, most in runtime.gcBgMarkWorker (m.go:1)"},
		},
		"no code of its own": {[]stack{{90, "L net/http.(*conn).serve s.go:2;R syscall.write z.go:3;K __x64_sys_write"}, {10, "O small /srv/app.js:1;L a node:util:1"}}, []string{": of its CPU time 10 % in small (app.js:1) and what it calls, 0 % in itself"}},
	} {
		t.Run(name, func(t *testing.T) {
			var build Builder
			for _, one := range c.stacks {
				stackOf(t, &build, time.Duration(one.percent)*10*time.Millisecond, strings.Split(one.frames, ";")...)
			}
			p := build.Profile(Profile{})
			if got, want := saidOf(p), strings.Join(c.want, "\n"); got != want {
				t.Errorf("reasons\n%s\nwant\n%s", got, want)
			}
			sum, samples := 0.0, 0
			for _, reason := range p.Reasons() {
				sum, samples = sum+reason.Share, samples+reason.Samples
			}
			if sum > 1+1e-9 || samples > p.Count() {
				t.Errorf("shares add up to %.3f, of %d of %d samples", sum, samples, p.Count())
			}
		})
	}
}

func TestFewSamplesTellNoReason(t *testing.T) {
	for seen, told := range map[int]bool{1: false, worthSamples - 1: false, worthSamples: true} {
		var build Builder
		for name, count := range map[string]int{"busy": seen, "start": 30 - seen} {
			kind := map[string]Kind{"busy": Own, "start": Runtime}[name]
			build.Add(Sample{Stack: []int{build.Frame(Frame{Function: name, Kind: kind})}, Thread: -1, Count: count, Weight: time.Duration(count) * time.Millisecond})
		}
		if reasons := build.Profile(Profile{}).Reasons(); (len(reasons) == 1) != told {
			t.Errorf("of %d of 30 samples: %+v", seen, reasons)
		}
		if got := WorthTelling(float64(seen)/30, 30); got != told {
			t.Errorf("%d of 30 samples: worth telling %v", seen, got)
		}
	}
}
