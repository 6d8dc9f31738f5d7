package tuitest

import (
	"bytes"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/stream"
)

// Profiled is the run of Article in which a profile is taken of expressjs after its load,
// and none can be had of golang.
var Profiled = sync.OnceValue(func() []stream.Event {
	return articleOf(func(s *Writer) { s.after = profiled })
})

// Paused is the run of Article in which the runtimes tell of themselves: that of expressjs
// pauses ever longer, that of golang compiles for a while, which a JVM's would.
var Paused = sync.OnceValue(func() []stream.Event {
	return articleOf(func(s *Writer) { s.beside = paused })
})

func paused(s *Writer, id string, into time.Duration) {
	told := measure.Runtime{Over: 250 * time.Millisecond, Names: []string{"Node v20.20.2"}, Processes: 1}
	if id == "golang" {
		left := 1 - min(1, into.Seconds()/3)
		told.Names, told.CompilingCores = []string{"JVM 25"}, figure.Of(0.9*left*left)
	} else {
		length := time.Duration(float64(2*time.Millisecond) * math.Exp(into.Seconds()*0.7))
		told.Pauses = []measure.Pause{{Ago: 200 * time.Millisecond, Duration: length, Kind: measure.PauseYoung}}
		told.PauseCount, told.PauseSeconds = figure.Of(1), figure.Of(length.Seconds())
		told.HeapUsedBytes, told.HeapLimitBytes = figure.Of(40e6+50e6*into.Seconds()), figure.Of(512e6)
	}
	s.Emit(id, stream.RuntimeSample{Phase: stream.PhaseLoad, Into: into, Runtime: told})
}

func profiled(s *Writer, result *stream.ContenderResult) {
	const lasts = 2500 * time.Millisecond
	id, base := result.ID, 7200*time.Millisecond
	if id == "golang" {
		base = 5 * time.Second
	}
	s.Emit(id, stream.PhaseChanged{Phase: stream.PhaseWhy, Expected: lasts})
	began := s.Now
	for into := time.Duration(0); into < lasts; into += measure.DefaultInterval {
		s.Now = began + into + measure.DefaultInterval
		sample := s.Sample(base+into, Load{Ok: 90, OkMS: 400})
		sample.Aside = true
		s.Emit(id, sample)
	}
	taken := stream.ProfileTaken{From: base + 500*time.Millisecond, To: base + lasts}
	if id == "expressjs" {
		whole := Profile()
		taken.Result = stream.ProfileResultOf(whole, nil)
		var pprof bytes.Buffer
		if err := profile.WritePprof(&pprof, whole); err != nil {
			panic(err)
		}
		taken.Pprof = pprof.Bytes()
	} else {
		taken.Result = stream.ProfileResultOf(nil, errRefused{errors.New("refused")})
	}
	taken.Result.FromS, taken.Result.Round = taken.From.Seconds(), 1
	s.Emit(id, taken)
	result.Profile = &taken.Result
}

// errRefused is a refusal as the system's.
type errRefused struct{ error }

func (errRefused) Missing() (lacks, fix string) {
	return "a profile: kernel.perf_event_paranoid is 4", "sudo sysctl kernel.perf_event_paranoid=1"
}

// Profile is of an Express server that computes an ETag anew for each reply.
func Profile() *profile.Profile {
	var b profile.Builder
	b.Process(profile.Process{PID: 4711, Name: "expressjs"})
	thread := b.Thread(profile.Thread{PID: 4711, ID: 4711, Name: "event loop", Loop: true})
	frame := func(function, file string, line int, kind profile.Kind) int {
		return b.Frame(profile.Frame{Function: function, File: file, Line: line, Start: line, Kind: kind})
	}
	const app = "/srv/app/"
	main := frame("onRequest", "node:_http_server", 1112, profile.Library)
	handle := frame("handle", app+"node_modules/express/lib/application.js", 165, profile.Library)
	next := frame("next", app+"node_modules/express/lib/router/route.js", 144, profile.Library)
	hello := frame("hello", app+"app.js", 14, profile.Own)
	etag := frame("etag", app+"app.js", 31, profile.Own)
	sha1 := frame("createHash", "node:internal/crypto/hash", 62, profile.Library)
	send := frame("send", app+"node_modules/express/lib/response.js", 98, profile.Library)
	json := frame("stringify [JSON]", app+"node_modules/express/lib/response.js", 1017, profile.Library)
	writev := frame("writev", "", 0, profile.Runtime)
	kernel := frame("the kernel", "", 0, profile.Kernel)
	collector := frame("(garbage collector)", "", 0, profile.Runtime)
	timers := frame("processTimers", "node:internal/timers", 540, profile.Library)
	unnamed := frame("0x55e0c4a1", "", 0, profile.Unknown)
	for _, one := range []struct {
		count int
		stack []int // from the root
	}{
		{740, []int{main, handle, next, hello, etag, sha1}},
		{120, []int{main, handle, next, hello, etag}},
		{90, []int{main, handle, next, hello}},
		{210, []int{main, handle, next, hello, send, json}},
		{160, []int{main, handle, next, hello, send}},
		{150, []int{main, handle, next, hello, send, writev, kernel}},
		{90, []int{main, handle, next, hello, send, writev}},
		{60, []int{main, handle}},
		{140, []int{collector}},
		{40, []int{timers}},
		{20, []int{timers, unnamed}},
	} {
		stack := make([]int, len(one.stack))
		for i, frame := range one.stack {
			stack[len(stack)-1-i] = frame
		}
		b.Add(profile.Sample{Stack: stack, Thread: thread, Count: one.count, Weight: time.Duration(one.count) * time.Millisecond})
	}
	return b.Profile(profile.Profile{Source: "node:inspector", Start: 7700 * time.Millisecond, Duration: 2 * time.Second, Period: time.Millisecond})
}
