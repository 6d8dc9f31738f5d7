package figure

import (
	"math"
	"testing"
	"time"
)

func TestValuesInWords(t *testing.T) {
	for got, want := range map[string]string{
		MS(0.417): "0.42 ms", MS(0.004): "0.00 ms", MS(9.5): "9.50 ms", MS(9.996): "10.0 ms", MS(12.34): "12.3 ms", MS(99.96): "100 ms", MS(3137): "3,137 ms",
		MS(59_999): "59,999 ms", MS(60_000): ">60 s", LongMS(60_000): "60,000 ms", MS(math.NaN()): "–",
		Count(0): "0", Count(999): "999", Count(1000): "1,000", Count(24_000_000): "24,000,000", Count(uint64(math.MaxUint64)): "18,446,744,073,709,551,615", Count(-1200): "-1,200",
		Whole(6400.4): "6,400", Whole(999.5): "1,000", Whole(math.Inf(1)): "–", Whole(1e20): "100,000,000,000,000,000,000",
		Exact(1000): "1,000", Exact(0.5): "0.5", Exact(1234.5): "1,234.5",
		Plural(1, "reply", "replies"): "1 reply", Plural(1200, "reply", "replies"): "1,200 replies", Plural(0, "reply", "replies"): "0 replies",
		Times(1): "once", Times(2): "twice", Times(1200): "1,200 times",
		PerSecond(0): "0", PerSecond(0.05): "0.05", PerSecond(0.5): "0.5", PerSecond(0.999): "1", PerSecond(5): "5", PerSecond(5.25): "5.2", PerSecond(9.97): "10", PerSecond(6400.4): "6,400",
		Percent(0): "0 %", Percent(0.75): "75 %", Percent(0.0004): "0.04 %", Percent(0.012): "1.2 %", Percent(0.0101): "1.01 %", Percent(0.01): "1 %", Percent(0.0996): "10 %", Percent(0.994): "99 %",
		Percent(0.9998): "99.98 %", Percent(0.99996): "99.99 %", Percent(1): "100 %", Percent(0.000_012): "0.0012 %", Percent(0.000_000_1): "<0.001 %", Percent(1.5): "150 %",
		Utilization(0.999): "99 %", Utilization(1): "100 %", OfCore(118.4): "118 %", Cores(98): "98 % of a core", Cores(190): "1.9 cores",
		MB(7.4): "7.4 MB", MB(9.96): "10 MB", MB(61.2): "61 MB", MB(12_345): "12,345 MB", Microseconds(4.63): "4.6 µs", Microseconds(143.75): "144 µs",
		Length(182 * time.Millisecond): "182 ms", Length(999_700 * time.Microsecond): "1 s", Length(5 * time.Second): "5 s", Length(12_300 * time.Millisecond): "12.3 s",
		Length(59_970 * time.Millisecond): "1 min", Length(125 * time.Second): "2 min 5 s", Length(2 * time.Minute): "2 min", Length(90 * time.Minute): "90 min",
		At(3.44): "3.4 s", Known(nil, MS): Missing, Of(12.34).Write(MS): "12.3 ms", Value{}.Write(MS): Missing,
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What a cell says under a head with the unit is what a sentence says before it.
func TestCellsReadAsSentencesDo(t *testing.T) {
	for _, f := range Catalogue() {
		for _, value := range []float64{0, 0.004, 0.5, 0.9998, 1, 9.996, 12.34, 143.75, 3137, 70_000, 1.5e6} {
			cell, sentence := f.Bare(&value), f.Write(&value)
			if cell != sentence && cell+" "+f.Unit.Name() != sentence {
				t.Errorf("%s of %v is %q in a cell and %q in a sentence", f.Name, value, cell, sentence)
			}
		}
	}
}

func TestTheCatalogueHasEveryFigureOnce(t *testing.T) {
	names, heads := map[string]bool{}, map[string]bool{}
	for _, f := range Catalogue() {
		if names[f.Name] || heads[f.Head] || heads[f.CellHead] || f.Title == "" || f.Width < len(f.CellHead)+1 {
			t.Errorf("%+v", f)
		}
		names[f.Name], heads[f.Head], heads[f.CellHead] = true, true, true
		if again, ok := Named(f.Name); !ok || again != f {
			t.Errorf("%s is named %+v", f.Name, again)
		}
	}
	if _, ok := Named("speed"); ok {
		t.Error("there is a figure nobody has")
	}
}

// What stands beside an axis is short, and reads as the value does.
func TestTicksAreShort(t *testing.T) {
	for _, c := range []struct {
		unit  Unit
		value float64
		want  string
	}{
		{InMS, 0.03, "0.03 ms"}, {InMS, 100, "100 ms"}, {InMS, 1000, "1 s"}, {InMS, 2500, "2.5 s"}, {InMS, 60_000, "60 s"}, {InMS, 0, "0 ms"},
		{InRequests, 0, "0/s"}, {InRequests, 2500, "2,500/s"}, {InRequests, 10_000, "10k/s"}, {InRequests, 1.5e6, "1.5M/s"},
		{InMB, 250, "250 MB"}, {InMB, 1500, "1.5 GB"}, {InPercentOfCore, 100, "100 %"}, {InShare, 0.75, "75 %"}, {Things, 7500, "7,500"}, {InMicroseconds, 20, "20 µs"},
	} {
		if got := c.unit.Tick(c.value); got != c.want || len([]rune(got)) > 7 {
			t.Errorf("%v is %q, want %q", c.value, got, c.want)
		}
	}
}
