package scale

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func plain(value float64) string { return strconv.FormatFloat(value, 'g', 6, 64) }

// steps are the whole steps that the labels of a scale stand on.
func steps(s Scale, n int) (at []int) {
	for _, tick := range s.Ticks {
		at = append(at, int(math.Round(s.Place(tick.Value)*float64(n))))
	}
	return at
}

// holdsSpread says what of a scale's labels is bunched or leaves a hole.
func holdsSpread(t *testing.T, what string, s Scale, n int) {
	t.Helper()
	at := steps(s, n)
	if len(at) < 2 {
		t.Errorf("%s: labels %v: one says nothing of a scale", what, s.Ticks)
		return
	}
	least, most := n+1, 0
	for i := 1; i < len(at); i++ {
		least, most = min(least, at[i]-at[i-1]), max(most, at[i]-at[i-1])
	}
	if least < min(2, n) {
		t.Errorf("%s: labels %v bunch: on steps %v of %d", what, s.Ticks, at, n)
	}
	if most > least+1 && float64(most) > 1.2*float64(least) {
		t.Errorf("%s: labels %v are not evenly spread: on steps %v of %d", what, s.Ticks, at, n)
	}
	if at[0] > most || n-at[len(at)-1] > most {
		t.Errorf("%s: labels %v leave an end without: on steps %v of %d", what, s.Ticks, at, n)
	}
	seen := map[string]bool{}
	for i, tick := range s.Ticks {
		if seen[tick.Label] || i > 0 && tick.Value <= s.Ticks[i-1].Value {
			t.Errorf("%s: labels %v: %q twice, or not in order", what, s.Ticks, tick.Label)
		}
		seen[tick.Label] = true
	}
}

func holdsLinear(t *testing.T, high float64, n int) {
	t.Helper()
	s := Linear(high, n, plain)
	what := "to " + plain(high) + " in " + strconv.Itoa(n) + " steps"
	holdsSpread(t, what, s, n)
	if s.Ticks[0].Value != 0 || s.Max < high*(1-1e-9) || s.Max > 2.51*high {
		t.Errorf("%s: from %v to %v", what, s.Ticks[0].Value, s.Max)
	}
	if n >= 6 && len(s.Ticks) < 3 || len(s.Ticks) > 7 {
		t.Errorf("%s: %d labels", what, len(s.Ticks))
	}
	for _, tick := range s.Ticks {
		if step := s.Place(tick.Value) * float64(n); math.Abs(step-math.Round(step)) > 1e-6 {
			t.Errorf("%s: %v stands between two steps, on %v", what, tick.Value, step)
		}
	}
}

func holdsLog(t *testing.T, low, high float64, n int) {
	t.Helper()
	s := Log(low, high, n, plain)
	what := plain(low) + " to " + plain(high) + " in " + strconv.Itoa(n) + " steps"
	holdsSpread(t, what, s, n)
	if s.Min > low*(1+1e-6) || s.Max < high*(1-1e-6) || s.Max < 99.99*s.Min {
		t.Errorf("%s: from %v to %v", what, s.Min, s.Max)
	}
	if len(s.Ticks) > 10 {
		t.Errorf("%s: %d labels", what, len(s.Ticks))
	}
}

func TestLabelsAreEvenlySpreadAndNeverBunched(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		n := 1 + random.IntN(60)
		high := math.Pow(10, -6+18*random.Float64())
		holdsLinear(t, high, n)
		holdsLog(t, max(1e-7, high/math.Pow(10, 6*random.Float64())), high, n)
	}
	for _, round := range []float64{1e-3, 0.01, 0.1, 0.2, 0.5, 1, 2, 2.5, 5, 10, 100, 105, 500, 1000, 1200, 6400, 1e6} {
		for n := 1; n < 60; n++ {
			holdsLinear(t, round, n)
			holdsLog(t, round, round, n)
			holdsLog(t, round, round*10, n)
			holdsLog(t, round, round*100, n)
			holdsLog(t, round, round*1000, n)
		}
	}
}

func TestRangesThatAreNoneHaveAScale(t *testing.T) {
	for _, odd := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, math.MaxFloat64} {
		for _, n := range []int{-1, 0, 1, 2, 7} {
			for name, s := range map[string]Scale{
				"linear": Linear(odd, n, plain), "log from": Log(odd, 3, n, plain), "log to": Log(3, odd, n, plain), "both": Log(odd, odd, n, plain),
				"time from": Time(odd, 1, n), "time to": Time(0, odd, n), "within": Within(odd, odd, n, plain),
			} {
				if !(s.Max > s.Min) || math.IsInf(s.Max, 0) || len(s.Ticks) == 0 || len(s.Ticks) > 1001 {
					t.Errorf("%s of %v in %d: %+v", name, odd, n, s)
				}
			}
		}
	}
}

func TestMomentsAreNamedAsClocksHaveThem(t *testing.T) {
	for _, c := range []struct {
		from, to float64
		most     int
		want     string
	}{
		{0, 5, 8, "0 s|1 s|2 s|3 s|4 s|5 s"},
		{0, 1, 8, "0 s|0.2 s|0.4 s|0.6 s|0.8 s|1 s"},
		{-3, 5, 8, "-3 s|-2 s|-1 s|0 s|1 s|2 s|3 s|4 s|5 s"},
		{0, 30, 8, "0 s|5 s|10 s|15 s|20 s|25 s|30 s"},
		{0, 60, 8, "0 s|10 s|20 s|30 s|40 s|50 s|60 s"},
		{0, 600, 8, "0 s|2 min|4 min|6 min|8 min|10 min"},
		{0, 3600, 8, "0 s|10 min|20 min|30 min|40 min|50 min|60 min"},
	} {
		var labels []string
		for _, tick := range Time(c.from, c.to, c.most).Ticks {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, "|"); got != c.want {
			t.Errorf("%v to %v: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestTimeIsNamedEvenlyAndAsOftenAsThereIsRoom(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		from, most := -10*random.Float64()*float64(random.IntN(2)), 1+random.IntN(20)
		to := from + math.Pow(10, -2+6*random.Float64())
		s := Time(from, to, most)
		if len(s.Ticks) > most+1 {
			t.Fatalf("%v to %v: %d labels, there is room for %d", from, to, len(s.Ticks), most)
		}
		for i, tick := range s.Ticks {
			if i > 1 && math.Abs((tick.Value-s.Ticks[i-1].Value)-(s.Ticks[1].Value-s.Ticks[0].Value)) > 1e-6*(to-from) {
				t.Fatalf("%v to %v: %v", from, to, s.Ticks)
			}
		}
		if room := s.Max - s.Min; most > 5 && len(s.Ticks) < 2 {
			t.Fatalf("%v of %v: %v", room, most, s.Ticks)
		}
	}
}

func TestPercentilesLeaveEachOtherRoom(t *testing.T) {
	for _, most := range []float64{0, 1, 3.3, 5, 7, 20} {
		for _, width := range []float64{0.05, 0.1, 0.15} {
			s := Percentiles(most, width)
			for i := 1; i < len(s.Ticks); i++ {
				if gap := s.Place(s.Ticks[i].Value) - s.Place(s.Ticks[i-1].Value); gap < width-1e-9 {
					t.Errorf("to %v: %v and %v are %v apart", most, s.Ticks[i-1], s.Ticks[i], gap)
				}
			}
		}
	}
}

func TestPlacesAndValuesAreEachOthers(t *testing.T) {
	for _, s := range []Scale{Linear(80, 9, plain), Log(0.3, 700, 9, plain), Time(-3, 10, 8)} {
		for _, place := range []float64{0, 0.25, 1} {
			if got := s.Place(s.Value(place)); math.Abs(got-place) > 1e-9 {
				t.Errorf("%+v: %v comes back as %v", s, place, got)
			}
		}
		if s.Place(s.Min-1) != 0 || s.Place(s.Max*2+1) != 1 {
			t.Errorf("%+v: what is outside does not lie at the edge", s)
		}
	}
}

func FuzzLabels(f *testing.F) {
	f.Add(0.1, 1000.0, 7)
	f.Add(0.3, 0.3, 2)
	f.Add(999.0, 1001.0, 40)
	f.Fuzz(func(t *testing.T, low, high float64, n int) {
		n = 1 + int(uint(n)%200)
		if !(low >= 1e-7 && high >= low && high <= 1e13) {
			Linear(high, n, plain)
			Log(low, high, n, plain)
			Time(low, high, n)
			return
		}
		holdsLinear(t, high, n)
		holdsLog(t, low, high, n)
	})
}
