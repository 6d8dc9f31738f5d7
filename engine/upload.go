package engine

import (
	"net"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
)

// mostAtOnce is how many bytes every socket has room for: to write so many to one that
// waits for nothing does not block.
const mostAtOnce = 8 << 10

// upload is a request that does not go out at once. A server may reply before it has
// read the whole of it (413 to a body that is too large), and then read no more; so
// the reply is read meanwhile.
type upload struct {
	conn net.Conn
	done chan struct{}
	sent int   // bytes
	err  error // why it was not sent whole
}

func newUpload(conn net.Conn, rest []byte) *upload {
	u := &upload{conn: conn, done: make(chan struct{})}
	crash.Go(func() {
		defer close(u.done)
		u.sent, u.err = conn.Write(rest)
	})
	return u
}

// unsent is an upload that has ended already.
func unsent(err error) *upload {
	u := &upload{done: make(chan struct{}), err: err}
	close(u.done)
	return u
}

// stop ends the sending. It returns why the request was not sent whole; nil if it was.
func (u *upload) stop() error {
	if u == nil {
		return nil
	}
	select {
	case <-u.done:
	default:
		_ = u.conn.SetWriteDeadline(time.Unix(1, 0)) // long ago
		<-u.done
	}
	return u.err
}

// written is how many bytes went out; only after stop.
func (u *upload) written() int {
	if u == nil {
		return 0
	}
	return u.sent
}

// failed is why the request could not be sent whole, if that is known already.
func (u *upload) failed() error {
	select {
	case <-u.done:
		return u.err
	default:
		return nil
	}
}
