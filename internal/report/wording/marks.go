package wording

import (
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// Marks stand behind a contender's name, each after a space: a star if it is ranked in
// spite of its failures, "!" if the generator limited it, "°" for the starter's figures.
func Marks(one stream.ContenderResult) (marks string) {
	if one.Starred {
		marks += " *"
	}
	if one.Verdict == diagnosis.VerdictGenerator {
		marks += " !"
	}
	if one.StartersFigures() {
		marks += " °"
	}
	return marks
}

// Letters are those of a contender that is tied with somebody.
func Letters(one stream.ContenderResult) string {
	if len(one.TiedWith) == 0 {
		return ""
	}
	return foreign.Text(one.Letters)
}

// About say how a contender was built.
func About(one stream.ContenderResult) string {
	words := foreign.Text(one.Version)
	for _, word := range []string{foreign.Text(one.Language), foreign.Text(one.Variant)} {
		switch {
		case word == "":
		case words == "":
			words = word
		default:
			words += " · " + word
		}
	}
	return words
}
