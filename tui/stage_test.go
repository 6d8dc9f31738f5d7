package tui

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// playedRun plays a stream into a queue, as fast as asked.
type playedRun struct {
	queue           *stream.Queue
	events          []stream.Event
	stop            chan struct{}
	skips, profiles int
	loading         bool // a server is
	stops           int

	// scenes are events after which it waits, for each in turn, until seen is told that
	// what they led to was there: a busy machine draws when it can.
	scenes []func(stream.Event) bool
	seen   chan struct{}
}

func newPlayedRun(events []stream.Event) *playedRun {
	return &playedRun{queue: stream.NewQueue(1000), events: events, stop: make(chan struct{}, 8), seen: make(chan struct{})}
}

func (p *playedRun) Events() *stream.Queue { return p.queue }
func (p *playedRun) Skip()                 { p.skips++ }
func (p *playedRun) Profile() bool         { p.profiles++; return p.loading }
func (p *playedRun) Stop()                 { p.stops++; p.stop <- struct{}{} }

// play emits the events as long after each other as they came, divided by speed. When
// stopped, it tells the end of the run at once.
func (p *playedRun) play(speed float64) {
	defer p.queue.Close()
	at := time.Duration(0)
	for _, event := range p.events {
		select {
		case <-p.stop:
			p.end(event.At)
			return
		case <-time.After(time.Duration(float64(event.At-at) / speed)):
			p.queue.Emit(event)
		}
		at = event.At
		if len(p.scenes) == 0 || !p.scenes[0](event) {
			continue
		}
		p.scenes = p.scenes[1:]
		select {
		case <-p.stop:
			p.end(event.At)
			return
		case <-p.seen:
		}
	}
}

// end tells the end of a run that was stopped.
func (p *playedRun) end(at time.Duration) {
	last := p.events[len(p.events)-1]
	done := last.Body.(stream.RunDone)
	done.Interrupted = true
	p.queue.Emit(stream.Event{Seq: last.Seq, At: at, Body: done})
}

// TestPlay is not a test but the screens for looking at, on a real terminal:
//
//	go test -c ./tui && BENCHTUI_PLAY=1 ./tui.test -test.run TestPlay
//
// BENCHTUI_PLAY is the speed; BENCHTUI_PLAY_NOW=1 leaves the choose screen out;
// BENCHTUI_PLAY_FIELD=1 has 18 contenders run.
func TestPlay(t *testing.T) {
	speed, err := strconv.ParseFloat(os.Getenv("BENCHTUI_PLAY"), 64)
	if err != nil {
		t.Skip("for looking at the screens; see its comment")
	}
	options := Options{
		Choices: screentest.ArticleChoices(),
		Begin: func(Selection) (LiveRun, error) {
			stream := tuitest.Article()
			if os.Getenv("BENCHTUI_PLAY_FIELD") != "" {
				stream = tuitest.Field()
			}
			run := newPlayedRun(stream)
			go run.play(speed)
			return run, nil
		},
	}
	if os.Getenv("BENCHTUI_PLAY_NOW") != "" {
		options.Choices = nil
	}
	if err := Run(context.Background(), options); err != nil {
		t.Fatal(err)
	}
}
