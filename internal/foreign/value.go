package foreign

import (
	"reflect"
	"sync"
)

// Value is a value with all texts in it made harmless: in fields, lists, maps, behind
// pointers and interfaces. A text stays one line, but in fields with the tag
// foreign:"lines". What is harmless already comes back as it is, and what is not is
// copied: nobody else's value changes. Bytes are no text, and what a type does not
// export is its own.
func Value[T any](value T) T {
	v := reflect.ValueOf(&value).Elem()
	if cleaned, changed := cleanValue(v, false); changed {
		v.Set(cleaned)
	}
	return value
}

// linesTag marks the fields that may hold several lines.
const linesTag = "lines"

func cleanValue(v reflect.Value, lines bool) (cleaned reflect.Value, changed bool) {
	if !holdsText(v.Type()) {
		return v, false
	}
	switch v.Kind() {
	case reflect.String:
		text := v.String()
		harmless := Line(text)
		if lines {
			harmless = Text(text)
		}
		if harmless == text {
			return v, false
		}
		cleaned = reflect.New(v.Type()).Elem()
		cleaned.SetString(harmless)
		return cleaned, true
	case reflect.Struct:
		for _, field := range textFields(v.Type()) {
			part, dirty := cleanValue(v.Field(field.index), field.lines)
			if !dirty {
				continue
			}
			if !changed {
				cleaned, changed = reflect.New(v.Type()).Elem(), true
				cleaned.Set(v)
			}
			cleaned.Field(field.index).Set(part)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			part, dirty := cleanValue(v.Index(i), lines)
			if !dirty {
				continue
			}
			if !changed {
				changed = true
				if v.Kind() == reflect.Array {
					cleaned = reflect.New(v.Type()).Elem()
					cleaned.Set(v)
				} else {
					cleaned = reflect.MakeSlice(v.Type(), v.Len(), v.Len())
					reflect.Copy(cleaned, v)
				}
			}
			cleaned.Index(i).Set(part)
		}
	case reflect.Map:
		for each := v.MapRange(); each.Next(); {
			key, dirtyKey := cleanValue(each.Key(), false)
			part, dirty := cleanValue(each.Value(), lines)
			if !dirty && !dirtyKey {
				continue
			}
			if !changed {
				cleaned, changed = reflect.MakeMap(v.Type()), true
				for all := v.MapRange(); all.Next(); {
					cleaned.SetMapIndex(all.Key(), all.Value())
				}
			}
			cleaned.SetMapIndex(each.Key(), reflect.Value{})
			cleaned.SetMapIndex(key, part)
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return v, false
		}
		part, dirty := cleanValue(v.Elem(), lines)
		if !dirty {
			return v, false
		}
		cleaned, changed = reflect.New(v.Type()).Elem(), true
		if v.Kind() == reflect.Interface {
			cleaned.Set(part)
		} else {
			cleaned.Set(reflect.New(v.Type().Elem()))
			cleaned.Elem().Set(part)
		}
	}
	if !changed {
		return v, false
	}
	return cleaned, true
}

// textTypes remembers what holdsText found: a load sample is mostly numbers.
var textTypes sync.Map // reflect.Type: bool

func holdsText(t reflect.Type) bool {
	if known, ok := textTypes.Load(t); ok {
		return known.(bool)
	}
	holds := searchText(t, map[reflect.Type]bool{})
	textTypes.Store(t, holds)
	return holds
}

// textField is a field of a struct that may hold text.
type textField struct {
	index int
	lines bool // several
}

// fieldsOfText remembers what textFields found: a recording has a million values of one type.
var fieldsOfText sync.Map // reflect.Type: []textField

func textFields(t reflect.Type) []textField {
	if known, ok := fieldsOfText.Load(t); ok {
		return known.([]textField)
	}
	var fields []textField
	for i := range t.NumField() {
		if field := t.Field(i); field.IsExported() && holdsText(field.Type) {
			fields = append(fields, textField{i, field.Tag.Get("foreign") == linesTag})
		}
	}
	fieldsOfText.Store(t, fields)
	return fields
}

func searchText(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.String, reflect.Interface:
		return true
	case reflect.Slice, reflect.Array, reflect.Pointer:
		return searchText(t.Elem(), seen)
	case reflect.Map:
		return searchText(t.Key(), seen) || searchText(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if field := t.Field(i); field.IsExported() && searchText(field.Type, seen) {
				return true
			}
		}
	}
	return false
}
