package tuitest

import (
	"time"

	"github.com/benchtui/benchtui/internal/stream"
)

// Until returns a stream's events up to the first that satisfies.
func Until(events []stream.Event, satisfies func(stream.Event) bool) []stream.Event {
	for i, event := range events {
		if satisfies(event) {
			return events[:i+1]
		}
	}
	return events
}

// LoadOf says that an event is the load sample of a contender that ends at a time.
func LoadOf(contender string, to time.Duration) func(stream.Event) bool {
	return func(event stream.Event) bool {
		sample, ok := event.Body.(stream.LoadSample)
		return ok && event.Contender == contender && sample.Measures.To == to
	}
}

// BuildLine says that an event is the nth line of a contender's build.
func BuildLine(contender string, n int) func(stream.Event) bool {
	return func(event stream.Event) bool {
		_, ok := event.Body.(stream.BuildOutput)
		if ok && event.Contender == contender {
			n--
		}
		return n == 0 && ok
	}
}
