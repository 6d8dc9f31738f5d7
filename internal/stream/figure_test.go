package stream

import (
	"slices"
	"testing"

	"github.com/benchtui/benchtui/internal/figure"
)

// There is one list of figures, the catalogue; all but those that are only shown have a
// source here.
func TestFiguresAreThoseOfTheCatalogue(t *testing.T) {
	onlyShown := []string{"stddev", "min"}
	for _, one := range figure.Catalogue() {
		if _, ok := sources[one.Name]; ok == slices.Contains(onlyShown, one.Name) {
			t.Errorf("%s: has a source: %v", one.Name, ok)
		}
	}
	if have := Figures(); len(have) != len(sources) {
		t.Errorf("%d figures of the catalogue have a source, and there are %d sources", len(have), len(sources))
	}
}
