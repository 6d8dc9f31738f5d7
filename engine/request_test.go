package engine

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestRequestIsSentAsAsked(t *testing.T) {
	for _, c := range []struct {
		name    string
		request Request
		want    string
	}{
		{"a GET", Request{URL: "http://127.0.0.1:8080/hello?a=b&c"},
			"GET /hello?a=b&c HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: benchtui\r\n\r\n"},
		{"no path", Request{URL: "http://example.com"},
			"GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: benchtui\r\n\r\n"},
		{"a fragment stays here", Request{URL: "http://h/a#b"},
			"GET /a HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\n\r\n"},
		{"blanks and umlauts", Request{URL: "http://h/a b/ü?q=ü x"},
			"GET /a%20b/%C3%BC?q=%C3%BC%20x HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\n\r\n"},
		{"IPv6", Request{URL: "http://[::1]:80/"},
			"GET / HTTP/1.1\r\nHost: [::1]:80\r\nUser-Agent: benchtui\r\n\r\n"},
		{"IPv6 with a zone", Request{URL: "http://[fe80::1%25eth0]:80/"},
			"GET / HTTP/1.1\r\nHost: [fe80::1]:80\r\nUser-Agent: benchtui\r\n\r\n"},
		{"headers as given", Request{URL: "http://h/", Headers: []Header{{"x-A", "1"}, {"HOST", "other"}, {"user-agent", "me"}, {"x-A", ""}}},
			"GET / HTTP/1.1\r\nx-A: 1\r\nHOST: other\r\nuser-agent: me\r\nx-A: \r\n\r\n"},
		{"a body", Request{Method: "PUT", URL: "http://h/", Body: []byte("hi")},
			"PUT / HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\nContent-Length: 2\r\n\r\nhi"},
		{"a POST of nothing", Request{Method: "POST", URL: "http://h/"},
			"POST / HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\nContent-Length: 0\r\n\r\n"},
		{"a name and a password", Request{URL: "http://Aladdin:open%20sesame@h/"}, // the example of RFC 7617
			"GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"},
	} {
		p, err := prepare(c.request)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if string(p.bytes) != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, p.bytes, c.want)
		}
		read, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(p.bytes)))
		if err != nil {
			t.Errorf("%s: net/http does not read it: %v", c.name, err)
			continue
		}
		if body, _ := io.ReadAll(read.Body); !bytes.Equal(body, c.request.Body) {
			t.Errorf("%s: net/http reads the body %q", c.name, body)
		}
		if string(p.bytes[p.tail:p.tail+2]) != "\r\n" {
			t.Errorf("%s: the head ends at %d, before %q", c.name, p.tail, p.bytes[p.tail:])
		}
	}
}

func TestRequestThatCanNotBeSentIsRefused(t *testing.T) {
	for _, c := range []struct {
		request Request
		says    string
	}{
		{Request{}, "not absolute"},
		{Request{URL: "localhost:8080/hello"}, "not absolute"},
		{Request{URL: "/hello"}, "not absolute"},
		{Request{URL: "http:///hello"}, "not absolute"},
		{Request{URL: "ftp://h/"}, "ftp is not HTTP"},
		{Request{URL: "http://h/", Insecure: true}, "--insecure is for https"},
		{Request{URL: "https://h/", HTTP2: true, Headers: []Header{{"Connection", "keep-alive"}}}, "HTTP/2 has no such header"},
		{Request{URL: "http://h:0/"}, "ports go from 1"},
		{Request{URL: "http://h:65536/"}, "ports go from 1"},
		{Request{URL: "http://h:port/"}, "can't be read"},
		{Request{URL: "http://h/\n"}, "can't be read"},
		{Request{URL: "http://h/", Method: "GE T"}, "--method"},
		{Request{URL: "http://h/", Method: "CONNECT"}, "--method"},
		{Request{URL: "http://h/", Headers: []Header{{"A B", "1"}}}, "--header"},
		{Request{URL: "http://h/", Headers: []Header{{"", "1"}}}, "--header"},
		{Request{URL: "http://h/", Headers: []Header{{"A", "1\r\nB: 2"}}}, "--header"},
		{Request{URL: "http://h/", Headers: []Header{{"Host", "a"}, {"host", "b"}}}, "twice"},
		{Request{URL: "http://h/", Headers: []Header{{"Content-Length", "5"}}}, "leave them out"},
	} {
		_, err := prepare(c.request)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: %v; want one line with %q", c.request, err, c.says)
		}
	}
}
