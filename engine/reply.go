package engine

import (
	"bytes"
	"errors"
)

// sampleBytes is how much of a failed reply is shown.
const sampleBytes = 200

// Limits of what a reply may be.
const (
	maxHeadBytes = 64 << 10 // status line and headers, of all 1xx replies before it too
	maxLineBytes = 64 << 10
	maxLocation  = 100
)

// The ways in which a reply can be malformed; malformed shows what it was.
var (
	errStatusLine    = errors.New("no HTTP status line")
	errHeaderLine    = errors.New("bad header line")
	errHeadTooLarge  = errors.New("headers over 64 KiB")
	errContentLength = errors.New("bad Content-Length")
	errEncoding      = errors.New("unknown Transfer-Encoding")
	errChunk         = errors.New("bad chunk")
)

// replyState is where in a reply the parser is.
type replyState uint8

const (
	inStatus replyState = iota
	inHeaders
	inBody        // contentLeft bytes remain
	inBodyToClose // until the server closes
	inChunkSize
	inChunk
	inChunkEnd
	inTrailers
	replyDone
)

// replyParser reads one HTTP/1.x reply from pieces that may be split at any byte.
// It allocates only while its buffers grow to what a target's replies need.
type replyParser struct {
	state   replyState
	head    bool // the request was HEAD
	keep    bool // the connection stays open after the reply
	closes  bool // the reply says that it does not
	chunked bool
	old     bool  // HTTP/1.0
	folds   bool  // a folded line may follow: the header before it says nothing that matters here
	length  int64 // Content-Length; -1: none
	left    int64 // bytes of the body or chunk still to come
	status  int

	headBytes int
	line      []byte // a line that came in pieces

	encoding     contentEncoding
	etag         []byte
	lastModified []byte
	location     []byte // where a redirect leads; its first maxLocation bytes

	refused []byte // the beginning of the line that is malformed
	begun   []byte // the first bytes of all that came, to show it if it fails
	total   int64  // how many bytes came

	bodyLimit int // how much of the body to keep
	body      []byte
	bodySeen  int64
	short     bool        // there was no memory to keep all of it
	budget    *bodyBudget // of the load; nil: none
	counted   int         // bytes of body that were taken from it

	words *words // in which failures are told; nil: its own, once there are any
}

// begin makes the parser ready for the reply to the next request.
func (p *replyParser) begin(head bool) {
	p.state, p.head = inStatus, head
	p.headBytes = 0
	p.line = p.line[:0]
	p.refused = p.refused[:0]
	p.begun, p.total = p.begun[:0], 0
	p.beginHead()
}

// beginHead forgets what a 1xx reply before this one said.
func (p *replyParser) beginHead() {
	p.keep, p.closes, p.chunked, p.old, p.folds = true, false, false, false, false
	p.length, p.left, p.status, p.encoding = -1, 0, 0, identity
	p.etag, p.lastModified, p.location = p.etag[:0], p.lastModified[:0], p.location[:0]
	if p.budget.scarce() {
		p.drop()
	}
	p.body, p.bodySeen, p.short = p.body[:0], 0, false
}

// started says whether any byte of the reply has come.
func (p *replyParser) started() bool { return p.total > 0 }

// feed takes the next bytes. It returns how many of them belong to the reply; the
// rest, if any, came after its end.
func (p *replyParser) feed(data []byte) (used int, done bool, err error) {
	p.total += int64(len(data))
	if room := sampleBytes - len(p.begun); room > 0 {
		p.begun = append(p.begun, data[:min(room, len(data))]...)
	}
	for used < len(data) && p.state != replyDone {
		rest := data[used:]
		switch p.state {
		case inBody, inChunk:
			n := int(min(p.left, int64(len(rest))))
			p.keepBody(rest[:n])
			used += n
			if p.left -= int64(n); p.left == 0 {
				if p.state == inBody {
					p.state = replyDone
				} else {
					p.state = inChunkEnd
				}
			}
		case inBodyToClose:
			p.keepBody(rest)
			used = len(data)
		default:
			line, n, whole := p.nextLine(rest)
			used += n
			if p.state <= inHeaders || p.state == inTrailers {
				if p.headBytes += n; p.headBytes > maxHeadBytes {
					return used, false, errHeadTooLarge
				}
			} else if len(p.line) > maxLineBytes {
				return used, false, errChunk
			}
			if !whole {
				if p.state == inStatus && !mayBeStatus(p.line) {
					return used, false, errStatusLine
				}
				continue
			}
			err := p.takeLine(line)
			if err != nil {
				p.refused = append(p.refused[:0], line[:min(len(line), sampleBytes)]...)
			}
			p.line = p.line[:0]
			if err != nil {
				return used, false, err
			}
		}
	}
	return used, p.state == replyDone, nil
}

// closed tells that the server closed the connection; done says whether that is
// where the reply ends. A reply that only that ends is not known to be whole where it
// was cut off: over TLS, without close_notify (RFC 9112, section 9.8).
func (p *replyParser) closed(cutOff bool) (done bool) {
	if p.state == inBodyToClose && !cutOff {
		p.state = replyDone
	}
	return p.state == replyDone
}

func (p *replyParser) keepBody(data []byte) {
	p.bodySeen += int64(len(data))
	if room := p.bodyLimit - len(p.body); room > 0 && !p.short {
		data = data[:min(room, len(data))]
		if p.short = !p.grow(len(data)); !p.short {
			p.body = append(p.body, data...)
		}
	}
}

// nextLine finds the next line, without its end; one that is not whole is kept
// until the rest of it comes.
func (p *replyParser) nextLine(data []byte) (line []byte, used int, whole bool) {
	end := bytes.IndexByte(data, '\n')
	if end < 0 {
		p.line = append(p.line, data...)
		return nil, len(data), false
	}
	line = data[:end]
	if len(p.line) > 0 {
		p.line = append(p.line, line...)
		line = p.line
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, end + 1, true
}

func (p *replyParser) takeLine(line []byte) error {
	switch p.state {
	case inStatus:
		return p.takeStatus(line)
	case inHeaders:
		if len(line) == 0 {
			return p.headEnded()
		}
		return p.takeHeader(line)
	case inChunkSize:
		return p.takeChunkSize(line)
	case inChunkEnd:
		if len(line) != 0 {
			return errChunk
		}
		p.state = inChunkSize
	case inTrailers:
		if len(line) == 0 {
			p.state = replyDone
		}
	}
	return nil
}

// mayBeStatus says whether a status line may begin so. What can't become one is
// refused at once, or a server that speaks another protocol would be waited for.
func mayBeStatus(begun []byte) bool {
	const start = "HTTP/1."
	return string(begun[:min(len(begun), len(start))]) == start[:min(len(begun), len(start))]
}

// takeStatus reads "HTTP/1.1 200 OK".
func (p *replyParser) takeStatus(line []byte) error {
	if len(line) < len("HTTP/1.1 200") || string(line[:len("HTTP/1.")]) != "HTTP/1." || line[8] != ' ' {
		return errStatusLine
	}
	switch line[7] {
	case '1':
	case '0':
		p.old, p.keep = true, false
	default:
		return errStatusLine
	}
	for _, c := range line[9:12] {
		if c < '0' || c > '9' {
			return errStatusLine
		}
		p.status = p.status*10 + int(c-'0')
	}
	if p.status < 100 || len(line) > 12 && line[12] != ' ' {
		return errStatusLine
	}
	p.state = inHeaders
	return nil
}

func (p *replyParser) takeHeader(line []byte) error {
	if line[0] == ' ' || line[0] == '\t' {
		// A folded line goes on with the header before it (RFC 9112, 5.2).
		// Obsolete; borne where it can't change what the reply means here.
		if !p.folds {
			return errHeaderLine
		}
		return nil
	}
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || line[colon-1] == ' ' || line[colon-1] == '\t' {
		return errHeaderLine
	}
	p.folds = false
	name, value := line[:colon], bytes.Trim(line[colon+1:], " \t")
	switch len(name) {
	case len("Location"):
		if p.status >= 300 && p.status < 400 && is(name, "location") {
			p.location = append(p.location[:0], value[:min(len(value), maxLocation)]...)
			return nil
		}
	case len("ETag"):
		if is(name, "etag") {
			p.etag = append(p.etag[:0], value...)
			return nil
		}
	case len("Connection"):
		if is(name, "connection") {
			p.takeConnection(value)
			return nil
		}
	case len("Last-Modified"):
		if is(name, "last-modified") {
			p.lastModified = append(p.lastModified[:0], value...)
			return nil
		}
	case len("Content-Length"):
		if is(name, "content-length") {
			length, ok := decimal(value)
			if !ok || p.length >= 0 && p.length != length {
				return errContentLength
			}
			p.length = length
			return nil
		}
	case len("Content-Encoding"):
		if is(name, "content-encoding") {
			if p.encoding != identity {
				p.encoding = otherEncoding // one over another
			} else {
				p.encoding = encodingOf(value)
			}
		}
	case len("Transfer-Encoding"):
		if is(name, "transfer-encoding") {
			if !is(value, "chunked") || p.chunked {
				return errEncoding
			}
			p.chunked = true
			return nil
		}
	}
	p.folds = true
	return nil
}

// takeConnection reads the options of a Connection header: close outweighs
// keep-alive, wherever either stands.
func (p *replyParser) takeConnection(value []byte) {
	for len(value) > 0 {
		option := value
		if comma := bytes.IndexByte(value, ','); comma >= 0 {
			option, value = value[:comma], value[comma+1:]
		} else {
			value = nil
		}
		option = bytes.Trim(option, " \t")
		switch {
		case is(option, "close"):
			p.keep, p.closes = false, true
		case is(option, "keep-alive"):
			p.keep = !p.closes
		}
	}
}

// ends says whether it is the server's doing that no request follows this reply, whose
// connection is not kept. After a 101 it is ours: what would follow is no HTTP.
func (p *replyParser) ends() bool { return p.status != 101 }

// headEnded decides how the body is delimited (RFC 9112, section 6.3).
func (p *replyParser) headEnded() error {
	if p.old && p.chunked { // HTTP/1.0 knows no chunks: where the reply ends is not certain (RFC 9112, 6.1)
		p.chunked, p.keep = false, false
	}
	switch {
	case p.status == 101: // what follows is no HTTP
		p.keep = false
		p.state = replyDone
	case p.status < 200:
		p.beginHead()
		p.state = inStatus
	case p.head || p.status == 204 || p.status == 304:
		p.state = replyDone
	case p.chunked:
		p.state = inChunkSize
	case p.length > 0:
		p.left = p.length
		p.state = inBody
	case p.length == 0:
		p.state = replyDone
	default:
		p.keep = false
		p.state = inBodyToClose
	}
	return nil
}

func (p *replyParser) takeChunkSize(line []byte) error {
	if end := bytes.IndexByte(line, ';'); end >= 0 { // what follows is an extension
		line = line[:end]
	}
	line = bytes.Trim(line, " \t")
	if len(line) == 0 || len(line) > 15 {
		return errChunk
	}
	var size int64
	for _, c := range line {
		var digit byte
		switch {
		case c >= '0' && c <= '9':
			digit = c - '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			digit = c | 0x20 - 'a' + 10
		default:
			return errChunk
		}
		size = size<<4 | int64(digit)
	}
	p.left = size
	if size == 0 {
		p.state = inTrailers
	} else {
		p.state = inChunk
	}
	return nil
}

// is compares a name with a lower-case one, whatever its case.
func is(name []byte, lower string) bool {
	if len(name) != len(lower) {
		return false
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func decimal(text []byte) (int64, bool) {
	if len(text) == 0 || len(text) > 18 {
		return 0, false
	}
	var number int64
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		number = number*10 + int64(c-'0')
	}
	return number, true
}
