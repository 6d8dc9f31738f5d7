package measure

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
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

func TestPackedMergeAsTheyAre(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	for range 200 {
		var both [2]Histogram
		for i := range both {
			recorder := NewRecorder()
			for range random.IntN(40) {
				recorder.Record(1 + random.Int64N(HighestUS>>random.IntN(26)))
			}
			both[i] = recorder.Export()
		}
		got, want := both[0].Pack().Merge(both[1].Pack()).Unpack(), both[0].Merge(both[1])
		if !slices.Equal(got.Values, want.Values) || !slices.Equal(got.Counts, want.Counts) {
			t.Fatalf("%v and %v become %v, want %v", both[0], both[1], got, want)
		}
	}
}
