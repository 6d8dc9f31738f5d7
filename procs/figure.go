package procs

import (
	"encoding/json"
	"fmt"
	"math"
)

// Figure is a reading that a platform or a moment may lack. It is null in JSON
// when missing; missing is never 0.
type Figure struct {
	Value float64
	Known bool
}

// Of is a known figure.
func Of(value float64) Figure { return Figure{Value: value, Known: true} }

// plus adds up what is known of both; the sum of a known and a missing figure is missing.
func (f Figure) plus(g Figure) Figure {
	if !f.Known || !g.Known {
		return Figure{}
	}
	return Of(f.Value + g.Value)
}

// MarshalJSON writes the number, or null. What JSON has no number for is missing.
func (f Figure) MarshalJSON() ([]byte, error) {
	if !f.Known || math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
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
	if err := json.Unmarshal(data, &f.Value); err != nil {
		return fmt.Errorf("read a figure: %w", err)
	}
	f.Known = true
	return nil
}
