// Package nearest finds the name that somebody who mistyped one most likely meant. It
// knows nothing of what is named.
package nearest

import (
	"strings"

	"github.com/agext/levenshtein"
)

// Name is the name that is nearest to what was typed, in any case: one that it begins or
// is the beginning of, or that it differs from in few letters. ok is false where all are
// other words: where more than a third is wrong, and of four letters or more two.
func Name(typed string, names []string) (near string, ok bool) {
	typed = strings.ToLower(typed)
	const shortest = 2 // a letter alone begins anything
	most := max(1, len(typed)/3)
	if len(typed) > 3 {
		most = max(2, most) // two letters that changed places
	}
	if len(typed) < shortest {
		return "", false
	}
	least, letters := most+1, 0
	for _, name := range names {
		lower := strings.ToLower(name)
		wrong := levenshtein.Distance(typed, lower, nil)
		distance := wrong
		if strings.HasPrefix(lower, typed) || strings.HasPrefix(typed, lower) {
			distance = min(distance, 1)
		}
		if distance < least || ok && distance == least && wrong < letters {
			near, least, letters, ok = name, distance, wrong, true
		}
	}
	return near, ok
}
