package engine

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// Where every reply is a redirect, to say so must cost no more than to say OK.
func TestRedirectsAreToldWithoutAllocation(t *testing.T) {
	c := newChecker(traffic.Checks{Status: 200})
	p := replyParser{status: 302}
	cause := causeKey{kind: kindStatus}
	for _, to := range []string{"/login", "/elsewhere"} {
		p.location = []byte(to)
		if why := c.whyNot(cause, &p); why != "to "+to {
			t.Errorf("a redirect to %s is told as %q", to, why)
		}
	}
	if n := testing.AllocsPerRun(100, func() { c.whyNot(cause, &p) }); n > 0 {
		t.Errorf("%g allocations a reply", n)
	}
}

// Where every request fails, to say why must cost no more than to say OK: it is the loop
// that says it, while others' replies lie unread.
func TestFailuresAreToldWithoutAllocation(t *testing.T) {
	shared := &words{}
	said := func(text string) (p *replyParser, used int, err error) {
		p = &replyParser{words: shared}
		p.begin(false)
		used, _, err = p.feed([]byte(text))
		return p, used, err
	}
	cut, _, _ := said("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok")
	mute, _, _ := said("")
	chunk, _, _ := said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok")
	halfHead, _, _ := said("HTTP/1.1 200 OK\r\nContent-")
	halfStatus, _, _ := said("HTTP/1.")
	toClose, _, _ := said("HTTP/1.1 200 OK\r\n\r\nhello")
	oldChunk, _, _ := said("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
	interim, _, _ := said("HTTP/1.1 103 Early Hints\r\n\r\n")
	long, used, _ := said("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok")
	none, _, bad := said("SSH-2.0-OpenSSH_9.6\r\n")
	header, _, badHeader := said("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")
	tally := newTally()
	for _, c := range []struct {
		want string
		say  func() string
		of   *replyParser
	}{
		{"Content-Length 5, and 2 bytes came in time", cut.late, cut},
		{"Content-Length 5, and 2 bytes came", cut.unfinished, cut},
		{"no byte of a reply came in time", mute.late, mute},
		{"a chunk lacks 3 bytes; of the body 2 bytes came in time", chunk.late, chunk},
		{"the reply ends in its headers, and did not go on in time", halfHead.late, halfHead},
		{"the reply ends in its status line, and did not go on in time", halfStatus.late, halfStatus},
		{"the reply ends in its headers", halfHead.unfinished, halfHead},
		{"without Content-Length or chunks a reply ends when the server closes the connection; it did not in time, after 5 bytes", toClose.late, toClose},
		{"without Content-Length a reply of HTTP/1.0, which knows no chunks, ends when the server closes the connection; it did not in time, after 5 bytes", oldChunk.late, oldChunk},
		{"an interim reply (1xx) came, and no final one in time", interim.late, interim},
		{`1 byte after the reply, which ended by its Content-Length 1: "k"`, func() string {
			return long.after([]byte("ok")[used-len("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"):])
		}, long},
		{`no HTTP status line: it begins with "SSH-2.0-OpenSSH_9.6"`, func() string { return none.malformed(bad) }, none},
		{`bad header line: "no colon"`, func() string { return header.malformed(badHeader) }, header},
	} {
		why := c.say()
		if why != c.want {
			t.Errorf("told as %q, want %q", why, c.want)
		}
		cause := fixed(measure.CauseMalformed)
		tally.fail(cause, 0, c.of.begun, why)
		if n := testing.AllocsPerRun(100, func() { tally.fail(cause, time.Second, c.of.begun, c.say()) }); n > 0 {
			t.Errorf("%q: %g allocations a failure", why, n)
		}
	}
}

// Words that differ each time must not fill the memory.
func TestWordsThatDifferAreBounded(t *testing.T) {
	var w words
	for i := range int64(10 * mostSaid) {
		if got, want := w.of(appendBytes(w.begin("n: "), i+2)), string(appendBytes([]byte("n: "), i+2)); got != want {
			t.Fatalf("told as %q, want %q", got, want)
		}
	}
	if len(w.said) > mostSaid {
		t.Errorf("%d texts are kept", len(w.said))
	}
}
