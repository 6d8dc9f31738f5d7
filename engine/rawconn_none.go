//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package engine

import (
	"errors"
	"net"
)

// rawConn is the socket below a connection. Here there is no way to look at it or to
// read from it without waiting, so there is never one.
type rawConn struct {
	raw *struct{}
}

func newRawConn(net.Conn) rawConn { return rawConn{} }

func (rawConn) gone([]byte) bool { return false }

// turn is one request and the first bytes of its reply, where there is a rawConn.
type turn struct{}

func (*turn) exchange(rawConn, []byte, []byte) (written, read int, err error) {
	return 0, 0, errors.ErrUnsupported
}
