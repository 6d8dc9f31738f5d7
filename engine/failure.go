package engine

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// Why a request got no reply, where neither the reply nor the system has words for it.
const (
	whyConnectTimeout = "no answer to the connect"
	whyClosedBefore   = "the server closed the connection without a reply"
	whyDropped        = "the server closed the kept-alive connection under the request, which is not sent again, for its method is not idempotent (RFC 9110, 9.2.2)"
	whyNeverFree      = "it was due, and no connection became free before the load was given up"
	whyMute           = "it was never sent: the server answered nobody any more"
)

// errTimeout ends what took longer than the load's time-out.
var errTimeout = errors.New("no whole reply in time")

// whyClosed says how a connection closed before any byte of a reply; dropped: it had
// served others, and the request may not be sent again.
func whyClosed(dropped bool) string {
	if dropped {
		return whyDropped
	}
	return whyClosedBefore
}

// whyBroken names the error of a socket without what differs from one connection to
// the next, such as its port.
func whyBroken(err error) string {
	var errno syscall.Errno
	var handshake *handshakeError
	var lookup *net.DNSError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &handshake):
		return handshake.Error()
	case errors.As(err, &errno):
		return errno.Error()
	case errors.As(err, &lookup):
		return lookup.Error()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errTimeout.Error()
	case errors.Is(err, io.EOF):
		return whyClosedBefore
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}

// malformed says what is wrong with the reply that the parser refused, and shows it.
func (p *replyParser) malformed(err error) string {
	switch {
	case errors.Is(err, errStatusLine):
		begun := p.begun
		if len(p.refused) > 0 {
			begun = p.refused
		}
		return fmt.Sprintf("%v: it begins with \"%s\"", err, short(begun))
	case len(p.refused) > 0:
		return fmt.Sprintf("%v: \"%s\"", err, short(p.refused))
	}
	return err.Error()
}

// after says that bytes came after the end of the reply, by what that end is known,
// and shows them.
func (p *replyParser) after(rest []byte) string {
	ended := "which has no Content-Length and no chunks"
	switch {
	case p.head:
		ended = "which answers a HEAD request and so has no body"
	case p.status == 101:
		ended = "which switches protocols"
	case p.status == 204 || p.status == 304:
		ended = fmt.Sprintf("which is a %d and so has no body", p.status)
		if p.chunked {
			ended += ", though it announces chunks"
		}
	case p.chunked:
		ended = "which ended with its last chunk"
	case p.length >= 0:
		ended = fmt.Sprintf("which ended by its Content-Length %d", p.length)
	}
	return fmt.Sprintf("%s after the reply, %s: \"%s\"", byteCount(int64(len(rest))), ended, short(rest))
}

// unfinished says how far a reply came that is not whole.
func (p *replyParser) unfinished() string {
	seen := p.bodySeen
	switch p.state {
	case inStatus:
		switch {
		case p.total == 0:
			return "no byte of a reply came"
		case len(p.line) == 0 || int64(len(p.line)) < p.total:
			return "an interim reply (1xx) came, and no final one"
		}
		return "the reply ends in its status line"
	case inHeaders:
		return "the reply ends in its headers"
	case inBody:
		return fmt.Sprintf("Content-Length %d, and %s came", p.length, byteCount(p.length-p.left))
	case inBodyToClose:
		return fmt.Sprintf("without Content-Length or chunks a reply ends when the server closes the connection; it did not, after %s", byteCount(seen))
	case inChunk:
		return fmt.Sprintf("a chunk lacks %s; of the body %s came", byteCount(p.left), byteCount(seen))
	case replyDone:
		return ""
	}
	return fmt.Sprintf("the last chunk did not come; of the body %s did", byteCount(seen))
}

// late says what a reply lacked when its time was over.
func (p *replyParser) late() string { return p.unfinished() + " in time" }

func byteCount(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

// short is the beginning of bytes as a reason shows them.
func short(data []byte) string {
	const most = 40
	text := printable(data[:min(len(data), most)])
	if len(data) > most {
		text += "…"
	}
	return text
}

// Redirects says whether a status sends the client elsewhere.
func Redirects(status int) bool {
	return status >= 300 && status < 400 && status != http.StatusNotModified && status != http.StatusUseProxy
}

// whyNot says why a whole reply is not OK, beyond its cause.
func (c *checker) whyNot(cause causeKey, p *replyParser) string {
	switch {
	case cause.kind == kindStatus && Redirects(p.status) && len(p.location) > 0:
		if !bytes.Equal(c.to, p.location) {
			c.to, c.toWhy = append(c.to[:0], p.location...), "to "+printable(p.location)
		}
		return c.toWhy
	case cause.kind == kindCheckJSON && len(p.body) == 0:
		return "the body is empty"
	case cause.kind == kindCheckJSON && p.encoding == identity && !validJSON(p.body):
		return "the body is no JSON"
	case cause.kind == kindCheckJSON:
		return "the body has no such field at its top"
	case cause.kind == kindCheckBody && len(p.body) == 0:
		return "the body is empty"
	case cause.kind == kindCheckBody:
		return "the body does not have it"
	}
	return ""
}

// streamReset is the code by which a server ended a stream of HTTP/2, as the standard
// library's client tells it: "stream error: stream ID 3; REFUSED_STREAM; received from peer".
func streamReset(text string) (code string, ok bool) {
	_, rest, found := strings.Cut(text, "stream error: stream ID ")
	if !found || !strings.Contains(rest, "received from peer") {
		return "", false
	}
	_, rest, found = strings.Cut(rest, "; ")
	if !found {
		return "", false
	}
	code, _, _ = strings.Cut(rest, ";")
	return code, true
}

// whyReset says what the codes of RFC 9113, section 7, mean.
func whyReset(code string) string {
	meaning := map[string]string{
		"NO_ERROR":            "the server wants no more of the request",
		"PROTOCOL_ERROR":      "the server found the request against the protocol",
		"INTERNAL_ERROR":      "the server met a fault of its own",
		"FLOW_CONTROL_ERROR":  "the server found more sent than it allowed",
		"STREAM_CLOSED":       "the server had closed the stream already",
		"FRAME_SIZE_ERROR":    "the server found a frame of a wrong size",
		"REFUSED_STREAM":      "the server refused the stream before it did anything with the request",
		"CANCEL":              "the server needs the stream no longer",
		"COMPRESSION_ERROR":   "the server could not keep its table of headers",
		"CONNECT_ERROR":       "the connection of a tunnel was reset",
		"ENHANCE_YOUR_CALM":   "the server finds the load excessive",
		"INADEQUATE_SECURITY": "the server asks for more security",
		"HTTP_1_1_REQUIRED":   "the server wants HTTP/1.1",
	}[code]
	if meaning == "" {
		return "RST_STREAM " + code
	}
	return "RST_STREAM " + code + ": " + meaning
}
