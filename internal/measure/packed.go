package measure

import "encoding/binary"

// Packed is a histogram that is kept and not looked at, without loss: of each bucket how
// far it is from the one before and its count, 2 to 4 bytes instead of 16. It is never nil.
type Packed []byte

// Pack makes it; the buckets must ascend, as they do.
func (h Histogram) Pack() Packed {
	packed, last := make(Packed, 0, 3*len(h.Values)), int64(0)
	for i, value := range h.Values {
		packed = binary.AppendUvarint(packed, uint64(value-last))
		packed = binary.AppendUvarint(packed, h.Counts[i])
		last = value
	}
	return packed
}

// Unpack is the histogram that it was made of.
func (p Packed) Unpack() (h Histogram) {
	for last := int64(0); len(p) > 0; {
		step, n := binary.Uvarint(p)
		count, m := binary.Uvarint(p[n:])
		last, p = last+int64(step), p[n+m:]
		h.Values, h.Counts = append(h.Values, last), append(h.Counts, count)
	}
	return h
}
