package engine

// Histogram is an immutable, sparse copy of an HdrHistogram (3 significant
// digits, 1 µs to 60 s): the buckets that hold something, ascending. It is what
// leaves the hot path, goes into events and recordings, and merges without loss.
type Histogram struct {
	Values []int64  // µs: HdrHistogram's lowest equivalent value of each bucket
	Counts []uint64 // how many, beside each value
}
