package view

import (
	"math"

	"github.com/benchtui/benchtui/internal/measure"
)

// The bands in which latencies are counted for the heatmap, even on a log scale.
const (
	heatLowest     = 0.01 // ms
	bandsPerDecade = 20
	HeatBands      = 7 * bandsPerDecade // up to 100 s
)

// HeatPoint is an interval's replies, OK and KO, counted by latency. It does not
// change once it is made.
type HeatPoint struct {
	From, At  float64 // s
	Low, High int     // the bands that hold something: Low to High-1
	Counts    [HeatBands]uint32
}

// NewHeatPoint counts the replies of an interval, whose ends are in seconds.
func NewHeatPoint(from, at float64, histograms ...measure.Histogram) *HeatPoint {
	p := &HeatPoint{From: from, At: at, Low: HeatBands}
	for _, h := range histograms {
		for i, us := range h.Values {
			band := min(max(int(BandOf(measure.MS(us))), 0), HeatBands-1)
			p.Counts[band] += uint32(h.Counts[i])
			p.Low, p.High = min(p.Low, band), max(p.High, band+1)
		}
	}
	return p
}

// BandOf is where a latency in ms lies among the bands.
func BandOf(ms float64) float64 {
	return math.Log10(max(ms, heatLowest)/heatLowest) * bandsPerDecade
}

// LatencyOfBand is where a band begins, in ms.
func LatencyOfBand(band float64) float64 { return heatLowest * math.Pow(10, band/bandsPerDecade) }

// Most is the band that most replies fell in, and their share of all.
func (p *HeatPoint) Most() (band int, share float64, total uint64) {
	for i := p.Low; i < p.High; i++ {
		total += uint64(p.Counts[i])
		if p.Counts[i] > p.Counts[band] {
			band = i
		}
	}
	if total > 0 {
		share = float64(p.Counts[band]) / float64(total)
	}
	return band, share, total
}
