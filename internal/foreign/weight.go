package foreign

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// Weight is about how many bytes of memory a JSON text takes once it is read as a type,
// and rather more than less. A few bytes of text may become thousands: null in a list of
// structs is one of them.
func Weight(text []byte, as reflect.Type) int {
	known, ok := weights.Load(as)
	if !ok {
		of := map[string]weight{}
		weigh(as, of, map[reflect.Type]bool{})
		known, _ = weights.LoadOrStore(as, of)
	}
	of := known.(map[string]weight)
	type begun struct { // a [ or a { that is not closed yet
		key  string // under which it stands
		each int
	}
	var open []begun
	key, sum := "", 2*len(text) // the text, and what it says in strings
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			next := end + 1
			for next < len(text) && (text[next] == ' ' || text[next] == '\n' || text[next] == '\t' || text[next] == '\r') {
				next++
			}
			if next < len(text) && text[next] == ':' {
				key = foldedKey(text[i+1 : min(end, len(text))])
			}
			i = end
		case '[', '{':
			one := of[key]
			if one == (weight{}) { // or it is a name of another, in a value of any kind
				one.inMap = weightOfUnknown
			}
			if one.inList == 0 {
				one.inList = weightOfUnknown
			}
			if text[i] == '[' {
				open, sum = append(open, begun{key, one.inList}), sum+one.inList
			} else {
				open, sum = append(open, begun{key, one.inMap}), sum+one.inMap+one.behind
			}
		case ',':
			if len(open) > 0 {
				sum += open[len(open)-1].each
			}
		case ']', '}':
			if len(open) > 0 {
				key, open = open[len(open)-1].key, open[:len(open)-1]
			}
		}
	}
	return sum
}

// weight is what stands under a key, in bytes: a member of a list, of a map, and what is
// behind a pointer. 0: it is no such thing.
type weight struct{ inList, inMap, behind int }

// weightOfUnknown is of a member of what no type is known for: a figure of a histogram,
// a value of any kind.
const weightOfUnknown = 64 // bytes

// weights are what weigh found, by types.
var weights sync.Map // reflect.Type: map[string]weight

// weigh finds what a member takes of each list, map and pointer that a type holds, by
// the names of their fields, which JSON finds in any case.
func weigh(t reflect.Type, of map[string]weight, seen map[reflect.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Pointer, reflect.Map:
		weigh(t.Elem(), of, seen)
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "" {
				name = field.Name
			}
			name = foldedKey([]byte(name))
			one := of[name]
			switch field.Type.Kind() {
			case reflect.Slice: // they grow by doubling
				one.inList = max(one.inList, 2*int(field.Type.Elem().Size()))
			case reflect.Map:
				one.inMap = max(one.inMap, 2*int(field.Type.Key().Size()+field.Type.Elem().Size()))
			case reflect.Pointer:
				one.behind = max(one.behind, int(field.Type.Elem().Size()))
			}
			of[name] = one
			weigh(field.Type, of, seen)
		}
	}
}

// foldedKey is alike for all keys that JSON takes for the same field.
func foldedKey(key []byte) string {
	text := string(key)
	if strings.IndexByte(text, '\\') >= 0 {
		var plain string
		if json.Unmarshal([]byte(`"`+text+`"`), &plain) == nil {
			text = plain
		}
	}
	return strings.ToLower(strings.ToUpper(text)) // ſ is an S, and K a K
}
