package profile

import (
	"encoding/binary"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// drain counts the stacks that lie in a thread's ring.
func (s *sampling) drain(event *event) {
	page := (*unix.PerfEventMmapPage)(unsafe.Pointer(&event.ring[0]))
	data := event.ring[os.Getpagesize():]
	size := uint64(len(data))
	head, tail := atomic.LoadUint64(&page.Data_head), page.Data_tail
	record := make([]byte, 0, 1024)
	for tail < head {
		header := ringBytes(data, tail, 8, record)
		length := uint64(nativeUint16(header[6:]))
		kind := nativeUint32(header)
		if length < 8 || length > head-tail || length > size {
			break // never by the kernel
		}
		body := ringBytes(data, tail+8, length-8, record)
		switch kind {
		case unix.PERF_RECORD_SAMPLE:
			s.count(event, body)
		case unix.PERF_RECORD_LOST:
			if len(body) >= 16 {
				s.lost += int(nativeUint64(body[8:]))
			}
		}
		tail += length
	}
	atomic.StoreUint64(&page.Data_tail, head)
}

// ringBytes are bytes of a ring, in one piece also where it turns around.
func ringBytes(data []byte, from, length uint64, room []byte) []byte {
	size := uint64(len(data))
	from %= size
	if from+length <= size {
		return data[from : from+length]
	}
	room = append(room[:0], data[from:]...)
	return append(room, data[:from+length-size]...)
}

// count counts a sample: pid and tid, the number of addresses, the addresses, the leaf
// first, with marks between those of the kernel and those of the program.
func (s *sampling) count(event *event, body []byte) {
	if len(body) < 16 {
		return
	}
	sum := s.spent[event.thread]
	sum.samples++
	s.spent[event.thread] = sum
	number := nativeUint64(body[8:])
	if number > uint64(len(body)-16)/8 {
		return
	}
	s.key = binary.NativeEndian.AppendUint32(s.key[:0], uint32(event.pid))
	s.key = binary.NativeEndian.AppendUint32(s.key, uint32(event.tid))
	s.key = append(s.key, body[8:16+number*8]...)
	if event.stack {
		s.key = appendStack(s.key, body[16+number*8:])
	}
	if _, known := s.stacks[string(s.key)]; !known {
		if len(s.stacks) >= maxStacks || s.bytes >= maxBytes {
			s.lost++
			return
		}
		s.bytes += len(s.key)
	}
	s.stacks[string(s.key)]++
}

// appendStack adds the registers of a sample, and as much of the stack as it has.
func appendStack(key, body []byte) []byte {
	if len(body) < 8+3*8+8 || nativeUint64(body) != unix.PERF_SAMPLE_REGS_ABI_64 {
		return key
	}
	registers, rest := body[8:8+3*8], body[8+3*8:]
	size := nativeUint64(rest)
	if rest = rest[8:]; size+8 > uint64(len(rest)) {
		return key
	}
	used := min(size, nativeUint64(rest[size:]))
	return append(append(key, registers...), rest[:used]...)
}

func nativeUint16(b []byte) uint16 { return binary.NativeEndian.Uint16(b) }
func nativeUint32(b []byte) uint32 { return binary.NativeEndian.Uint32(b) }
func nativeUint64(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }
