package main

import (
	"fmt"
	"syscall"
	"time"
	"unsafe"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sys/unix"
)

// witness knows how long a server took without asking any client: from the moment
// at which the kernel received a request to the one at which it had the reply. On
// loopback the first is when the client sent, and the second when the reply was at
// the client's socket, so that no client can rightly tell more.
type witness struct {
	took      *hdrhistogram.Histogram // µs
	requested int64                   // when the request that was last read had arrived, ns since 1970
	control   []byte
}

func newWitness() *witness {
	return &witness{took: hdrhistogram.New(1, 60_000_000, 3), control: make([]byte, 128)}
}

// accepted has the kernel stamp what comes in on a connection.
func (w *witness) accepted(fd int) {
	if w != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	}
}

// read reads a request and keeps when it had arrived.
func (w *witness) read(fd int, buffer []byte) (uintptr, syscall.Errno) {
	n, controlled, _, _, err := unix.RecvmsgBuffers(fd, [][]byte{buffer}, w.control, 0)
	if err != nil {
		errno, _ := err.(syscall.Errno)
		return 0, errno
	}
	w.requested = 0
	messages, err := unix.ParseSocketControlMessage(w.control[:controlled])
	if err == nil && len(messages) > 0 && messages[0].Header.Type == unix.SO_TIMESTAMPNS {
		stamp := (*unix.Timespec)(unsafe.Pointer(&messages[0].Data[0]))
		w.requested = stamp.Nano()
	}
	return uintptr(n), 0
}

// wrote takes the time of a reply that was just written.
func (w *witness) wrote() {
	if w != nil && w.requested != 0 {
		_ = w.took.RecordValue(max(1, (time.Now().UnixNano()-w.requested)/1000))
	}
}

// times are the times since it was last asked, as JSON fields.
func (w *witness) times() string {
	if w == nil {
		return `"P50MS":0,"P99MS":0`
	}
	p50, p99 := w.took.ValueAtQuantile(50), w.took.ValueAtQuantile(99)
	w.took.Reset()
	return fmt.Sprintf(`"P50MS":%g,"P99MS":%g`, float64(p50)/1000, float64(p99)/1000)
}
