package procs

import (
	"encoding/json"
)

// Figure is a reading that a platform or a moment may lack. It is null in JSON
// when missing; missing is never 0.
type Figure struct {
	Value float64
	Known bool
}

// Of is a known figure.
func Of(value float64) Figure { return Figure{Value: value, Known: true} }

// MarshalJSON writes the number, or null.
func (f Figure) MarshalJSON() ([]byte, error) {
	if !f.Known {
		return []byte("null"), nil
	}
	return json.Marshal(f.Value)
}

// UnmarshalJSON reads a number, or null.
func (f *Figure) UnmarshalJSON(data []byte) error {
	*f = Figure{}
	if string(data) == "null" {
		return nil
	}
	f.Known = true
	return json.Unmarshal(data, &f.Value)
}
