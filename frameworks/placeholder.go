package frameworks

import (
	"fmt"
	"regexp"
)

var placeholder = regexp.MustCompile(`\{([A-Za-z0-9_.-]+)\}`)

// Fill replaces the placeholders of a text by their values; one without is an error.
func Fill(text string, values map[string]string) (string, error) {
	var unknown string
	filled := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		value, ok := values[found[1:len(found)-1]]
		if !ok && unknown == "" {
			unknown = found
		}
		return value
	})
	if unknown != "" {
		return "", fmt.Errorf("%s in %q stands for nothing here", unknown, text)
	}
	return filled, nil
}
