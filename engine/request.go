package engine

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/net/idna"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/traffic"
)

// prepared is a request as bytes, made once and sent over and over.
type prepared struct {
	address string // host:port to dial, the first of them
	// addresses are all that the host's name stands for and that take connections, when
	// it was looked up: new connections go to each in turn. Empty: address alone.
	addresses []string
	dialled   atomic.Uint64 // connections so far, of the portable client

	head bool // a HEAD request: its replies have no body
	// idempotent: sent twice, the request means no more than once (RFC 9110, 9.2.2),
	// so that it may be sent again when a connection closed under it.
	idempotent bool
	bytes      []byte
	// tail is where the head of the request ends, before its empty line: what
	// one user adds to it goes between bytes[:tail] and bytes[tail:].
	tail int

	tls   *tls.Config    // nil: not https
	http2 *http2Requests // nil: HTTP/1.1

	arrives bool // connections tell when what is read had arrived
}

// plain says whether requests go out as they stand in bytes, over bare TCP.
func (p *prepared) plain() bool { return p.tls == nil && p.http2 == nil }

// validators is what a user's cache has added to the request.
func (p *prepared) validators(request []byte) []byte {
	return request[p.tail : p.tail+len(request)-len(p.bytes)]
}

func prepare(request traffic.Request) (*prepared, error) {
	target, err := url.Parse(request.URL)
	if err != nil {
		return nil, fmt.Errorf("the URL %q can't be read: %w", request.URL, err)
	}
	switch {
	case target.Scheme != "http" && target.Scheme != "https" && target.Scheme != "" && target.Host != "":
		return nil, fmt.Errorf("%s: %s is not HTTP; use the server's http or https address", request.URL, target.Scheme)
	case target.Scheme != "http" && target.Scheme != "https" || target.Hostname() == "":
		return nil, fmt.Errorf("the URL %q is not absolute; write it like http://127.0.0.1:8080/hello", request.URL)
	}
	if err := toPunycode(target); err != nil {
		return nil, fmt.Errorf("%s: %w", request.URL, err)
	}
	port := target.Port()
	if port == "" {
		port = "80"
		if target.Scheme == "https" {
			port = "443"
		}
	}
	if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
		return nil, fmt.Errorf("%s: %s is no port; ports go from 1 to 65535", request.URL, port)
	}
	method := request.Method
	if method == "" {
		method = "GET"
	}
	switch {
	case !isToken(method):
		return nil, field.Errorf("method", "%q is no HTTP method; pass one such as GET or POST", request.Method)
	case method == "CONNECT":
		return nil, field.Errorf("method", "CONNECT opens a tunnel and gets no reply to measure; pass another")
	}
	p := &prepared{address: net.JoinHostPort(target.Hostname(), port), head: method == "HEAD", idempotent: idempotent(method)}
	given := map[string]bool{}
	if target.User != nil {
		password, _ := target.User.Password()
		request.Headers = append([]traffic.Header{{Name: "Authorization", Value: "Basic " +
			base64.StdEncoding.EncodeToString([]byte(target.User.Username()+":"+password))}}, request.Headers...)
	}
	var lines strings.Builder
	for _, header := range request.Headers {
		if !isToken(header.Name) || strings.ContainsAny(header.Value, "\r\n\x00") {
			return nil, field.Errorf("header", "%q: a name has letters, digits and dashes, and a value no line ends", header.Name+": "+header.Value)
		}
		if name := strings.ToLower(header.Name); name == "host" && given[name] {
			return nil, field.Errorf("header", ": Host stands twice; a request has one")
		}
		given[strings.ToLower(header.Name)] = true
		fmt.Fprintf(&lines, "%s: %s\r\n", header.Name, header.Value)
	}
	if given["transfer-encoding"] || given["content-length"] {
		return nil, field.Errorf("header", ": Content-Length and Transfer-Encoding follow from the body; leave them out")
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s HTTP/1.1\r\n", method, inRequestLine(target.RequestURI()))
	if !given["host"] {
		fmt.Fprintf(&text, "Host: %s\r\n", hostHeader(target))
	}
	if !given["user-agent"] {
		text.WriteString("User-Agent: benchtui\r\n")
	}
	text.WriteString(lines.String())
	if len(request.Body) > 0 || method == "POST" || method == "PUT" || method == "PATCH" {
		fmt.Fprintf(&text, "Content-Length: %d\r\n", len(request.Body))
	}
	p.tail = text.Len()
	text.WriteString("\r\n")
	p.bytes = append([]byte(text.String()), request.Body...)
	if target.Scheme == "https" {
		p.tls = tlsConfig(target.Hostname(), request)
	} else if request.Insecure {
		return nil, field.Errorf("insecure", "is for https, and %s is not", request.URL)
	}
	if request.HTTP2 {
		p.http2, err = newHTTP2Requests(target, net.JoinHostPort(target.Hostname(), port), method, request.Headers, request.Body)
	}
	return p, err
}

// idempotent says whether a method is, by RFC 9110, section 9.2.2. Methods are told
// apart by their case, and one that is not known may do anything.
func idempotent(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE":
		return true
	}
	return false
}

// toPunycode writes an internationalized host name as DNS, certificates and the Host
// header have it (RFC 5891).
func toPunycode(target *url.URL) error {
	host := target.Hostname()
	if !strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		return nil
	}
	// As idna.Lookup, and no part of the name may be empty.
	ascii, err := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true)).ToASCII(host)
	if err != nil {
		return fmt.Errorf("%s is no name of a host: %w", host, err)
	}
	if port := target.Port(); port != "" {
		ascii = net.JoinHostPort(ascii, port)
	}
	target.Host = ascii
	return nil
}

// tlsConfig is what every connection begins from: each shakes hands in full, as
// users who have not come before do.
func tlsConfig(host string, request traffic.Request) *tls.Config {
	protocol := protocolHTTP1
	if request.HTTP2 {
		protocol = protocolHTTP2
	}
	host, _, _ = strings.Cut(host, "%")
	return &tls.Config{ServerName: host, NextProtos: []string{protocol}, InsecureSkipVerify: request.Insecure}
}

// inRequestLine escapes what url.Parse lets pass in a query and a request line
// can't hold.
func inRequestLine(uri string) string {
	if !strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return uri
	}
	var escaped strings.Builder
	for i := range len(uri) {
		if c := uri[i]; c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&escaped, "%%%02X", c)
		} else {
			escaped.WriteByte(c)
		}
	}
	return escaped.String()
}

// hostHeader is the target's host and port, without the zone of an IPv6 address,
// which means nothing to the server.
func hostHeader(target *url.URL) string {
	host, zone, zoned := strings.Cut(target.Hostname(), "%")
	if !zoned || zone == "" {
		return target.Host
	}
	if port := target.Port(); port != "" {
		return net.JoinHostPort(host, port)
	}
	return "[" + host + "]"
}

// isToken says whether the text is a token of RFC 9110, section 5.6.2.
func isToken(text string) bool {
	if text == "" {
		return false
	}
	for i := range len(text) {
		c := text[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return true
}
