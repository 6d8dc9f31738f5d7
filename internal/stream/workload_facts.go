package stream

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
)

// workloadKeys are the keys of WorkloadFacts's own fields, with the fields' numbers.
var workloadKeys = func() map[string]int {
	keys := map[string]int{}
	for i, facts := 0, reflect.TypeFor[WorkloadFacts](); i < facts.NumField(); i++ {
		if key, _, _ := strings.Cut(facts.Field(i).Tag.Get("json"), ","); key != "-" {
			keys[key] = i
		}
	}
	return keys
}()

// Tell puts what a setting was under its key: into the field of that key, else among the
// Others.
func (w *WorkloadFacts) Tell(key string, value any) {
	if i, own := workloadKeys[key]; own {
		field := reflect.ValueOf(w).Elem().Field(i)
		field.Set(reflect.ValueOf(value).Convert(field.Type()))
		return
	}
	others := maps.Clone(w.Others) // facts are passed on by value
	if others == nil {
		others = map[string]any{}
	}
	others[key] = value
	w.Others = others
}

// plainFacts are the facts without methods.
type plainFacts WorkloadFacts

// MarshalJSON puts the Others beside the fields.
func (w WorkloadFacts) MarshalJSON() ([]byte, error) {
	own, err := json.Marshal(plainFacts(w))
	if err != nil || len(w.Others) == 0 {
		return own, err
	}
	others, err := json.Marshal(w.Others)
	if err != nil {
		return nil, err
	}
	return append(append(own[:len(own)-1], ','), others[1:]...), nil
}

// UnmarshalJSON takes keys that are no field's for Others.
func (w *WorkloadFacts) UnmarshalJSON(text []byte) error {
	facts, others := plainFacts(*w), map[string]any{}
	if err := json.Unmarshal(text, &facts); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &others); err != nil {
		return err
	}
	for key := range workloadKeys {
		delete(others, key)
	}
	if len(others) > 0 {
		facts.Others = others
	}
	*w = WorkloadFacts(facts)
	return nil
}
