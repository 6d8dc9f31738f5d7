package measure

import (
	"math/bits"
	"time"
)

// The range and exactness of every latency histogram: 1 µs to 60 s, 3 digits.
const (
	LowestUS  = 1
	HighestUS = 60_000_000
)

// subBuckets is the number of buckets of equal width that the lowest values
// have, as HdrHistogram derives it from 3 significant digits.
const subBuckets = 2048

// Recorder is an HdrHistogram that is being recorded into: the same buckets as
// the reference implementations have, in half the memory of the Go one, and with
// the range that is in use known, so that copying and emptying it costs what was
// recorded and not what could have been.
type Recorder struct {
	counts    []uint32
	low, high int // the buckets in use; low > high: none
}

// NewRecorder makes an empty one, to which the system gives memory as it is used.
func NewRecorder() *Recorder {
	counts := make([]uint32, bucketOf(HighestUS)+1)
	return &Recorder{counts: counts, low: len(counts), high: -1}
}

// NewResidentRecorder makes an empty one of which all is in memory, 69 kB: for what each
// reply is recorded into, where a load of an hour would take another page with each slow
// one.
func NewResidentRecorder() *Recorder {
	r := NewRecorder()
	clear(r.counts)
	return r
}

// bucketOf is where a value, 0 to HighestUS, is counted.
func bucketOf(us int64) int {
	shift := max(0, bits.Len64(uint64(us))-11) // 11 bits tell 2048 values apart
	return shift*(subBuckets/2) + int(us>>shift)
}

// lowestOf is the lowest value that is counted in a bucket.
func lowestOf(bucket int) int64 {
	if bucket < subBuckets {
		return int64(bucket)
	}
	shift := bucket/(subBuckets/2) - 1
	return int64(bucket-shift*(subBuckets/2)) << shift
}

// Record counts a value; it must lie within the range.
func (r *Recorder) Record(us int64) {
	bucket := bucketOf(us)
	r.counts[bucket]++
	r.low, r.high = min(r.low, bucket), max(r.high, bucket)
}

// RecordTime counts a time, to the next µs; above 60 s it counts as 60 s.
func (r *Recorder) RecordTime(d time.Duration) {
	us := int64((d + time.Microsecond/2) / time.Microsecond)
	r.Record(min(max(us, LowestUS), HighestUS))
}

// Export copies what was recorded.
func (r *Recorder) Export() Histogram { return sparse(r.inUse(), r.low) }

// sparse are the counts of buckets that follow each other, the first of which is given.
func sparse[Count uint32 | uint64](counts []Count, first int) Histogram {
	used := 0
	for _, count := range counts {
		if count > 0 {
			used++
		}
	}
	if used == 0 {
		return Histogram{}
	}
	sparse := Histogram{Values: make([]int64, 0, used), Counts: make([]uint64, 0, used)}
	for i, count := range counts {
		if count > 0 {
			sparse.Values = append(sparse.Values, lowestOf(first+i))
			sparse.Counts = append(sparse.Counts, uint64(count))
		}
	}
	return sparse
}

func (r *Recorder) inUse() []uint32 {
	if r.low > r.high {
		return nil
	}
	return r.counts[r.low : r.high+1]
}

// Reset forgets what was recorded.
func (r *Recorder) Reset() {
	clear(r.inUse())
	r.low, r.high = len(r.counts), -1
}
