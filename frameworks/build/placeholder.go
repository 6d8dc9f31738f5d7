package build

import (
	"fmt"
	"maps"
	"slices"

	"github.com/benchtui/benchtui/frameworks"
)

// values are what placeholders stand for.
type values map[string]string

// with returns the values and more.
func (v values) with(more values) values {
	all := make(values, len(v)+len(more))
	for _, from := range []values{v, more} {
		for name, value := range from {
			all[name] = value
		}
	}
	return all
}

// fill replaces the placeholders of a text; one without a value is an error.
func (v values) fill(text string) (string, error) { return frameworks.Fill(text, v) }

func (v values) fillAll(texts []string) ([]string, error) {
	filled := make([]string, len(texts))
	for i, text := range texts {
		var err error
		if filled[i], err = v.fill(text); err != nil {
			return nil, err
		}
	}
	return filled, nil
}

// fillEnv makes NAME=value pairs in the order of the names.
func (v values) fillEnv(env map[string]string) ([]string, error) {
	pairs := make([]string, 0, len(env))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		value, err := v.fill(env[name])
		if err != nil {
			return nil, fmt.Errorf("env %s: %w", name, err)
		}
		pairs = append(pairs, name+"="+value)
	}
	return pairs, nil
}
