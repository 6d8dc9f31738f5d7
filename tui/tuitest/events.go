package tuitest

import (
	"time"

	"github.com/benchtui/benchtui/internal/session"
)

// Until returns a stream's events up to the first that satisfies.
func Until(events []session.Event, satisfies func(session.Event) bool) []session.Event {
	for i, event := range events {
		if satisfies(event) {
			return events[:i+1]
		}
	}
	return events
}

// LoadOf says that an event is the load sample of a contender that ends at a time.
func LoadOf(contender string, to time.Duration) func(session.Event) bool {
	return func(event session.Event) bool {
		sample, ok := event.Body.(session.LoadSample)
		return ok && event.Contender == contender && sample.Measures.To == to
	}
}

func BuildLine(contender string, n int) func(session.Event) bool {
	return func(event session.Event) bool {
		_, ok := event.Body.(session.BuildOutput)
		if ok && event.Contender == contender {
			n--
		}
		return n == 0 && ok
	}
}
