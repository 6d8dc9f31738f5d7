package measure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// Histogram is an immutable, sparse copy of an HdrHistogram (3 significant
// digits, 1 µs to 60 s): the buckets that hold something, ascending. It is what
// leaves the hot path, goes into events and recordings, and merges without loss.
type Histogram struct {
	Values []int64  // µs: HdrHistogram's lowest equivalent value of each bucket
	Counts []uint64 // how many, beside each value
}

// MS turns microseconds, which histograms are in, into milliseconds.
func MS[N int64 | float64](us N) float64 { return float64(us) / 1000 }

// width is how many µs the bucket of a value covers; the next bucket begins at
// value + width.
func width(value int64) int64 {
	return 1 << max(0, bits.Len64(uint64(value))-bits.Len64(subBuckets-1))
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

// Overlong is how many of the values were above 60 s: they count as the maximum.
func (h Histogram) Overlong() uint64 {
	last := len(h.Values) - 1
	if last < 0 || h.Values[last] < lowestOf(bucketOf(HighestUS)) {
		return 0
	}
	return h.Counts[last]
}

// From is how many of the values are so many µs or more, to the histogram's exactness.
func (h Histogram) From(us int64) (count uint64) {
	for i, n := range h.Counts {
		if h.Values[i] >= us {
			count += n
		}
	}
	return count
}

// Quantile is the value in µs that the share q (0 to 1) of the values does not
// exceed; 0 if empty.
func (h Histogram) Quantile(q float64) int64 {
	count := h.Count()
	if count == 0 {
		return 0
	}
	rank := rankOf(q, count)
	var seen uint64
	for i, n := range h.Counts {
		if seen += n; seen >= rank {
			return highest(h.Values[i])
		}
	}
	return h.Max()
}

// rankOf is the number, from 1, of the value at a quantile: the first that so
// many of them do not exceed, as in the Java HdrHistogram. (The Go one rounds to
// the nearest, which of three values calls the second their p75.)
func rankOf(q float64, count uint64) uint64 {
	if !(q > 0) { // NaN too
		return 1
	}
	// 0.07 × 100 is a little above 7 in binary, and must not count as 8.
	exact := math.Nextafter(min(q, 1), 0) * float64(count)
	return min(max(uint64(math.Ceil(exact)), 1), count)
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
	text := make([]byte, 1, 2+6*len(h.Values))
	text[0] = '['
	var last int64
	for i, value := range h.Values {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, value-last, 10)
		text = append(text, ',')
		text = strconv.AppendInt(text, int64(h.Counts[i]), 10)
		last = value
	}
	return append(text, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON wrote, and refuses what no histogram is.
func (h *Histogram) UnmarshalJSON(data []byte) error {
	flat, plain := integers(data)
	if !plain {
		if err := json.Unmarshal(data, &flat); err != nil {
			return fmt.Errorf("histogram: %w", err)
		}
	}
	if len(flat)%2 != 0 {
		return fmt.Errorf("histogram: %d numbers; values and counts come in pairs", len(flat))
	}
	if len(flat) == 0 {
		*h = Histogram{}
		return nil
	}
	read := Histogram{Values: make([]int64, 0, len(flat)/2), Counts: make([]uint64, 0, len(flat)/2)}
	var value, total int64
	for pair := range slices.Chunk(flat, 2) {
		step, count := pair[0], pair[1]
		switch {
		case step < 0 || step == 0 && len(read.Values) > 0 || step > HighestUS-value:
			return fmt.Errorf("histogram: a step of %d µs after %d µs; values ascend, to 60 s", step, value)
		case count <= 0 || count > math.MaxInt64-total:
			return fmt.Errorf("histogram: a count of %d at %d µs", count, value+step)
		case (value+step)%width(value+step) != 0:
			return fmt.Errorf("histogram: no bucket begins at %d µs", value+step)
		}
		value += step
		total += count
		read.Values = append(read.Values, value)
		read.Counts = append(read.Counts, uint64(count))
	}
	*h = read
	return nil
}

// integers reads an array of short integers without spaces, as MarshalJSON writes
// it; plain is false for any other. Most of a recording are such arrays.
func integers(text []byte) (flat []int64, plain bool) {
	const longest = 18 // digits that an int64 holds, whichever they are
	if len(text) < 2 || text[0] != '[' || text[len(text)-1] != ']' {
		return nil, false
	}
	if text = text[1 : len(text)-1]; len(text) == 0 {
		return nil, true
	}
	flat = make([]int64, 0, 1+bytes.Count(text, []byte{','}))
	var number int64
	digits := 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9' && digits < longest:
			number = number*10 + int64(c-'0')
			digits++
		case c == ',' && digits > 0:
			flat = append(flat, number)
			number, digits = 0, 0
		default:
			return nil, false
		}
	}
	return append(flat, number), digits > 0
}
