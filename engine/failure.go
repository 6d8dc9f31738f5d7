package engine

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Why a request got no reply, where neither the reply nor the system has words for it.
const (
	whyConnectTimeout = "no answer to the connect"
	whyUnshaken       = "the connection was accepted, and the TLS handshake had no answer in time"
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

// words are the texts that failures of a loop have in common: what was said before is not
// made anew for each of them.
type words struct {
	buffer []byte
	said   map[string]string
}

// mostSaid bounds them; what else is said is made each time.
const mostSaid = 64

// begin makes the buffer empty.
func (w *words) begin(parts ...string) []byte {
	w.buffer = w.buffer[:0]
	for _, part := range parts {
		w.buffer = append(w.buffer, part...)
	}
	return w.buffer
}

// of is the text of the bytes, which the words' buffer may hold.
func (w *words) of(text []byte) string {
	w.buffer = text[:0]
	if said, ok := w.said[string(text)]; ok {
		return said
	}
	said := string(text)
	if w.said == nil {
		w.said = map[string]string{}
	}
	if len(w.said) < mostSaid {
		w.said[said] = said
	}
	return said
}

// speak are the words of a parser: its loop's, or its own.
func (p *replyParser) speak() *words {
	if p.words == nil {
		p.words = &words{}
	}
	return p.words
}

// malformed says what is wrong with the reply that the parser refused, and shows it.
func (p *replyParser) malformed(err error) string {
	w := p.speak()
	text := w.begin(err.Error())
	switch {
	case errors.Is(err, errStatusLine):
		begun := p.begun
		if len(p.refused) > 0 {
			begun = p.refused
		}
		text = appendShort(append(text, ": it begins with "...), begun)
	case len(p.refused) > 0:
		text = appendShort(append(text, ": "...), p.refused)
	}
	return w.of(text)
}

// after says that bytes came after the end of the reply, by what that end is known,
// and shows them.
func (p *replyParser) after(rest []byte) string {
	w := p.speak()
	text := append(appendBytes(w.begin(), int64(len(rest))), " after the reply, "...)
	switch {
	case p.head:
		text = append(text, "which answers a HEAD request and so has no body"...)
	case p.status == 101:
		text = append(text, "which switches protocols"...)
	case p.status == 204 || p.status == 304:
		text = strconv.AppendInt(append(text, "which is a "...), int64(p.status), 10)
		text = append(text, " and so has no body"...)
		if p.chunked {
			text = append(text, ", though it announces chunks"...)
		}
	case p.chunked:
		text = append(text, "which ended with its last chunk"...)
	case p.length >= 0:
		text = strconv.AppendInt(append(text, "which ended by its Content-Length "...), p.length, 10)
	default:
		text = append(text, "which has no Content-Length and no chunks"...)
	}
	return w.of(appendShort(append(text, ": "...), rest))
}

// unfinished says how far a reply came that is not whole, whose connection has ended.
func (p *replyParser) unfinished() string {
	w := p.speak()
	if p.state == inBodyToClose { // which a plain close would have ended
		text := appendBytes(w.begin("ended without TLS close_notify, after "), p.bodySeen)
		return w.of(append(text, " of the body: without Content-Length or chunks nothing else says that the reply is whole (RFC 9112, 9.8)"...))
	}
	return w.of(p.appendUnfinished(w.begin()))
}

const endsInStatus = "the reply ends in its status line"

func (p *replyParser) appendUnfinished(text []byte) []byte {
	seen := p.bodySeen
	switch p.state {
	case inStatus:
		switch {
		case p.total == 0:
			return append(text, "no byte of a reply came"...)
		case len(p.line) == 0 || int64(len(p.line)) < p.total:
			return append(text, "an interim reply (1xx) came, and no final one"...)
		}
		return append(text, endsInStatus...)
	case inHeaders:
		return append(text, "the reply ends in its headers"...)
	case inBody:
		text = strconv.AppendInt(append(text, "Content-Length "...), p.length, 10)
		return append(appendBytes(append(text, ", and "...), p.length-p.left), " came"...)
	case inBodyToClose:
		what := "without Content-Length or chunks a reply"
		if p.old { // chunks may well have come, and are in the bytes shown with it
			what = "without Content-Length a reply of HTTP/1.0, which knows no chunks,"
		}
		text = append(append(text, what...), " ends when the server closes the connection; it did not in time, after "...)
		return appendBytes(text, seen)
	case inChunk:
		text = appendBytes(append(text, "a chunk lacks "...), p.left)
		return append(appendBytes(append(text, "; of the body "...), seen), " came"...)
	case replyDone:
		return text
	}
	return append(appendBytes(append(text, "the last chunk did not come; of the body "...), seen), " did"...)
}

// late says what a reply lacked when its time was over.
func (p *replyParser) late() string {
	w := p.speak()
	text := p.appendUnfinished(w.begin())
	switch {
	case p.state == inHeaders, p.state == inStatus && bytes.HasSuffix(text, []byte(endsInStatus)):
		text = append(text, ", and did not go on in time"...)
	case p.state == inBodyToClose: // which says so
	default:
		text = append(text, " in time"...)
	}
	return w.of(text)
}

func appendBytes(text []byte, n int64) []byte {
	text = strconv.AppendInt(text, n, 10)
	if n == 1 {
		return append(text, " byte"...)
	}
	return append(text, " bytes"...)
}

// appendShort shows the beginning of bytes as a reason does, in quotes.
func appendShort(text, data []byte) []byte {
	const most = 40
	text = appendPrintable(append(text, '"'), data[:min(len(data), most)])
	if len(data) > most {
		text = append(text, "…"...)
	}
	return append(text, '"')
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
