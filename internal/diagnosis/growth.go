package diagnosis

import "slices"

// growth tells when latency has left the level it once had under this load, which
// is what makes a busy CPU a trouble and not just good use.
type growth struct {
	recent []float64 // p50 of the last windows, ms
	level  float64   // the lowest median of growthWindows in a row, ms
}

const (
	growthWindows = 3
	// growthRatio and growthMS are how far the median must rise above its level:
	// twice, and by more than scheduling alone makes of it.
	growthRatio = 2.0
	growthMS    = 2.0
)

func (g *growth) take(w Window) {
	if !w.LatencyP50MS.Known {
		return
	}
	g.recent = append(g.recent, w.LatencyP50MS.Value)
	if len(g.recent) > growthWindows {
		g.recent = g.recent[1:]
	}
	if len(g.recent) == growthWindows {
		a, b, c := g.recent[0], g.recent[1], g.recent[2]
		if middle := max(min(a, b), min(max(a, b), c)); g.level == 0 || middle < g.level {
			g.level = middle
		}
	}
}

// now is the lowest of the last windows: a stutter or two does not raise it.
func (g *growth) now() (ms float64, known bool) {
	if len(g.recent) < growthWindows {
		return 0, false
	}
	return slices.Min(g.recent), true
}

// grown says that latency stands well above its level.
func (g *growth) grown() bool {
	now, known := g.now()
	return known && now >= growthRatio*g.level && now >= g.level+growthMS
}
