package engine

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestCheckNamesTheFlagThatIsWrong(t *testing.T) {
	closed := Workload{Model: Closed, Connections: 1, Duration: time.Second}
	users := Workload{Model: Users, Users: 1, Repeat: 1}
	rate := Workload{Model: Rate, Connections: 1, Duration: time.Second, Rate: 1}
	ramp := Workload{Model: Ramp, Connections: 1, Duration: time.Second, Rate: 1, RateTo: 2}
	with := func(w Workload, change func(*Workload)) Workload { change(&w); return w }
	for _, c := range []struct {
		says string // "": it is fine
		load Workload
	}{
		{"", closed}, {"", users}, {"", rate}, {"", ramp},
		{"", with(closed, func(w *Workload) { w.Duration, w.Requests = 0, 5 })},
		{"", with(rate, func(w *Workload) { w.Duration, w.Requests = 0, 5 })},
		{"load model", Workload{}},
		{"--connections 0", with(closed, func(w *Workload) { w.Connections = 0 })},
		{"--connections -3", with(rate, func(w *Workload) { w.Connections = -3 })},
		{"--duration 0s", with(closed, func(w *Workload) { w.Duration = 0 })},
		{"--duration 0s", with(ramp, func(w *Workload) { w.Duration, w.Requests = 0, 5 })},
		{"--duration -1s", with(rate, func(w *Workload) { w.Duration = -time.Second })},
		{"--rate 0", with(rate, func(w *Workload) { w.Rate = 0 })},
		{"--rate -1", with(rate, func(w *Workload) { w.Rate = -1 })},
		{"--rate NaN", with(rate, func(w *Workload) { w.Rate = math.NaN() })},
		{"--rate +Inf", with(rate, func(w *Workload) { w.Rate = math.Inf(1) })},
		{"--from 0", with(ramp, func(w *Workload) { w.Rate = 0 })},
		{"--to NaN", with(ramp, func(w *Workload) { w.RateTo = math.NaN() })},
		{"--users 0", with(users, func(w *Workload) { w.Users = 0 })},
		{"--repeat 0", with(users, func(w *Workload) { w.Repeat = 0 })},
		{"--ramp -1s", with(users, func(w *Workload) { w.RampOver = -time.Second })},
		{"--timeout -1s", with(users, func(w *Workload) { w.Timeout = -time.Second })},
		{"--users", with(users, func(w *Workload) { w.Users = math.MaxInt32 })},
		{"--connections", with(closed, func(w *Workload) { w.Connections = math.MaxInt32 })},
	} {
		err := Check(Job{Request: Request{URL: "http://127.0.0.1/"}, Workload: c.load})
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%+v: %v", c.load, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%+v: %v; want one line that names %s", c.load, err, c.says)
		}
	}
}

func TestCheckLooksAtTheRequestAndTheStatus(t *testing.T) {
	load := Workload{Model: Closed, Connections: 1, Requests: 1}
	if err := Check(Job{Request: Request{URL: "gopher://h"}, Workload: load}); err == nil {
		t.Error("gopher is let pass")
	}
	for status, fine := range map[int]bool{0: true, 200: true, 999: true, 99: false, -1: false, 1000: false} {
		err := Check(Job{Request: Request{URL: "http://h"}, Checks: Checks{Status: status}, Workload: load})
		if (err == nil) != fine {
			t.Errorf("status %d: %v", status, err)
		}
	}
}
