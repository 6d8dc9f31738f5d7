package engine

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/flagname"
)

// handshakeError is a TLS handshake that failed on a TCP connection that stood.
type handshakeError struct{ err error }

func (e *handshakeError) Error() string { return e.err.Error() }
func (e *handshakeError) Unwrap() error { return e.err }

// dialled is a connection that is ready for its first request.
type dialled struct {
	net.Conn              // what requests are written to
	socket   net.Conn     // the TCP connection: Conn itself, or what lies below TLS
	stamps   *stampedConn // which tells when what was read had arrived; nil: not told
	shaken   int64        // when the last of TLS's handshake had arrived, ns since 1970; 0: not told
	below    *belowTLS    // what TLS reads from; nil: no TLS, or HTTP/2, whose frames say where a reply ends
}

// belowTLS is a socket that notes its end. crypto/tls tells a close_notify and a
// connection that just ends by the same io.EOF; only to the first does it come without
// having read the socket to its end. One goroutine at a time reads.
type belowTLS struct {
	net.Conn
	ended bool
}

func (b *belowTLS) Read(buffer []byte) (int, error) {
	n, err := b.Conn.Read(buffer)
	b.ended = b.ended || errors.Is(err, io.EOF)
	return n, err
}

// cutOff says that the connection ended without TLS's close_notify: whether what came
// before is all there was, nobody knows.
func (b *belowTLS) cutOff() bool { return b != nil && b.ended }

// dial opens a TCP connection to the target and, where its URL says https, TLS on it.
// Each of the two may take the dialer's time-out.
func (p *prepared) dial(ctx context.Context, dialer *net.Dialer) (dialled, error) {
	socket, err := dialer.DialContext(ctx, "tcp", p.nextAddress())
	if err != nil {
		return dialled{}, err
	}
	var stamps *stampedConn
	if p.arrives {
		if stamps = stamped(socket); stamps != nil {
			socket = stamps
		}
	}
	if p.http2 != nil {
		socket = &countedConn{Conn: socket}
	}
	if p.tls == nil {
		return dialled{Conn: socket, socket: socket, stamps: stamps}, nil
	}
	var below *belowTLS
	wire := socket
	if p.http2 == nil {
		below = &belowTLS{Conn: socket}
		wire = below
	}
	conn := tls.Client(wire, p.tls)
	if dialer.Timeout > 0 {
		_ = socket.SetDeadline(time.Now().Add(dialer.Timeout))
	}
	if err := conn.HandshakeContext(ctx); err != nil {
		socket.Close()
		return dialled{}, &handshakeError{advised(err)}
	}
	if want := p.tls.NextProtos[0]; want == protocolHTTP2 && conn.ConnectionState().NegotiatedProtocol != want {
		socket.Close()
		return dialled{}, &handshakeError{errNoHTTP2}
	}
	_ = socket.SetDeadline(time.Time{})
	return dialled{conn, socket, stamps, stamps.arrived(), below}, nil
}

// nextAddress is where the next connection goes.
func (p *prepared) nextAddress() string {
	if len(p.addresses) < 2 {
		return p.address
	}
	return p.addresses[(p.dialled.Add(1)-1)%uint64(len(p.addresses))]
}

var errNoHTTP2 = errors.New("the server does not speak HTTP/2; leave out " + flagname.HTTP2)

// advised says what to do about a certificate that is not trusted, or a server that
// has another protocol.
func advised(err error) error {
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return fmt.Errorf("%w; pass "+flagname.Insecure+" to measure it all the same", err)
	case strings.Contains(err.Error(), "no application protocol"): // alert 120 of RFC 7301; Go has no name for it
		return errNoHTTP2
	}
	return err
}

// countedConn counts what goes through a connection. One goroutine may read and
// another write.
type countedConn struct {
	net.Conn
	received, sent counter
}

func (c *countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.received.add(n)
	return n, err
}

func (c *countedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.sent.add(n)
	return n, err
}
