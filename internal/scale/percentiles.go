package scale

import (
	"math"
	"strings"
)

// Rarity is how many powers of ten there are to one reply beyond a quantile: the axis on
// which HdrHistogram plots distributions, which gives the tail its room.
func Rarity(quantile float64) float64 { return -math.Log10(1 - quantile) }

// MostRarity is what percentiles are shown up to: one reply in ten million.
const MostRarity = 7

// Rarest is the rarity of the rarest of so many replies: one stands for no more than itself.
func Rarest(count uint64) float64 {
	return min(Rarity(1-1/float64(max(count, 2))), MostRarity)
}

// Curve is a distribution of so many replies as HdrHistogram plots it: steps+1 points at
// equal distances of rarity, each made of its rarity and its quantile; none of no reply.
func Curve[P any](count uint64, steps int, at func(rarity, quantile float64) P) []P {
	if count == 0 {
		return nil
	}
	rarest := Rarest(count)
	points := make([]P, 0, steps+1)
	for i := range steps + 1 {
		rarity := rarest * float64(i) / float64(steps)
		points = append(points, at(rarity, 1-math.Pow(10, -rarity)))
	}
	return points
}

// Percentiles runs over rarities, and names the percentiles that lie on it: each power of
// ten, or each second or third where width, what a label takes of the axis, is much of it.
func Percentiles(most, width float64) Scale {
	s := Scale{Max: min(max(most, 2), MostRarity)}
	every := max(1, int(math.Ceil(width*s.Max-1e-9)))
	if median := Rarity(0.5); 1-median >= width*s.Max {
		s.Ticks = append(s.Ticks, Tick{median, "50 %"})
	}
	for rarity := 1; float64(rarity) <= s.Max+0.05 && rarity < MostRarity; rarity += every {
		label := "90"
		if rarity > 1 {
			label = "99"
		}
		if rarity > 2 {
			label += "." + strings.Repeat("9", rarity-2)
		}
		s.Ticks = append(s.Ticks, Tick{float64(rarity), label + " %"})
	}
	return s
}
