package engine

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// outcome is all that a parser tells of what it was fed before the connection closed.
type outcome struct {
	status             int
	body               string
	keep               bool
	etag, lastModified string
	after              int  // bytes that came after the reply
	open               bool // the reply was not at its end when the connection closed
	bad                string
}

// parse feeds the text to a parser in pieces of the given sizes, the rest at once.
func parse(p *replyParser, text []byte, head bool, sizes ...int) outcome {
	p.begin(head)
	total := len(text)
	used, done := 0, false
	for used < total && !done {
		size := total - used
		if len(sizes) > 0 {
			size, sizes = min(max(sizes[0], 1), size), sizes[1:]
		}
		n, end, err := p.feed(text[used : used+size])
		used += n
		done = end
		if err != nil {
			return outcome{bad: err.Error()}
		}
	}
	if !done && !p.closed(false) {
		return outcome{open: true}
	}
	return outcome{
		status: p.status, body: string(p.body), keep: p.keep,
		etag: string(p.etag), lastModified: string(p.lastModified), after: total - used,
	}
}

// replies are of real servers, and the odd ones that the standard allows or forbids.
var replies = []struct {
	name string
	text string
	head bool // it answers a HEAD request
	want outcome
}{
	{name: "net/http",
		text: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Length: 16\r\n\r\n{\"name\":\"hello\"}",
		want: outcome{status: 200, body: `{"name":"hello"}`, keep: true}},
	{name: "Express",
		text: "HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 16\r\nETag: W/\"10-oV4hJxRVSENxc/wX8+mA4\"\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n{\"name\":\"hello\"}",
		want: outcome{status: 200, body: `{"name":"hello"}`, keep: true, etag: `W/"10-oV4hJxRVSENxc/wX8+mA4"`}},
	{name: "Express, not modified",
		text: "HTTP/1.1 304 Not Modified\r\nX-Powered-By: Express\r\nETag: W/\"10\"\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n",
		want: outcome{status: 304, keep: true, etag: `W/"10"`}},
	{name: "nginx",
		text: "HTTP/1.1 200 OK\r\nServer: nginx/1.26.3\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 3\r\nLast-Modified: Tue, 04 Feb 2025 16:00:00 GMT\r\nConnection: keep-alive\r\nETag: \"67a2-3\"\r\nAccept-Ranges: bytes\r\n\r\nhi\n",
		want: outcome{status: 200, body: "hi\n", keep: true, etag: `"67a2-3"`, lastModified: "Tue, 04 Feb 2025 16:00:00 GMT"}},
	{name: "nginx, the last that its keepalive_requests allow",
		text: "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
		want: outcome{status: 200, body: "ok"}},
	{name: "Node, streamed",
		text: "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
		want: outcome{status: 200, body: "hello world", keep: true}},
	{name: "Actix", // lower-case names
		text: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\ndate: Mon, 23 Nov 2026 12:00:00 GMT\r\n\r\n{}",
		want: outcome{status: 200, body: "{}", keep: true}},
	{name: "Tomcat, no reason",
		text: "HTTP/1.1 200 \r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nKeep-Alive: timeout=60\r\nConnection: keep-alive\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		want: outcome{status: 200, body: "{}", keep: true}},
	{name: "status alone", text: "HTTP/1.1 204\r\n\r\n", want: outcome{status: 204, keep: true}},
	{name: "Python's http.server",
		text: "HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6 Python/3.13\r\nContent-type: text/plain\r\n\r\nuntil the end",
		want: outcome{status: 200, body: "until the end"}},
	{name: "HTTP/1.0, keep-alive",
		text: "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx",
		want: outcome{status: 200, body: "x", keep: true}},
	{name: "HTTP/1.0 knows no chunks",
		text: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		want: outcome{status: 200, body: "0\r\n\r\n"}},
	{name: "lines that end in LF alone",
		text: "HTTP/1.1 200 OK\nContent-Length: 1\n\nx",
		want: outcome{status: 200, body: "x", keep: true}},
	{name: "chunks with extensions and trailers",
		text: "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: Chunked\r\n\r\n00A;name=\"v\"\r\n0123456789\r\n1 ; x\r\nz\r\n000;last\r\nX-Sum: 1\r\nETag: late\r\n\r\n",
		want: outcome{status: 200, body: "0123456789z", keep: true}},
	{name: "chunks outweigh a length",
		text: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
		want: outcome{status: 200, body: "x", keep: true}},
	{name: "100 before the reply",
		text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
		want: outcome{status: 200, body: "x", keep: true}},
	{name: "early hints with headers of their own",
		text: "HTTP/1.1 103 Early Hints\r\nETag: no\r\nConnection: close\r\nContent-Length: 7\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		want: outcome{status: 200, keep: true}},
	{name: "switching protocols ends the HTTP", text: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", want: outcome{status: 101}},
	{name: "HEAD", head: true,
		text: "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
		want: outcome{status: 200, keep: true}},
	{name: "HEAD, chunked", head: true,
		text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		want: outcome{status: 200, keep: true}},
	{name: "304 with the length of what it does not send",
		text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 35\r\n\r\n",
		want: outcome{status: 304, keep: true}},
	{name: "no length: until the close",
		text: "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\nall of it",
		want: outcome{status: 200, body: "all of it"}},
	{name: "the same length twice",
		text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
		want: outcome{status: 200, body: "x", keep: true}},
	{name: "close outweighs keep-alive",
		text: "HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: foo, keep-alive\r\nContent-Length: 0\r\n\r\n",
		want: outcome{status: 200}},
	{name: "a folded header",
		text: "HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\nContent-Length: 0\r\n\r\n",
		want: outcome{status: 200, keep: true}},
	{name: "bytes after the reply",
		text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxyz",
		want: outcome{status: 200, body: "x", keep: true, after: 2}},

	{name: "cut in the status line", text: "HTTP/1.1 2", want: outcome{open: true}},
	{name: "cut in the headers", text: "HTTP/1.1 200 OK\r\nContent-Len", want: outcome{open: true}},
	{name: "cut in the body", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx", want: outcome{open: true}},
	{name: "cut in a chunk", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", want: outcome{open: true}},
	{name: "cut before the last chunk", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", want: outcome{open: true}},
	{name: "nothing", text: "", want: outcome{open: true}},

	{name: "another protocol", text: "SSH-2.0-OpenSSH_9.9", want: outcome{bad: errStatusLine.Error()}},
	{name: "HTTP/2", text: "HTTP/2 200\r\n\r\n", want: outcome{bad: errStatusLine.Error()}},
	{name: "status of two digits", text: "HTTP/1.1 20 OK\r\n\r\n", want: outcome{bad: errStatusLine.Error()}},
	{name: "header without a colon", text: "HTTP/1.1 200 OK\r\nnothing\r\n\r\n", want: outcome{bad: errHeaderLine.Error()}},
	{name: "space before the colon", text: "HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc", want: outcome{bad: errHeaderLine.Error()}},
	{name: "a folded length", text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 0\r\n\r\nx", want: outcome{bad: errHeaderLine.Error()}},
	{name: "lengths that differ", text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy", want: outcome{bad: errContentLength.Error()}},
	{name: "a negative length", text: "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", want: outcome{bad: errContentLength.Error()}},
	{name: "a length beyond all bounds", text: "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", want: outcome{bad: errContentLength.Error()}},
	{name: "an unknown encoding", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", want: outcome{bad: errEncoding.Error()}},
	{name: "a chunk size that is none", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", want: outcome{bad: errChunk.Error()}},
	{name: "a chunk longer than its size", text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n", want: outcome{bad: errChunk.Error()}},
	{name: "headers without end", text: "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Pad: 0123456789\r\n", 4000), want: outcome{bad: errHeadTooLarge.Error()}},
	{name: "a header line without end", text: "HTTP/1.1 200 OK\r\nX-Pad: " + strings.Repeat("0", maxHeadBytes), want: outcome{bad: errHeadTooLarge.Error()}},
	{name: "hints without end", text: strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 3000), want: outcome{bad: errHeadTooLarge.Error()}},
}

func TestReplyIsReadAsItWasMeant(t *testing.T) {
	p := &replyParser{bodyLimit: maxCheckedBody}
	for _, reply := range replies {
		if got := parse(p, []byte(reply.text), reply.head); got != reply.want {
			t.Errorf("%s:\n got %+v\nwant %+v", reply.name, got, reply.want)
		}
	}
}

// Where the network cuts a reply is chance; it may change nothing.
func TestReplySplitAtAnyByteIsTheSame(t *testing.T) {
	p := &replyParser{bodyLimit: maxCheckedBody}
	for _, reply := range replies {
		if len(reply.text) > 1000 {
			continue
		}
		for cut := 1; cut < len(reply.text); cut++ {
			if got := parse(p, []byte(reply.text), reply.head, cut); got != reply.want {
				t.Errorf("%s, cut at %d:\n got %+v\nwant %+v", reply.name, cut, got, reply.want)
			}
		}
		ones := make([]int, len(reply.text))
		if got := parse(p, []byte(reply.text), reply.head, ones...); got != reply.want {
			t.Errorf("%s, byte by byte:\n got %+v\nwant %+v", reply.name, got, reply.want)
		}
	}
}

func TestBodyIsKeptUpToItsLimit(t *testing.T) {
	p := &replyParser{bodyLimit: 3}
	got := parse(p, []byte("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef"), false, 40, 1)
	if got.body != "abc" || p.bodySeen != 6 {
		t.Errorf("kept %q of %d bytes; want abc of 6", got.body, p.bodySeen)
	}
}

// FuzzReply holds that no split changes the outcome, and that net/http reads the
// same where it accepts what we accept.
func FuzzReply(f *testing.F) {
	for _, reply := range replies {
		if len(reply.text) < 1000 {
			f.Add([]byte(reply.text), reply.head, []byte{1, 7, 20})
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, head bool, cuts []byte) {
		p := &replyParser{bodyLimit: 1 << 20}
		whole := parse(p, text, head)
		sizes := make([]int, len(cuts))
		for i, cut := range cuts {
			sizes[i] = int(cut)
		}
		if split := parse(p, text, head, sizes...); !sameOutcome(split, whole) {
			t.Fatalf("whole %+v\nsplit %+v", whole, split)
		}
		if whole.open || whole.bad != "" {
			return
		}
		oracle(t, text, head, whole)
	})
}

// sameOutcome bears that of two faults in one reply, the one told first may
// depend on how much of it had come.
func sameOutcome(a, b outcome) bool {
	return a == b || a.bad != "" && b.bad != ""
}

// oracle reads the text as net/http does and compares.
func oracle(t *testing.T, text []byte, head bool, got outcome) {
	method := http.MethodGet
	if head {
		method = http.MethodHead
	}
	from := bytes.NewReader(text)
	reader := bufio.NewReader(from)
	for {
		reply, err := http.ReadResponse(reader, &http.Request{Method: method})
		if err != nil {
			return // net/http is stricter in some places
		}
		if reply.StatusCode < 200 && reply.StatusCode != 101 {
			continue
		}
		body, err := io.ReadAll(reply.Body)
		if err != nil {
			return
		}
		if got.status != reply.StatusCode || got.body != string(body) {
			t.Fatalf("got %+v\nnet/http: status %d, body %q", got, reply.StatusCode, body)
		}
		if reply.ProtoMinor == 1 && got.status != 101 && got.keep == reply.Close && got.keep {
			t.Fatalf("got %+v\nnet/http: close %v", got, reply.Close)
		}
		return
	}
}

func BenchmarkReply(b *testing.B) {
	for _, reply := range replies[:6] {
		b.Run(reply.name, func(b *testing.B) {
			p := &replyParser{bodyLimit: maxCheckedBody}
			text := []byte(reply.text)
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				p.begin(false)
				if _, done, err := p.feed(text); !done || err != nil {
					b.Fatal(done, err)
				}
			}
		})
	}
}

func TestReadingRepliesAllocatesNothing(t *testing.T) {
	p := &replyParser{bodyLimit: maxCheckedBody}
	for _, reply := range replies {
		text := []byte(reply.text)
		feed := func() {
			p.begin(reply.head)
			if _, done, err := p.feed(text[:len(text)/2]); !done && err == nil {
				_, _, _ = p.feed(text[len(text)/2:])
			}
		}
		if allocs := testing.AllocsPerRun(20, feed); allocs > 0 {
			t.Errorf("%s: %v allocations", reply.name, allocs)
		}
	}
}

// Chunks are none of HTTP/1.0, so where such a reply ends is uncertain, whatever else
// it says: nothing more may be read from the connection (RFC 9112, 6.1).
func TestOldReplyWithTransferEncodingCloses(t *testing.T) {
	for text, keeps := range map[string]bool{
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi":                               true,
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nhi": false,
		"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi": false,
		"HTTP/1.0 204 No\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n":                        false,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n":                              true,
	} {
		var p replyParser
		p.begin(false)
		if used, done, err := p.feed([]byte(text)); used != len(text) || !done || err != nil || p.keep != keeps {
			t.Errorf("%q: %d of %d bytes, done %v, keeps %v, %v; want keeps %v", text, used, len(text), done, p.keep, err, keeps)
		}
	}
}
