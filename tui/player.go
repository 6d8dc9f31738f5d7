package tui

import (
	"math"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// Replay is a recording for the screens to play.
type Replay struct {
	Recording *recording.Recording
	At        time.Duration // where to begin, since the run started
	Speed     float64       // 1 is as it was; 0 too
}

// The speeds that keys go through; a flag may ask for one beyond.
const slowest, fastest = 0.125, 64

const (
	// foldFor is how long events are folded before something is drawn: a jump over
	// an hour shows how far it is, and keys are heard.
	foldFor = 60 * time.Millisecond
	// Of a recording's states so many are kept to go back to, but none closer than
	// keyframesApart. Between two of them the events are folded again.
	keyframesKept  = 32
	keyframesApart = 5 * time.Second
)

// player goes through a recording's time. It knows how far it is, and which state
// that is; the clock and the keys are the model's.
type player struct {
	recording *recording.Recording
	state     *view.State
	next      int           // the event that comes next
	at        time.Duration // where it is, since the run started; events may lag behind
	speed     float64
	paused    bool
	seenAt    time.Time // when at was true, by the clock

	keyframes  []keyframe // ascending
	every      time.Duration
	contenders []time.Duration // when each began to be measured
	findings   []time.Duration // when each was found
	made       string          // when and on which machine

	summed    windowKey // what windowSum is the sum of
	windowSum windowSum
}

// keyframe is a state to begin from: all events before next are in it.
type keyframe struct {
	at    time.Duration
	next  int
	state *view.State
}

func newPlayer(replay Replay, now time.Time) *player {
	p := &player{recording: replay.Recording, state: &view.State{}, speed: replay.Speed, seenAt: now}
	if p.speed <= 0 {
		p.speed = 1
	}
	p.every = max(keyframesApart, p.recording.Length()/keyframesKept)
	p.findMarks()
	p.seek(replay.At)
	return p
}

// findMarks looks for what keys jump to, and where the recording was made.
func (p *player) findMarks() {
	type found struct{ contender, id string }
	known := map[found]bool{}
	for i := range p.recording.Len() {
		switch {
		case p.recording.IsKind(i, stream.RunStarted{}):
			if started, ok := p.recording.Event(i).Body.(stream.RunStarted); ok {
				p.made = madeOn(started)
			}
		case p.recording.IsKind(i, stream.ContenderStarted{}):
			p.contenders = append(p.contenders, p.recording.At(i))
			clear(known)
		case p.recording.IsKind(i, stream.FindingChanged{}):
			event := p.recording.Event(i)
			changed, _ := event.Body.(stream.FindingChanged)
			if one := (found{event.Contender, changed.Finding.ID}); !known[one] {
				known[one] = true
				p.findings = append(p.findings, event.At)
			}
		}
	}
}

// madeOn says when and on which machine a recording was made.
func madeOn(run stream.RunStarted) string {
	host := strings.Join(run.Host.Processor(), ", ")
	when := ""
	if !run.Started.IsZero() {
		when = run.Started.Format("2006-01-02")
	}
	if when == "" && host == "" {
		return ""
	}
	return "recorded " + words.Join(" on ", when, host)
}

// length is where the recording ends.
func (p *player) length() time.Duration { return p.recording.Length() }

// atEnd says that there is nothing left to play.
func (p *player) atEnd() bool { return p.at >= p.length() && p.next == p.recording.Len() }

// moving says that the state will change without a key.
func (p *player) moving() bool { return p.behind() || !p.paused && p.at < p.length() }

// behind says that events up to where it is are still to be folded.
func (p *player) behind() bool {
	return p.next < p.recording.Len() && p.recording.At(p.next) <= p.at
}

// shownAt is the time that the state stands for.
func (p *player) shownAt() time.Duration {
	if p.behind() {
		return p.state.At
	}
	return p.at
}

// advance moves on by the time that has passed.
func (p *player) advance(now time.Time) {
	passed := max(0, now.Sub(p.seenAt))
	p.seenAt = now
	if !p.paused && !p.behind() {
		p.at = min(p.length(), p.at+time.Duration(min(float64(passed)*p.speed, math.MaxInt64/4)))
	}
}

// fold takes the events up to where it is into the state, for a while.
func (p *player) fold(clock func() time.Time) {
	began := clock()
	for count := 0; p.behind(); count++ {
		p.state.Fold(p.recording.Event(p.next))
		p.next++
		p.keep()
		if count%16 == 15 && clock().Sub(began) > foldFor {
			return
		}
	}
}

// keep keeps the state as a keyframe if there is none near before it.
func (p *player) keep() {
	last := time.Duration(0)
	if n := len(p.keyframes); n > 0 {
		last = p.keyframes[n-1].at
	}
	if p.state.At >= last+p.every && (p.next == p.recording.Len() || p.recording.At(p.next) > p.state.At) {
		p.keyframes = append(p.keyframes, keyframe{p.state.At, p.next, p.state.Clone()})
	}
}

// seek goes to a time: from where it is, or from the nearest state that is kept.
func (p *player) seek(to time.Duration) {
	to = min(max(0, to), p.length())
	from := keyframe{state: &view.State{}}
	for _, one := range p.keyframes {
		if one.at <= to {
			from = one
		}
	}
	back := p.next > 0 && p.recording.At(p.next-1) > to
	if back || from.next > p.next {
		p.state, p.next = from.state.Clone(), from.next
	}
	p.at = to
}

// skip goes forward or, with a negative time, back.
func (p *player) skip(by time.Duration) { p.seek(p.shownAt() + by) }

// nextOf goes to the next of ascending marks; false if there is none.
func (p *player) nextOf(marks []time.Duration) bool {
	for _, mark := range marks {
		if mark > p.shownAt() {
			p.seek(mark)
			return true
		}
	}
	return false
}

// again is how long after a mark the key for the one before goes to that mark
// itself, as it does where music is played.
const again = time.Second

// previousOf goes to the last of ascending marks before here; false if there is none.
func (p *player) previousOf(marks []time.Duration) bool {
	for i := len(marks) - 1; i >= 0; i-- {
		if marks[i] < p.shownAt()-again {
			p.seek(marks[i])
			return true
		}
	}
	return false
}

func (p *player) faster() { p.speed = min(max(p.speed*2, slowest), max(fastest, p.speed)) }
func (p *player) slower() { p.speed = max(p.speed/2, slowest) }
