package report

import (
	"strings"
	"testing"
)

// A few MB of JSON must not take all memory.
func TestResultOfCountlessContendersIsRefused(t *testing.T) {
	text := `{"schema":"benchtui/result/v1","contenders":[` + strings.Repeat("{},", 1_000_000) + `{}]}`
	if _, err := ReadDocument(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "more than a result does") {
		t.Errorf("%v", err)
	}
}
