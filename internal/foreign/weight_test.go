package foreign

import (
	"reflect"
	"strings"
	"testing"
)

type weighed struct {
	Large []struct {
		Numbers [100]int64
		Next    *weighed
	} `json:"large"`
	ByName map[string][10]int64 `json:"by_name"`
	Name   string
}

// Whatever few bytes become much is seen by what it becomes.
func TestTextIsWeighedByWhatItBecomes(t *testing.T) {
	many := func(one string) string { return strings.TrimSuffix(strings.Repeat(one+",", 1000), ",") }
	for text, least := range map[string]int{
		`{"large":[` + many("null") + `]}`:            800_000,
		`{"large":[` + many("0") + `]}`:               800_000,
		`{"LARGE" : [` + many("{}") + `]}`:            800_000,
		`{"\u006carge":[` + many("{}") + `]}`:         800_000,
		`{"large":[{"Next":{"large":[` + many("null"): 800_000,
		`{"by_name":{` + many(`"x":[]`) + `}}`:        80_000,
		`{"what":[` + many("[]") + `]}`:               64_000,
	} {
		if got := Weight([]byte(text), reflect.TypeFor[weighed]()); got < least || got > 6*least+4*len(text) {
			t.Errorf("%.40s: %d, and takes %d at least", text, got, least)
		}
	}
	text := `{"Name":"` + strings.Repeat("[{,", 1000) + `\",[{"}`
	if got := Weight([]byte(text), reflect.TypeFor[weighed]()); got > 2*len(text)+200 {
		t.Errorf("what stands in a string weighs %d", got)
	}
}
