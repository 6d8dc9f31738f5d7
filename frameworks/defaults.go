package frameworks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fillDefaults gives a manifest the request and the check that most servers have, and
// completes the toolchains that it names by id alone.
func (m *Manifest) fillDefaults(known map[string]Toolchain) (field, what string) {
	if m.Request.Method == "" {
		m.Request.Method = "GET"
	}
	if m.Request.Path == "" {
		m.Request.Path = "/hello"
	}
	if m.Checks == (Checks{}) {
		m.Checks = Checks{Status: 200, JSONField: "name"}
	}
	if m.Toolchains, field, what = filledToolchains("", m.Toolchains, known); what != "" {
		return field, what
	}
	m.Variants = slices.Clone(m.Variants)
	for i := range m.Variants {
		v := &m.Variants[i]
		if v.Toolchains, field, what = filledToolchains(fmt.Sprintf("variants[%d].", i), v.Toolchains, known); what != "" {
			return field, what
		}
	}
	return "", ""
}

// filledToolchains are the toolchains of a list, with what is known of those of that id
// wherever the list is silent.
func filledToolchains(at string, tools []Toolchain, known map[string]Toolchain) (filled []Toolchain, field, what string) {
	for i, t := range tools {
		base, ok := known[t.ID]
		if !ok && len(t.Find) == 0 {
			return nil, toolchainAt(at, i) + ".id", fmt.Sprintf("unknown toolchain %q; known: %s; or give it name, find, arguments and pattern",
				t.ID, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		base.ID = t.ID
		for _, set := range []struct{ into, from *string }{
			{&base.Name, &t.Name}, {&base.Minimum, &t.Minimum}, {&base.Pattern, &t.Pattern}, {&base.Install, &t.Install},
		} {
			if *set.from != "" {
				*set.into = *set.from
			}
		}
		if len(t.Find) > 0 {
			base.Find = t.Find
		}
		if t.Arguments != nil {
			base.Arguments = t.Arguments
		}
		if t.Env != nil {
			base.Env = t.Env
		}
		if t.Otherwise != nil {
			base.Otherwise = t.Otherwise
		}
		base.Flat = base.Flat || t.Flat
		filled = append(filled, base)
	}
	return filled, "", ""
}
