package frameworks

import (
	"fmt"
	"reflect"
	"slices"
)

// notFromBase are the fields of a manifest that say what this contender itself is.
var notFromBase = []string{"ID", "Name", "Base", "Verified", "Reason"}

// takeFromBase fills every field that the manifest does not give with its base's.
func (m *Manifest) takeFromBase(bases []Contender) (field, what string) {
	if m.Base == "" {
		return "", ""
	}
	if m.Workspace != "" {
		return "workspace", "has no place beside base, whose sources are taken"
	}
	i := slices.IndexFunc(bases, func(c Contender) bool { return c.Manifest.ID == m.Base })
	if i < 0 {
		return "base", fmt.Sprintf("%q is no contender of benchtui's own that stands without a base; `benchtui list` shows all", m.Base)
	}
	to, from := reflect.ValueOf(m).Elem(), reflect.ValueOf(bases[i].Manifest)
	for i := range to.NumField() {
		if to.Field(i).IsZero() && !slices.Contains(notFromBase, to.Type().Field(i).Name) {
			to.Field(i).Set(from.Field(i))
		}
	}
	return "", ""
}
