package system

import (
	"slices"
	"testing"
)

// A list that is taken is written as it would be read again.
func FuzzParseCPUs(f *testing.F) {
	for _, text := range []string{"0", "0-2,4", "3,1,2", "0-1023", "1024", "4-2", "-", "1-", ",", "0-99999999999999999999", " 1 , 2-3 "} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := ParseCPUs(text)
		if err != nil {
			return
		}
		if len(set) == 0 || len(set) > mostCPUs || !slices.IsSorted(set) || set[0] < 0 || set[len(set)-1] >= mostCPUs {
			t.Errorf("%q became %v", text, set)
		}
		if again, err := ParseCPUs(set.String()); err != nil || !slices.Equal(again, set) {
			t.Errorf("%q became %v, which is written as %q and read as %v: %v", text, set, set.String(), again, err)
		}
	})
}
