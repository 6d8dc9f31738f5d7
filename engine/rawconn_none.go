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

// rawState is what a look at a connection that is free has found: nothing, here. One
// that is gone shows when the next request is sent.
type rawState uint8

const (
	rawQuiet rawState = iota
	rawEnded
	rawSpeaks
)

func (rawConn) state() rawState { return rawQuiet }

// turn is one request and the first bytes of its reply, where there is a rawConn.
type turn struct {
	arrived int64
}

func (*turn) exchange(rawConn, []byte, []byte) (written, read int, err error) {
	return 0, 0, errors.ErrUnsupported
}
