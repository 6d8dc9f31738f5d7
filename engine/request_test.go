package engine

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/traffic"
)

func TestRequestIsSentAsAsked(t *testing.T) {
	for _, c := range []struct {
		name    string
		request traffic.Request
		want    string
	}{
		{"a GET", traffic.Request{URL: "http://127.0.0.1:8080/hello?a=b&c"},
			"GET /hello?a=b&c HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: benchtui\r\n\r\n"},
		{"no path", traffic.Request{URL: "http://example.com"},
			"GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: benchtui\r\n\r\n"},
		{"a fragment stays here", traffic.Request{URL: "http://h/a#b"},
			"GET /a HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\n\r\n"},
		{"blanks and umlauts", traffic.Request{URL: "http://h/a b/ü?q=ü x"},
			"GET /a%20b/%C3%BC?q=%C3%BC%20x HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\n\r\n"},
		{"IPv6", traffic.Request{URL: "http://[::1]:80/"},
			"GET / HTTP/1.1\r\nHost: [::1]:80\r\nUser-Agent: benchtui\r\n\r\n"},
		{"IPv6 with a zone", traffic.Request{URL: "http://[fe80::1%25eth0]:80/"},
			"GET / HTTP/1.1\r\nHost: [fe80::1]:80\r\nUser-Agent: benchtui\r\n\r\n"},
		{"headers as given", traffic.Request{URL: "http://h/", Headers: []traffic.Header{{Name: "x-A", Value: "1"}, {Name: "HOST", Value: "other"}, {Name: "user-agent", Value: "me"}, {Name: "x-A", Value: ""}}},
			"GET / HTTP/1.1\r\nx-A: 1\r\nHOST: other\r\nuser-agent: me\r\nx-A: \r\n\r\n"},
		{"a body", traffic.Request{Method: "PUT", URL: "http://h/", Body: []byte("hi")},
			"PUT / HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\nContent-Length: 2\r\n\r\nhi"},
		{"a POST of nothing", traffic.Request{Method: "POST", URL: "http://h/"},
			"POST / HTTP/1.1\r\nHost: h\r\nUser-Agent: benchtui\r\nContent-Length: 0\r\n\r\n"},
		{"a name and a password", traffic.Request{URL: "http://Aladdin:open%20sesame@h/"}, // the example of RFC 7617
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
		request traffic.Request
		says    string
	}{
		{traffic.Request{}, "not absolute"},
		{traffic.Request{URL: "localhost:8080/hello"}, "not absolute"},
		{traffic.Request{URL: "/hello"}, "not absolute"},
		{traffic.Request{URL: "http:///hello"}, "not absolute"},
		{traffic.Request{URL: "ftp://h/"}, "ftp is not HTTP"},
		{traffic.Request{URL: "http://h/", Insecure: true}, "insecure is for https"},
		{traffic.Request{URL: "https://h/", HTTP2: true, Headers: []traffic.Header{{Name: "Connection", Value: "keep-alive"}}}, "HTTP/2 has no such header"},
		{traffic.Request{URL: "http://h:0/"}, "ports go from 1"},
		{traffic.Request{URL: "http://h:65536/"}, "ports go from 1"},
		{traffic.Request{URL: "http://h:port/"}, "can't be read"},
		{traffic.Request{URL: "http://h/\n"}, "can't be read"},
		{traffic.Request{URL: "http://h/", Method: "GE T"}, "method"},
		{traffic.Request{URL: "http://h/", Method: "CONNECT"}, "method"},
		{traffic.Request{URL: "http://h/", Headers: []traffic.Header{{Name: "A B", Value: "1"}}}, "header"},
		{traffic.Request{URL: "http://h/", Headers: []traffic.Header{{Name: "", Value: "1"}}}, "header"},
		{traffic.Request{URL: "http://h/", Headers: []traffic.Header{{Name: "A", Value: "1\r\nB: 2"}}}, "header"},
		{traffic.Request{URL: "http://h/", Headers: []traffic.Header{{Name: "Host", Value: "a"}, {Name: "host", Value: "b"}}}, "twice"},
		{traffic.Request{URL: "http://h/", Headers: []traffic.Header{{Name: "Content-Length", Value: "5"}}}, "leave them out"},
	} {
		_, err := prepare(c.request)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: %v; want one line with %q", c.request, err, c.says)
		}
	}
}
