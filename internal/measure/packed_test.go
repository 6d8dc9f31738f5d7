package measure

import (
	"math"
	"reflect"
	"testing"
)

func TestWhatIsPackedIsTheSameUnpacked(t *testing.T) {
	for _, h := range []Histogram{
		{},
		{Values: []int64{0}, Counts: []uint64{1}},
		{Values: []int64{1, 2, 2047, 2048, 59_998_208}, Counts: []uint64{3, 1, 200, math.MaxUint64, 1 << 40}},
	} {
		packed := h.Pack()
		if got := packed.Unpack(); packed == nil || !reflect.DeepEqual(got, h) {
			t.Errorf("%v became %v", h, got)
		}
	}
}
