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
}

func newPlayedRun(events []stream.Event) *playedRun {
	return &playedRun{queue: stream.NewQueue(1000), events: events, stop: make(chan struct{}, 8)}
}

func (p *playedRun) Events() *stream.Queue { return p.queue }
func (p *playedRun) Skip()                 { p.skips++ }
func (p *playedRun) Profile() bool         { p.profiles++; return p.loading }
func (p *playedRun) Stop()                 { p.stops++; p.stop <- struct{}{} }

// play emits the events at their times, divided by speed. When stopped, it tells
// the end of the run at once.
func (p *playedRun) play(speed float64) {
	defer p.queue.Close()
	began := time.Now()
	last := p.events[len(p.events)-1]
	for _, event := range p.events {
		due := time.Duration(float64(event.At) / speed)
		select {
		case <-p.stop:
			done := last.Body.(stream.RunDone)
			done.Interrupted = true
			p.queue.Emit(stream.Event{Seq: last.Seq, At: event.At, Body: done})
			return
		case <-time.After(due - time.Since(began)):
			p.queue.Emit(event)
		}
	}
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
