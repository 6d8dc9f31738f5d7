package engine

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/traffic"
)

func TestCheckNamesTheFlagThatIsWrong(t *testing.T) {
	closed := traffic.Load{Model: traffic.Closed, Connections: 1, Duration: time.Second}
	users := traffic.Load{Model: traffic.Users, Users: 1, Repeat: 1}
	rate := traffic.Load{Model: traffic.Rate, Connections: 1, Duration: time.Second, Rate: 1}
	ramp := traffic.Load{Model: traffic.Ramp, Connections: 1, Duration: time.Second, Rate: 1, RateTo: 2}
	with := func(w traffic.Load, change func(*traffic.Load)) traffic.Load { change(&w); return w }
	for _, c := range []struct {
		says string // "": it is fine
		load traffic.Load
	}{
		{"", closed}, {"", users}, {"", rate}, {"", ramp},
		{"", with(closed, func(w *traffic.Load) { w.Duration, w.Requests = 0, 5 })},
		{"", with(rate, func(w *traffic.Load) { w.Duration, w.Requests = 0, 5 })},
		{"load model", traffic.Load{}},
		{"connections 0", with(closed, func(w *traffic.Load) { w.Connections = 0 })},
		{"connections -3", with(rate, func(w *traffic.Load) { w.Connections = -3 })},
		{"duration 0s", with(closed, func(w *traffic.Load) { w.Duration = 0 })},
		{"duration 0s", with(ramp, func(w *traffic.Load) { w.Duration, w.Requests = 0, 5 })},
		{"duration -1s", with(rate, func(w *traffic.Load) { w.Duration = -time.Second })},
		{"rate 0", with(rate, func(w *traffic.Load) { w.Rate = 0 })},
		{"rate -1", with(rate, func(w *traffic.Load) { w.Rate = -1 })},
		{"rate NaN", with(rate, func(w *traffic.Load) { w.Rate = math.NaN() })},
		{"rate +Inf", with(rate, func(w *traffic.Load) { w.Rate = math.Inf(1) })},
		{"from 0", with(ramp, func(w *traffic.Load) { w.Rate = 0 })},
		{"to NaN", with(ramp, func(w *traffic.Load) { w.RateTo = math.NaN() })},
		{"users 0", with(users, func(w *traffic.Load) { w.Users = 0 })},
		{"repeat 0", with(users, func(w *traffic.Load) { w.Repeat = 0 })},
		{"ramp -1s", with(users, func(w *traffic.Load) { w.RampOver = -time.Second })},
		{"timeout -1s", with(users, func(w *traffic.Load) { w.Timeout = -time.Second })},
		{"users", with(users, func(w *traffic.Load) { w.Users = math.MaxInt32 })},
		{"connections", with(closed, func(w *traffic.Load) { w.Connections = math.MaxInt32 })},
		{"connections 1000001: at most 1000000", with(closed, func(w *traffic.Load) { w.Connections = 1_000_001 })},
		{"users 1000001: at most 1000000", with(users, func(w *traffic.Load) { w.Users = 1_000_001 })},
	} {
		err := Check(Job{Request: traffic.Request{URL: "http://127.0.0.1/"}, Workload: c.load})
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%+v: %v", c.load, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%+v: %v; want one line that names %s", c.load, err, c.says)
		}
	}
}

func TestCheckLooksAtTheRequestAndTheStatus(t *testing.T) {
	load := traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 1}
	if err := Check(Job{Request: traffic.Request{URL: "gopher://h"}, Workload: load}); err == nil {
		t.Error("gopher is let pass")
	}
	for status, fine := range map[int]bool{0: true, 200: true, 999: true, 99: false, -1: false, 1000: false} {
		err := Check(Job{Request: traffic.Request{URL: "http://h"}, Checks: traffic.Checks{Status: status}, Workload: load})
		if (err == nil) != fine {
			t.Errorf("status %d: %v", status, err)
		}
	}
}
