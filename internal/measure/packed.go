package measure

import "encoding/binary"

// Packed is a histogram that is kept and not looked at, without loss: of each bucket how
// far it is from the one before and its count, 2 to 4 bytes instead of 16. It is never nil.
type Packed []byte

// Pack makes it; the buckets must ascend, as they do.
func (h Histogram) Pack() Packed {
	packed, last := make(Packed, 0, 3*len(h.Values)), int64(0)
	for i, value := range h.Values {
		packed, last = packed.with(value-last, h.Counts[i]), value
	}
	return packed
}

// with appends a bucket, so far from the last.
func (p Packed) with(step int64, count uint64) Packed {
	return binary.AppendUvarint(binary.AppendUvarint(p, uint64(step)), count)
}

// Merge adds up two of them as Histogram.Merge does, without unpacking either.
func (p Packed) Merge(other Packed) Packed {
	merged := make(Packed, 0, len(p)+len(other))
	a, b := packedReader{rest: p}, packedReader{rest: other}
	a.next()
	b.next()
	for last := int64(0); !a.over || !b.over; {
		value, count := int64(0), uint64(0)
		if !a.over && (b.over || a.value <= b.value) {
			value, count = a.value, a.count
			if !b.over && a.value == b.value {
				count += b.count
				b.next()
			}
			a.next()
		} else {
			value, count = b.value, b.count
			b.next()
		}
		merged, last = merged.with(value-last, count), value
	}
	return merged
}

// packedReader goes from bucket to bucket.
type packedReader struct {
	value int64
	count uint64
	rest  Packed
	over  bool
}

func (r *packedReader) next() {
	if r.over = len(r.rest) == 0; r.over {
		return
	}
	step, n := binary.Uvarint(r.rest)
	count, m := binary.Uvarint(r.rest[n:])
	r.value, r.count, r.rest = r.value+int64(step), count, r.rest[n+m:]
}

// Unpack is the histogram that it was made of.
func (p Packed) Unpack() (h Histogram) {
	r := packedReader{rest: p}
	for r.next(); !r.over; r.next() {
		h.Values, h.Counts = append(h.Values, r.value), append(h.Counts, r.count)
	}
	return h
}
