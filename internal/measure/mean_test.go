package measure

import (
	"slices"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

func TestMeanIsOverTheTimeThatIsKnown(t *testing.T) {
	var m Mean
	if m.Value().Known || m.Over() != 0 {
		t.Errorf("of nothing: %+v", m.Value())
	}
	m.Take(figure.Of(100), 3*time.Second)
	m.Take(figure.Value{}, time.Hour) // says nothing, and is no 0
	m.Take(figure.Of(0), time.Second)
	if m.Value() != figure.Of(75) || m.Over() != 4*time.Second || m.CPUSeconds() != 3 {
		t.Errorf("%+v over %s, %g s", m.Value(), m.Over(), m.CPUSeconds())
	}
	var two Mean
	two.Take(figure.Of(175), 4*time.Second)
	two.Add(m)
	if two.Add(Mean{}); two.Value() != figure.Of(125) {
		t.Errorf("together %+v", two.Value())
	}
	m = Mean{}
	if m.Take(figure.Of(5), 0); m.Value().Known {
		t.Error("a reading over no time has a mean")
	}
}

func TestMeansAreOfEach(t *testing.T) {
	var m Means
	if m.Take(nil, time.Second); m.Values() != nil || m.Sum().Known {
		t.Errorf("of nothing: %v", m.Values())
	}
	m.Take([]float64{100, 0}, time.Second)
	m.Take([]float64{0, 50}, time.Second)
	if got := m.Values(); !slices.Equal(got, []float64{50, 25}) || m.Sum() != figure.Of(75) {
		t.Errorf("%v, in all %+v", got, m.Sum())
	}
	var two Means
	two.Add(m)
	two.Add(Means{})
	if !slices.Equal(two.Values(), m.Values()) {
		t.Errorf("added to nothing: %v", two.Values())
	}
	if m.Take([]float64{7}, time.Second); !slices.Equal(m.Values(), []float64{7}) {
		t.Errorf("after a core was switched off: %v", m.Values())
	}
}
