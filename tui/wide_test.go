package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// renamed is the article's stream with Express under another name and id.
func renamed(id, name string) []stream.Event {
	rename := func(facts stream.ContenderFacts) stream.ContenderFacts {
		if facts.ID == "expressjs" {
			facts.ID, facts.Name = id, name
		}
		return facts
	}
	result := func(r stream.ContenderResult) stream.ContenderResult {
		if r.ID == "expressjs" {
			r.ID, r.Name = id, name
		}
		return r
	}
	var events []stream.Event
	for _, event := range tuitest.Article() {
		if event.Contender == "expressjs" {
			event.Contender = id
		}
		switch body := event.Body.(type) {
		case stream.RunStarted:
			var facts []stream.ContenderFacts
			for _, one := range body.Plan.Contenders {
				facts = append(facts, rename(one))
			}
			body.Plan.Contenders = facts
			event.Body = body
		case stream.ContenderStarted:
			body.Facts = rename(body.Facts)
			event.Body = body
		case stream.ContenderDone:
			body.Result = result(body.Result)
			event.Body = body
		case stream.RunDone:
			var results []stream.ContenderResult
			for _, one := range body.Result.Contenders {
				results = append(results, result(one))
			}
			body.Result.Contenders = results
			event.Body = body
		}
		events = append(events, event)
	}
	return events
}

// TestWideNamesBreakNoBorder goes through the screens with names whose characters
// are wide, joined from several, or without width.
func TestWideNamesBreakNoBorder(t *testing.T) {
	for _, name := range []string{"東京サーバー", "🚀 Röcket 👩‍💻", "e\u0301\u0301xpress", "a\u200bb", "長い名前のウェブフレームワーク・サーバー・バージョン二", "한국어 서버"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			events := renamed(name, name+" "+name)
			for _, size := range [][2]int{{24, 6}, {40, 12}, {60, 20}, {80, 24}, {81, 25}, {120, 36}, {200, 60}} {
				choices := screentest.ArticleChoices()
				choices.Contenders[1].ID, choices.Contenders[1].Name = name, name
				b := newBench(t, choices, size[0], size[1])
				tuitest.CheckFrame(t, b.frame(), size[0], size[1])
				b.begin()
				rest := events
				for _, stop := range []func(stream.Event) bool{
					tuitest.BuildLine(name, 5), tuitest.LoadOf(name, time.Second), tuitest.LoadOf(name, 5*time.Second), func(stream.Event) bool { return false },
				} {
					part := tuitest.Until(rest, stop)
					b.events(part...)
					rest = rest[len(part):]
					tuitest.CheckFrame(t, b.frame(), size[0], size[1])
					if size[0] >= 120 && b.at() == screen.Live && name == "東京サーバー" && !strings.Contains(b.frame(), name) {
						t.Errorf("the name is not on the live screen:\n%s", b.frame())
					}
				}
				b.end()
				tuitest.CheckFrame(t, b.frame(), size[0], size[1])
				b.keys("down", "enter")
				tuitest.CheckFrame(t, b.frame(), size[0], size[1])
			}
		})
	}
}

func TestQuitWorksAtEverySize(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3, 40}, {200, 2}, {24, 6}, {40, 12}, {60, 20}} {
		for _, name := range []string{"choose", "live-express", "leaderboard", "detail"} {
			b := newBench(t, screentest.ArticleChoices(), size[0], size[1])
			b.play(name)
			quit := quits(b.press("q"))
			if stopped := b.began.stops == 1; name == "live-express" && !stopped || name != "live-express" && !quit {
				t.Errorf("%s at %v: q neither quits nor stops", name, size)
			}
		}
	}
}
