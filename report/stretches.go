package report

import (
	"math"
	"slices"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/leaderboard"
)

// stretches are equal parts of one measured load, from which it can be told how
// figures vary within a run.
type stretches struct {
	values  []int64    // µs: the buckets of all histograms together
	counts  [][]uint64 // of OK replies, by stretch and bucket
	ok, all []uint64   // replies
	seconds []float64
	cpu     []float64 // seconds of the server's; NaN where it was not read
}

// mostStretches are many enough for a bootstrap, and long enough to keep together
// what belongs together.
const mostStretches = 20

// newStretches parts the load of a contender that was measured once; nil if there is
// no recording of it, or several rounds say more.
func newStretches(s side) *stretches {
	var load *Timeline
	for _, timeline := range s.in.Timelines {
		if timeline.ID == s.one.ID {
			if load != nil {
				return nil
			}
			load = timeline
		}
	}
	if load == nil {
		return nil
	}
	var bins []Bin
	for _, bin := range load.Bins {
		if !bin.Warmup && bin.Replies > 0 {
			bins = append(bins, bin)
		}
	}
	bins = coarse(bins, mostStretches)
	if len(bins) < leaderboard.LeastStretches {
		return nil
	}
	var union engine.Histogram
	for _, bin := range bins {
		union = union.Merge(bin.OK)
	}
	parts := &stretches{values: union.Values}
	for _, bin := range bins {
		counts := make([]uint64, len(union.Values))
		for i, value := range bin.OK.Values {
			at, _ := slices.BinarySearch(union.Values, value)
			counts[at] = bin.OK.Counts[i]
		}
		parts.counts = append(parts.counts, counts)
		parts.ok = append(parts.ok, bin.Replies-bin.Failed)
		parts.all = append(parts.all, bin.Replies)
		parts.seconds = append(parts.seconds, bin.To-bin.From)
		parts.cpu = append(parts.cpu, cpuBetween(load.Process, bin.From, bin.To))
	}
	return parts
}

// cpuBetween is the CPU time that a server took in a stretch of its load.
func cpuBetween(readings []ProcessPoint, from, to float64) float64 {
	seconds, covered := 0.0, 0.0
	for _, reading := range readings {
		part := min(to, reading.At) - max(from, reading.At-reading.Over)
		if part > 0 && reading.CPU.Known {
			seconds += reading.CPU.Value / 100 * part
			covered += part
		}
	}
	if covered < 0.5*(to-from) {
		return math.NaN()
	}
	return seconds * (to - from) / covered
}

var quantilesByName = map[string]float64{"p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999, "max": 1}

// within is the standard error of a figure's logarithm within the run; 0: not known.
func (s *stretches) within(figure string) float64 {
	if s == nil {
		return 0
	}
	var of func(drawn []int) float64
	sum := make([]uint64, len(s.values))
	gather := func(drawn []int) (total uint64) {
		clear(sum)
		for _, stretch := range drawn {
			for i, n := range s.counts[stretch] {
				sum[i] += n
				total += n
			}
		}
		return total
	}
	quantile, isQuantile := quantilesByName[figure]
	switch {
	case isQuantile:
		of = func(drawn []int) float64 {
			rank, seen := uint64(math.Ceil(quantile*float64(gather(drawn)))), uint64(0)
			for i, n := range sum {
				if seen += n; seen >= rank && seen > 0 {
					return float64(max(1, s.values[i]))
				}
			}
			return 0
		}
	case figure == "mean":
		of = func(drawn []int) float64 {
			total, weighted := float64(gather(drawn)), 0.0
			for i, n := range sum {
				weighted += float64(n) * float64(s.values[i])
			}
			return weighted / max(1, total)
		}
	case figure == "rps":
		of = func(drawn []int) float64 { return ratio(s.ok, s.seconds, drawn) }
	case figure == "cpu-per-request" && !slices.ContainsFunc(s.cpu, math.IsNaN):
		of = func(drawn []int) float64 {
			cpu, replies := 0.0, 0.0
			for _, stretch := range drawn {
				cpu, replies = cpu+s.cpu[stretch], replies+float64(s.all[stretch])
			}
			return cpu / max(1, replies)
		}
	default:
		return 0
	}
	return leaderboard.StretchError(len(s.counts), of)
}

// ratio of two sums over the stretches drawn.
func ratio(counts []uint64, over []float64, drawn []int) float64 {
	a, b := 0.0, 0.0
	for _, stretch := range drawn {
		a, b = a+float64(counts[stretch]), b+over[stretch]
	}
	if b == 0 {
		return 0
	}
	return a / b
}
