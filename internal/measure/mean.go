package measure

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// Mean is the mean of a value over the time in which it was known. The zero value is
// that of nothing, and missing.
type Mean struct {
	sum  float64 // of the values, each times the seconds for which it holds
	over time.Duration
}

// Take adds a value that is the mean over a time; a missing one adds neither.
func (m *Mean) Take(value figure.Value, over time.Duration) {
	if value.Known {
		m.sum += value.Value * over.Seconds()
		m.over += over
	}
}

// Add adds what another mean is of.
func (m *Mean) Add(other Mean) { m.sum, m.over = m.sum+other.sum, m.over+other.over }

// Value is the mean; missing if the value was never known.
func (m Mean) Value() figure.Value {
	if m.over == 0 {
		return figure.Value{}
	}
	return figure.Of(m.sum / m.over.Seconds())
}

// Median of rising values, one at least: the middle one, or the mean of the middle two,
// which gonum's quantiles don't give.
func Median(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return sorted[n/2-1]/2 + sorted[n/2]/2
}

// Over is for how long the value was known.
func (m Mean) Over() time.Duration { return m.over }

// CPUSeconds is the CPU time behind a mean of percents of a core.
func (m Mean) CPUSeconds() float64 { return m.sum / 100 }

// Means are those of values that are read together, such as one for each core. The zero
// value is of nothing.
type Means struct {
	each []Mean
}

// Take adds values that are means over a time. Others in number begin anew: a core was
// switched off.
func (m *Means) Take(values []float64, over time.Duration) {
	if len(values) == 0 {
		return
	}
	m.resize(len(values))
	for i, value := range values {
		m.each[i].Take(figure.Of(value), over)
	}
}

// Add adds what other means are of.
func (m *Means) Add(other Means) {
	if len(other.each) == 0 {
		return
	}
	m.resize(len(other.each))
	for i := range other.each {
		m.each[i].Add(other.each[i])
	}
}

func (m *Means) resize(n int) {
	if len(m.each) != n {
		m.each = make([]Mean, n)
	}
}

// Values are the means; nil if nothing was read for any time.
func (m Means) Values() []float64 {
	if len(m.each) == 0 || m.each[0].over == 0 {
		return nil
	}
	values := make([]float64, len(m.each))
	for i, one := range m.each {
		values[i] = one.Value().Value
	}
	return values
}

// Sum is that of all means; missing if nothing was read.
func (m Means) Sum() figure.Value {
	values := m.Values()
	if values == nil {
		return figure.Value{}
	}
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return figure.Of(sum)
}
