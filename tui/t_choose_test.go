package tui

import (
	"slices"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
)

// What can be measured is found out while the screen stands; what was chosen in the
// meantime holds, but for what turns out to be missing.
func TestContendersAreFoundWhileTheScreenStands(t *testing.T) {
	offer := articleOffer()
	known := offer.Contenders
	offer.Contenders, offer.Selected = slices.Clone(known), nil
	for i := range offer.Contenders {
		offer.Contenders[i].State, offer.Contenders[i].Reason = Looking, ""
		offer.Selected = append(offer.Selected, offer.Contenders[i].ID)
	}
	c := newChoose(*offer)
	if n := len(c.selection().Contenders); n != len(known) || c.lookingFor() != n {
		t.Fatalf("before anything is found %d of %d are selected, and %d looked for", n, len(known), c.lookingFor())
	}
	c.toggle(c.offer.Contenders[slices.IndexFunc(c.offer.Contenders, func(f stream.ContenderFacts) bool { return f.ID == "golang" })])
	for _, facts := range known {
		c.found(FoundContender{Facts: facts, More: []string{"more of " + facts.ID}})
	}
	if got, want := c.selection().Contenders, []string{"expressjs", "micronaut"}; !slices.Equal(got, want) || c.lookingFor() != 0 {
		t.Errorf("selected are %q, want %q: golang was left out by hand, the others can't be measured", got, want)
	}
}
