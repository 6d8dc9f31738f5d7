package measure

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// some are the measures of an interval in which every field has something.
func some(random *rand.Rand, number int) Measures {
	histogram := func() Histogram {
		recorder := NewRecorder()
		for range random.IntN(20) {
			recorder.RecordTime(time.Duration(random.ExpFloat64() * float64(time.Second)))
		}
		return recorder.Export()
	}
	from := time.Duration(number) * DefaultInterval
	m := Measures{From: from, To: from + DefaultInterval, Sent: 5, OK: 4, KO: 1, InFlight: random.IntN(9), Ran: DefaultInterval, Active: from,
		GeneratorCPU: time.Millisecond, Failures: []Failure{{Cause: CauseTimeout, Count: 1}}, Statuses: []StatusCount{{Status: 200, Count: 4}}}
	for _, h := range m.distributions() {
		*h = histogram()
	}
	return m
}

func TestSumIsWhatMergingGives(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	var sum Sum
	var merged Measures
	for i := range 60 {
		m := some(random, i)
		merged = merged.Merge(m)
		sum.Take(m)
		if i == 20 || i == 40 { // more may follow
			sum.Pack()
		}
		if got := sum.Measures(); !reflect.DeepEqual(got, merged) {
			t.Fatalf("after %d intervals\n%+v\nwant\n%+v", i+1, got, merged)
		}
	}
	counts := sum.Counts()
	if counts.OK != merged.OK || counts.To != merged.To || counts.InFlight != merged.InFlight || counts.Service.Count() != 0 {
		t.Errorf("%+v", counts)
	}
	if got := new(Sum).Measures(); !reflect.DeepEqual(got, Measures{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

// Every distribution is known to those who go through all of them.
func TestDistributionsAreAll(t *testing.T) {
	var m Measures
	value, known := reflect.ValueOf(&m).Elem(), map[any]bool{}
	for _, h := range m.distributions() {
		known[h] = true
	}
	for i := range value.NumField() {
		if h, ok := value.Field(i).Addr().Interface().(*Histogram); ok && !known[h] {
			t.Errorf("%s is missing", value.Type().Field(i).Name)
		}
	}
}

// What is taken is not changed, and not kept.
func TestSumLeavesWhatItTakesAlone(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	one, again := some(random, 0), some(rand.New(rand.NewPCG(4, 4)), 0)
	var sum Sum
	sum.Take(one)
	sum.Take(some(random, 1))
	if !reflect.DeepEqual(one, again) {
		t.Errorf("%+v\nwas\n%+v", one, again)
	}
}

func TestTakingDistributionsAllocatesNothing(t *testing.T) {
	m := some(rand.New(rand.NewPCG(5, 5)), 0)
	m.Failures, m.Statuses = nil, nil
	var sum Sum
	sum.Take(m)
	if allocated := testing.AllocsPerRun(100, func() { sum.Take(m) }); allocated > 0 {
		t.Errorf("it allocates %v times", allocated)
	}
}
