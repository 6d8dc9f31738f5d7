package frameworks

import (
	"errors"
	"strings"
)

// splitWords splits a command line into words as a POSIX shell does: quotes and
// backslashes, but no variables, globs or operators. On Windows a backslash
// outside quotes is part of a path and stays.
func splitWords(line string, backslashEscapes bool) ([]string, error) {
	var (
		words  []string
		word   strings.Builder
		inWord bool
		quote  rune
		escape bool
	)
	for _, r := range line {
		switch {
		case escape:
			// Between double quotes a backslash is its own but before these.
			if quote == '"' && !strings.ContainsRune("\"\\$`", r) {
				word.WriteRune('\\')
			}
			word.WriteRune(r)
			escape = false
		case r == '\\' && quote != '\'' && backslashEscapes:
			escape, inWord = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inWord = r, true
		case quote == 0 && (r == ' ' || r == '\t' || r == '\n'):
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	switch {
	case quote != 0:
		return nil, errors.New("a " + string(quote) + " is not closed")
	case escape:
		return nil, errors.New("ends in a backslash")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}
