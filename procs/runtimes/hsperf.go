package runtimes

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
)

// The file in which a HotSpot virtual machine keeps its performance counters: a header,
// then entries, each with its name and its value. It is mapped by the VM, which writes to
// it as it runs. Times in it are ticks; sun.os.hrt.frequency says how many make a second.
const (
	hsperfMagic   = 0xcafec0c0 // big-endian, whatever the byte order of the rest
	hsperfHeader  = 32
	hsperfEntry   = 20 // bytes of an entry before its name
	hsperfNumber  = 'J'
	hsperfText    = 'B'
	hsperfMost    = 1 << 20 // bytes; the VM's own default is 32 kB
	hsperfEntries = 4096    // there are about 200
	hsperfLongest = 1 << 10 // bytes of a name or a text
)

var (
	errNotHsperf    = errors.New("it is no file of HotSpot's counters")
	errHsperfNotYet = errors.New("the virtual machine has not filled it yet")
)

// counters are where the counters of a file are, and the texts among them.
type counters struct {
	order   binary.ByteOrder
	used    int
	entries int
	changed int64 // as the VM says: when entries came last
	numbers map[string]int
	texts   map[string]string
}

// same says that the file still has the entries that were found.
func (c *counters) same(data []byte) bool {
	head, err := hsperfHead(data)
	return err == nil && c != nil && head.entries == c.entries && head.changed == c.changed && head.used == c.used && len(data) >= c.used
}

// hsperfHead reads the header alone.
func hsperfHead(data []byte) (head counters, err error) {
	if len(data) < hsperfHeader || binary.BigEndian.Uint32(data) != hsperfMagic {
		return head, errNotHsperf
	}
	head.order = binary.ByteOrder(binary.BigEndian)
	if data[4] == 1 {
		head.order = binary.LittleEndian
	}
	if major := data[5]; major != 2 {
		return head, errNotHsperf
	}
	if data[7] != 1 {
		return head, errHsperfNotYet
	}
	used, entries := head.order.Uint32(data[8:]), head.order.Uint32(data[28:])
	if used > hsperfMost || entries > hsperfEntries {
		return head, errNotHsperf
	}
	head.used, head.entries = int(used), int(entries)
	head.changed = int64(head.order.Uint64(data[16:]))
	return head, nil
}

// readCounters finds the counters of a file. Whoever wrote it, nothing beyond it is read.
func readCounters(data []byte) (*counters, error) {
	found, err := hsperfHead(data)
	if err != nil {
		return nil, err
	}
	at := uint64(found.order.Uint32(data[24:]))
	found.numbers, found.texts = map[string]int{}, map[string]string{}
	for range found.entries {
		if at+hsperfEntry > uint64(len(data)) {
			return nil, errNotHsperf
		}
		field := func(n uint64) uint64 { return uint64(found.order.Uint32(data[at+4*n:])) }
		length, nameAt, vector, valueAt := field(0), field(1), field(2), field(4)
		kind := data[at+12]
		if length < hsperfEntry || at+length > uint64(len(data)) || nameAt >= length || valueAt > length {
			return nil, errNotHsperf
		}
		entry := data[at : at+length]
		name, ok := upToNUL(entry[nameAt:])
		if !ok {
			return nil, errNotHsperf
		}
		switch {
		case kind == hsperfNumber && vector == 0 && valueAt+8 <= length:
			found.numbers[name] = int(at + valueAt)
		case kind == hsperfText && vector > 0 && vector <= length-valueAt:
			if text, ok := upToNUL(entry[valueAt : valueAt+vector]); ok {
				found.texts[name] = text
			}
		}
		at += length
	}
	return &found, nil
}

// upToNUL is the text before the first NUL, or all of it; not ok if it is too long.
func upToNUL(data []byte) (string, bool) {
	if end := bytes.IndexByte(data, 0); end >= 0 {
		data = data[:end]
	}
	return string(data), len(data) <= hsperfLongest
}

// number is a counter's value; not known if there is none, or none that makes sense:
// nothing that is read here can be negative.
func (c *counters) number(data []byte, name string) (int64, bool) {
	at, found := c.numbers[name]
	if !found || at+8 > len(data) {
		return 0, false
	}
	value := c.order.Uint64(data[at:])
	return int64(value), value <= math.MaxInt64
}
