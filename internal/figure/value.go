// Package figure is what a number is to a reader: a value that may be missing.
package figure

import (
	"encoding/json"
	"fmt"
	"math"
)

// Value is a reading that a platform or a moment may lack. It is null in JSON
// when missing; missing is never 0.
type Value struct {
	Value float64
	Known bool
}

// Of is a known value.
func Of(value float64) Value { return Value{Value: value, Known: true} }

// Plus is the sum of both, missing if one of them is.
func (v Value) Plus(w Value) Value {
	if !v.Known || !w.Known {
		return Value{}
	}
	return Of(v.Value + w.Value)
}

// MB is a number of bytes in MB, of 10^6 bytes.
func (v Value) MB() Value {
	v.Value /= 1e6
	return v
}

// Above says that the value is known and higher than a limit.
func (v Value) Above(limit float64) bool { return v.Known && v.Value > limit }

// Add adds what is known; the sum of nothing that is known stays missing.
func (v *Value) Add(more Value) {
	if more.Known {
		*v = Of(v.Value + more.Value)
	}
}

// Raise keeps the higher of the two, of those that are known.
func (v *Value) Raise(other Value) {
	if other.Known && (!v.Known || other.Value > v.Value) {
		*v = other
	}
}

// Lower keeps the lower of the two, of those that are known.
func (v *Value) Lower(other Value) {
	if other.Known && (!v.Known || other.Value < v.Value) {
		*v = other
	}
}

// MarshalJSON writes the number, or null. What JSON has no number for is missing.
func (v Value) MarshalJSON() ([]byte, error) {
	if !v.Known || math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(v.Value)
}

// UnmarshalJSON reads a number, or null.
func (v *Value) UnmarshalJSON(data []byte) error {
	*v = Value{}
	if string(data) == "null" {
		return nil
	}
	if err := json.Unmarshal(data, &v.Value); err != nil {
		return fmt.Errorf("read a figure: %w", err)
	}
	v.Known = true
	return nil
}
