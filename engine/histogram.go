package engine

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The range and exactness of every latency histogram: 1 µs to 60 s, 3 digits.
const (
	lowestUS          = 1
	highestUS         = 60_000_000
	significantDigits = 3
)

func newHDR() *hdrhistogram.Histogram {
	return hdrhistogram.New(lowestUS, highestUS, significantDigits)
}

// Histogram is an immutable, sparse copy of an HdrHistogram (3 significant
// digits, 1 µs to 60 s): the buckets that hold something, ascending. It is what
// leaves the hot path, goes into events and recordings, and merges without loss.
type Histogram struct {
	Values []int64  // µs: HdrHistogram's lowest equivalent value of each bucket
	Counts []uint64 // how many, beside each value
}

// export copies what the histogram holds.
func export(h *hdrhistogram.Histogram) Histogram {
	if h.TotalCount() == 0 {
		return Histogram{}
	}
	var sparse Histogram
	for _, bar := range h.Distribution() {
		if bar.Count > 0 {
			sparse.Values = append(sparse.Values, bar.From)
			sparse.Counts = append(sparse.Counts, uint64(bar.Count))
		}
	}
	return sparse
}

// subBuckets is the number of buckets of equal width that the lowest values
// have, as HdrHistogram derives it from 3 significant digits.
const subBuckets = 2048

// width is how many µs the bucket of a value covers; the next bucket begins at
// value + width.
func width(value int64) int64 {
	w := int64(1)
	for value/w >= subBuckets {
		w *= 2
	}
	return w
}

// middle is the value that stands for a bucket, as HdrHistogram's median equivalent value.
func middle(lowest int64) int64 { return lowest + width(lowest)/2 }

// highest is the largest value that falls in the same bucket.
func highest(lowest int64) int64 { return lowest + width(lowest) - 1 }

// Count is how many values were recorded.
func (h Histogram) Count() uint64 {
	var count uint64
	for _, n := range h.Counts {
		count += n
	}
	return count
}

// Mean is in µs; 0 if nothing was recorded.
func (h Histogram) Mean() float64 {
	var sum, count float64
	for i, n := range h.Counts {
		sum += float64(n) * float64(middle(h.Values[i]))
		count += float64(n)
	}
	if count == 0 {
		return 0
	}
	return sum / count
}

// StdDev is the standard deviation in µs.
func (h Histogram) StdDev() float64 {
	mean := h.Mean()
	var squares, count float64
	for i, n := range h.Counts {
		d := float64(middle(h.Values[i])) - mean
		squares += float64(n) * d * d
		count += float64(n)
	}
	if count == 0 {
		return 0
	}
	return math.Sqrt(squares / count)
}

// Min is the lowest value in µs, to the histogram's exactness; 0 if empty.
func (h Histogram) Min() int64 {
	if len(h.Values) == 0 {
		return 0
	}
	return h.Values[0]
}

// Max is the highest value in µs, to the histogram's exactness; 0 if empty.
func (h Histogram) Max() int64 {
	if len(h.Values) == 0 {
		return 0
	}
	return highest(h.Values[len(h.Values)-1])
}

// Quantile is the value in µs that the share q (0 to 1) of the values does not
// exceed; 0 if empty.
func (h Histogram) Quantile(q float64) int64 {
	count := h.Count()
	if count == 0 {
		return 0
	}
	rank := uint64(math.Ceil(min(max(q, 0), 1) * float64(count)))
	rank = max(rank, 1)
	var seen uint64
	for i, n := range h.Counts {
		if seen += n; seen >= rank {
			return highest(h.Values[i])
		}
	}
	return h.Max()
}

// Merge adds up two histograms into a new one.
func (h Histogram) Merge(other Histogram) Histogram {
	if len(other.Values) == 0 {
		return h
	}
	if len(h.Values) == 0 {
		return other
	}
	size := max(len(h.Values), len(other.Values)) * 5 / 4
	merged := Histogram{Values: make([]int64, 0, size), Counts: make([]uint64, 0, size)}
	i, j := 0, 0
	for i < len(h.Values) || j < len(other.Values) {
		switch {
		case j == len(other.Values) || i < len(h.Values) && h.Values[i] < other.Values[j]:
			merged.Values = append(merged.Values, h.Values[i])
			merged.Counts = append(merged.Counts, h.Counts[i])
			i++
		case i == len(h.Values) || other.Values[j] < h.Values[i]:
			merged.Values = append(merged.Values, other.Values[j])
			merged.Counts = append(merged.Counts, other.Counts[j])
			j++
		default:
			merged.Values = append(merged.Values, h.Values[i])
			merged.Counts = append(merged.Counts, h.Counts[i]+other.Counts[j])
			i++
			j++
		}
	}
	return merged
}

// MarshalJSON writes [step, count, step, count, …]: each value as its distance
// from the one before, which keeps recordings small.
func (h Histogram) MarshalJSON() ([]byte, error) {
	flat := make([]int64, 0, 2*len(h.Values))
	var last int64
	for i, value := range h.Values {
		flat = append(flat, value-last, int64(h.Counts[i]))
		last = value
	}
	return json.Marshal(flat)
}

// UnmarshalJSON reads what MarshalJSON wrote, and refuses what no histogram is.
func (h *Histogram) UnmarshalJSON(data []byte) error {
	var flat []int64
	if err := json.Unmarshal(data, &flat); err != nil {
		return fmt.Errorf("histogram: %w", err)
	}
	if len(flat)%2 != 0 {
		return fmt.Errorf("histogram: %d numbers; values and counts come in pairs", len(flat))
	}
	read := Histogram{}
	var value int64
	for pair := range slices.Chunk(flat, 2) {
		step, count := pair[0], pair[1]
		if step < 0 || step == 0 && len(read.Values) > 0 || count <= 0 || value > 2*highestUS {
			return fmt.Errorf("histogram: step %d with count %d after %d µs", step, count, value)
		}
		value += step
		read.Values = append(read.Values, value)
		read.Counts = append(read.Counts, uint64(count))
	}
	*h = read
	return nil
}
