package stream

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
)

// Told are why a cause came about: the reason that its sample does not show already, or
// all of them with their numbers and what they look like, shortened.
func (f FailureResult) Told(shorten func(sample string) string) (words []string) {
	const shown = 60 // characters of a sample that every way of telling a failure shows
	if len(f.Reasons) == 0 {
		if f.Reason == "" || f.Reason == f.Sample && len(f.Sample) <= shown {
			return nil
		}
		return []string{foreign.Sample(f.Reason)}
	}
	for i, reason := range f.Reasons {
		text := "×" + figure.Count(reason.Count) + " " + foreign.Sample(reason.Reason)
		if i > 0 && reason.Sample != "" && reason.Sample != reason.Reason {
			text += ": " + shorten(foreign.Sample(reason.Sample))
		}
		words = append(words, text)
	}
	return words
}
