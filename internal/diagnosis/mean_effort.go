package diagnosis

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// meanEffort folds windows into what a verdict on all of them goes by, so that a finding
// that is told meanwhile says no other than the verdict at the end.
type meanEffort struct {
	length             time.Duration
	due                float64 // requests
	sent, replies      uint64
	unconnected        uint64
	turn               Turn
	turned             time.Duration
	loops              Loops
	latenessP99        overTime
	latenessShare      overTime
	busy, onCPU        overTime
	queued, stopped    overTime
	generator          overTime
	server, other      overTime
	latenessMax        time.Duration
	responseP99MSWorst figure.Value
}

// overTime is a mean over time of what may be unknown.
type overTime struct{ sum, over float64 }

func (m *overTime) add(v figure.Value, over time.Duration) {
	if v.Known {
		m.sum += v.Value * over.Seconds()
		m.over += over.Seconds()
	}
}

func (m overTime) value() figure.Value {
	if m.over == 0 {
		return figure.Value{}
	}
	return figure.Of(m.sum / m.over)
}

// add takes a window, in which so many requests a second were due.
func (m *meanEffort) add(w Window, offered float64) {
	e, over := w.effort(), w.length()
	m.length += over
	m.due += offered * over.Seconds()
	m.sent += w.Sent
	m.unconnected += w.unconnected()
	m.replies += w.replies()
	if e.Turn.Known {
		m.turned += over
		s := over.Seconds()
		m.turn.Connecting += e.Turn.Connecting * s
		m.turn.Waiting += e.Turn.Waiting * s
		m.turn.Held += e.Turn.Held * s
		m.turn.Idle += e.Turn.Idle * s
	}
	m.busy.add(e.Loops.Busy, over)
	m.onCPU.add(e.Loops.OnCPU, over)
	m.queued.add(e.Loops.Queued, over)
	m.stopped.add(e.Loops.StoppedShare, over)
	m.loops.Stops += e.Loops.Stops
	m.loops.Stopped += e.Loops.Stopped
	m.loops.LongestStop = max(m.loops.LongestStop, e.Loops.LongestStop)
	m.latenessP99.add(figure.Of(e.LatenessP99.Seconds()), over)
	m.latenessShare.add(e.LatenessShare, over)
	m.latenessMax = max(m.latenessMax, e.LatenessMax)
	m.generator.add(figure.Of(e.GeneratorCPUPercentOfCore), over)
	m.server.add(e.ServerCPUPercentOfCore, over)
	m.other.add(e.OtherCPUPercentOfCore, over)
	if p99 := e.ResponseP99MS; p99.Known && !m.responseP99MSWorst.Above(p99.Value) {
		m.responseP99MSWorst = p99
	}
}

func (m *meanEffort) effort() Effort {
	e := Effort{
		Turn: m.turn, Loops: m.loops,
		LatenessP99: time.Duration(m.latenessP99.value().Value * float64(time.Second)), LatenessMax: m.latenessMax,
		LatenessShare: m.latenessShare.value(), ResponseP99MS: m.responseP99MSWorst,
		GeneratorCPUPercentOfCore: m.generator.value().Value,
		ServerCPUPercentOfCore:    m.server.value(), OtherCPUPercentOfCore: m.other.value(),
	}
	if s := m.turned.Seconds(); s > 0 {
		e.Turn = Turn{Known: true, Connecting: m.turn.Connecting / s, Waiting: m.turn.Waiting / s, Held: m.turn.Held / s, Idle: m.turn.Idle / s}
	}
	e.Loops.Busy, e.Loops.OnCPU, e.Loops.Queued, e.Loops.StoppedShare = m.busy.value(), m.onCPU.value(), m.queued.value(), m.stopped.value()
	return e
}

// verdict is the one on the windows so far, of which none has starved a connection.
func (m *meanEffort) verdict(facts Facts) string {
	if m.length <= 0 {
		return VerdictInconclusive
	}
	facts.OfferedRate = m.due / m.length.Seconds()
	return Summary{Facts: facts, Length: m.length, Sent: m.sent, Unconnected: m.unconnected, Replies: m.replies, Effort: m.effort()}.judge().Verdict
}
