//go:build !linux

package engine

import (
	"net"
	"time"
)

// These kernels don't tell when what is read had arrived on a TCP socket: replies
// end when they are read.

func stampArrivals(int) {}
func keepStamping()     {}

// stampedConn is a connection that knows when what was last read had arrived, which
// there is none of here.
type stampedConn struct{ net.Conn }

func stamped(net.Conn) *stampedConn { return nil }

func (*stampedConn) arrived() int64 { return 0 }

func (*stampedConn) connectTime() (took time.Duration, told bool) { return 0, false }

func connectTime(int) (took time.Duration, told bool) { return 0, false }

// TellsArrival says whether the kernel tells here when what is read had arrived.
func TellsArrival() bool { return false }
