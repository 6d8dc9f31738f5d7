package stream

import (
	"fmt"
	"strings"
)

// InRounds says in which of several rounds a finding fired: " in round 2", " in
// rounds 1, 2 and 4"; "" where there was but one.
func InRounds(rounds []int) string {
	switch len(rounds) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" in round %d", rounds[0])
	}
	words := make([]string, len(rounds))
	for i, round := range rounds {
		words[i] = fmt.Sprint(round)
	}
	return " in rounds " + strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
