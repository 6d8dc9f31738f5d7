package engine

import (
	"encoding/binary"
	"net"
	"sync/atomic"
)

// streamEnds is an HTTP/2 connection that keeps when the frame that ended the last
// stream had arrived (RFC 9113, section 4.1). A client may be told of the end after
// other frames have come, such as settings or pings.
type streamEnds struct {
	net.Conn
	stamps *stampedConn // of the socket below; nil: not told

	head   [9]byte // of the frame under way
	have   int     // bytes of head
	left   uint32  // bytes of its payload still to come
	ending bool    // a stream ends with the frame under way, or with the header block that it begins
	ended  atomic.Int64
}

// What streamEnds knows of frames.
const (
	frameData         = 0x0
	frameHeaders      = 0x1
	frameContinuation = 0x9
	flagEndStream     = 0x1
	flagEndHeaders    = 0x4
)

func (s *streamEnds) Read(b []byte) (int, error) {
	n, err := s.Conn.Read(b)
	if s.stamps != nil {
		s.watch(b[:n])
	}
	return n, err
}

// watch follows the frames through what was read.
func (s *streamEnds) watch(data []byte) {
	for len(data) > 0 {
		if s.have < len(s.head) {
			n := copy(s.head[s.have:], data)
			s.have, data = s.have+n, data[n:]
			if s.have < len(s.head) {
				return
			}
			s.left = binary.BigEndian.Uint32(s.head[:4]) >> 8
		}
		n := min(len(data), int(s.left))
		s.left, data = s.left-uint32(n), data[n:]
		if s.left > 0 {
			return
		}
		s.frame(s.head[3], s.head[4])
		s.have = 0
	}
}

// frame takes a frame that has come whole.
func (s *streamEnds) frame(kind, flags byte) {
	switch kind {
	case frameData:
		s.ending = flags&flagEndStream != 0
	case frameHeaders:
		s.ending = flags&flagEndStream != 0
		if flags&flagEndHeaders == 0 {
			return // the rest of the block is still to come
		}
	case frameContinuation:
		if flags&flagEndHeaders == 0 {
			return
		}
	default:
		return
	}
	if s.ending {
		s.ending = false
		s.ended.Store(s.stamps.arrived())
	}
}
