package run

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// answered are replies of an interval of 100 ms, by how long they took, in ms.
func answered(n int, counts map[int64]uint64) measure.Measures {
	m := measure.Measures{From: time.Duration(n) * 100 * time.Millisecond, To: time.Duration(n+1) * 100 * time.Millisecond}
	for _, took := range []int64{1, 8, 40, 90, 200} {
		if counts[took] > 0 {
			m.ResponseOK.Values = append(m.ResponseOK.Values, took*1000)
			m.ResponseOK.Counts = append(m.ResponseOK.Counts, counts[took])
		}
	}
	return m
}

// told tells of a pause some time after it ended.
func toldOf(from, lasted time.Duration) stream.RuntimeSample {
	into := from + lasted + 100*time.Millisecond
	return stream.RuntimeSample{Phase: stream.PhaseLoad, Into: into, Runtime: measure.Runtime{Processes: 1, Pauses: []measure.Pause{{Ago: into - from, Duration: lasted}}}}
}

func TestSlowRepliesThatFellIntoAPause(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name   string
		pauses []stream.RuntimeSample
		want   diagnosis.Pauses
	}{
		{"no pause", nil, diagnosis.Pauses{Slow: 6, Replies: 2006}},
		{"one that they waited for", []stream.RuntimeSample{toldOf(425*ms, 80*ms)}, diagnosis.Pauses{Slow: 6, SlowInPause: 6, InPause: 1006, Replies: 2006, LongestMS: 80}},
		{"one that is too short", []stream.RuntimeSample{toldOf(500*ms, 19*ms)}, diagnosis.Pauses{Slow: 6, InPause: 1006, Replies: 2006, LongestMS: 19}},
		{"one that was over before they began", []stream.RuntimeSample{toldOf(300*ms, 50*ms)}, diagnosis.Pauses{Slow: 6, Replies: 2006, LongestMS: 50}},
		{"one that came after them", []stream.RuntimeSample{toldOf(601*ms, 80*ms)}, diagnosis.Pauses{Slow: 6, InPause: 0, Replies: 2006, LongestMS: 80}},
		{"one that explains a part", []stream.RuntimeSample{toldOf(470*ms, 25*ms)}, diagnosis.Pauses{Slow: 6, SlowInPause: 2, InPause: 1006, Replies: 2006, LongestMS: 25}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p pauseWatch
			p.interval(answered(1, map[int64]uint64{1: 1000}))
			p.interval(answered(5, map[int64]uint64{1: 1000, 40: 2, 90: 4}))
			p.interval(answered(9, map[int64]uint64{1: 1000, 200: 3})) // too late to be judged
			for _, pause := range c.pauses {
				p.take(pause)
			}
			c.want.SlowMS = 6
			if got := p.judge(time.Second, 1, false); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if rest := p.judge(time.Second, 1, true); rest.Slow != 3 || rest.Replies != 1003 {
				t.Errorf("the rest is %+v", rest)
			}
		})
	}
}
