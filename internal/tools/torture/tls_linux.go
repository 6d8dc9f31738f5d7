package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"maps"
	"math/big"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// tlsRoles are what becomes of a connection of TLS before or while it shakes hands.
// turn is which connection it is.
var tlsRoles = map[string]struct {
	noun  string
	spoil func(c net.Conn, turn int) net.Conn // nil: it is dealt with
}{
	"garbage after the hello": {"TLS garbage", func(c net.Conn, _ int) net.Conn { return says(c, strings.Repeat("\x00\xff", 500)) }},
	"escape sequences":        {"TLS garbage", func(c net.Conn, _ int) net.Conn { return says(c, hostile) }},
	"plain HTTP":              {"TLS garbage", func(c net.Conn, _ int) net.Conn { return says(c, good) }},
	"an alert":                {"TLS garbage", func(c net.Conn, _ int) net.Conn { return says(c, "\x15\x03\x03\x00\x02\x02\x28") }},
	"alerts without end":      {"TLS garbage", func(c net.Conn, _ int) net.Conn { return saysOn(c, "\x15\x03\x03\x00\x02\x01\x5a") }},
	"records without end":     {"TLS garbage", func(c net.Conn, _ int) net.Conn { return saysOn(c, "\x14\x03\x03\x00\x01\x01") }},
	"a record of 64 kB":       {"TLS garbage", func(c net.Conn, _ int) net.Conn { return saysOn(c, "\x16\x03\x03\xff\xff") }},
	"a handshake of 16 MB": {"TLS garbage", func(c net.Conn, _ int) net.Conn {
		return saysOn(c, "\x16\x03\x03\x40\x00\x02\xff\xff\xff"+strings.Repeat("\x00", 0x3ffc))
	}},
	"bytes changed": {"TLS garbage", func(c net.Conn, turn int) net.Conn {
		return &meddled{Conn: c, chance: rand.New(rand.NewPCG(uint64(turn), 1)), changes: true, left: 1 << 30}
	}},
	"nothing after the hello": {"half a TLS handshake", func(c net.Conn, _ int) net.Conn { _, _ = io.Copy(io.Discard, c); return nil }},
	"closed after the hello":  {"half a TLS handshake", func(c net.Conn, _ int) net.Conn { return says(c, "") }},
	"silence within the shake": {"half a TLS handshake", func(c net.Conn, turn int) net.Conn {
		return &meddled{Conn: c, chance: rand.New(rand.NewPCG(uint64(turn), 1)), left: turn * 37 % 900}
	}},
	"a cut within the shake": {"half a TLS handshake", func(c net.Conn, turn int) net.Conn {
		return &meddled{Conn: c, chance: rand.New(rand.NewPCG(uint64(turn), 1)), left: turn * 37 % 900, closes: true}
	}},
	"a shake that drips": {"half a TLS handshake", func(c net.Conn, turn int) net.Conn {
		return &meddled{Conn: c, chance: rand.New(rand.NewPCG(uint64(turn), 1)), left: 1 << 30, drips: true}
	}},
}

func says(c net.Conn, text string) net.Conn {
	hello := make([]byte, 4096)
	_, _ = c.Read(hello)
	_, _ = io.WriteString(c, text)
	c.Close()
	return nil
}

func saysOn(c net.Conn, text string) net.Conn {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			c.Close()
			return nil
		}
	}
}

// meddled is a connection of which something becomes of what the server writes.
type meddled struct {
	net.Conn
	chance                 *rand.Rand
	left                   int // bytes until it is silent, or closed
	closes, changes, drips bool
}

func (m *meddled) Write(p []byte) (int, error) {
	sent := slices.Clone(p[:min(len(p), m.left)])
	m.left -= len(sent)
	if m.changes && len(sent) > 0 && m.chance.IntN(2) == 0 {
		sent[m.chance.IntN(len(sent))] ^= byte(1 + m.chance.IntN(255))
	}
	for len(sent) > 0 {
		some := len(sent)
		if m.drips {
			some = min(some, 64)
			time.Sleep(20 * time.Millisecond)
		}
		if _, err := m.Conn.Write(sent[:some]); err != nil {
			return 0, err
		}
		sent = sent[some:]
	}
	if m.left == 0 {
		if m.closes {
			return 0, m.Close()
		}
		_, _ = io.Copy(io.Discard, m.Conn)
	}
	return len(p), nil
}

// tlsFaults are all of them, by HTTP/1.1 and HTTP/2, of a server that shakes hands well
// once, and of certificates that nobody should trust.
func tlsFaults() (all []fault) {
	for _, name := range slices.Sorted(maps.Keys(tlsRoles)) {
		role := tlsRoles[name]
		all = append(all, fault{name: "TLS: " + name, noun: role.noun, try: func(r *row) {
			for _, more := range [][]string{{}, {"--http2"}}[:r.times(2)] {
				url, end := serveTLS(r, func(c net.Conn, turn int) net.Conn {
					if turn == 1 {
						return c
					}
					return role.spoil(c, turn)
				})
				r.run(try{args: append(append([]string{"run", "--url", url, "--insecure", "--timeout", "1s", "--warmup", "0s", "--no-record"}, steady("400ms")...), more...), memory: mostMemory})
				end()
			}
		}})
	}
	return append(all, fault{name: "TLS: a certificate of nobody's", noun: "TLS garbage", try: func(r *row) {
		url, end := serveTLS(r, func(c net.Conn, _ int) net.Conn { return c })
		defer end()
		r.run(try{args: append([]string{"run", "--url", url, "--no-record", "--warmup", "0s"}, steady("300ms")...), codes: []int{1}})
	}})
}

// serveTLS is a server in this process.
func serveTLS(r *row, spoil func(net.Conn, int) net.Conn) (url string, end func()) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		r.trouble("%v", err)
		return "", func() {}
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "torture" + hostile}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(crand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		r.trouble("%v", err)
		return "", func() {}
	}
	settings := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, NextProtos: []string{"h2", "http/1.1"}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.trouble("%v", err)
		return "", func() {}
	}
	var turn, requests atomic.Int64
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			n := int(turn.Add(1))
			go func() {
				spoilt := spoil(c, n)
				if spoilt == nil {
					return
				}
				defer spoilt.Close()
				secure := tls.Server(spoilt, settings)
				if secure.Handshake() != nil {
					return
				}
				if secure.ConnectionState().NegotiatedProtocol == "h2" {
					serveHTTP2(secure, &requests, http2Role{answer: func(h http2Turn) { _ = h.reply() }})
					return
				}
				serve(secure, func(c net.Conn) bool { _, err := io.WriteString(c, good); return err == nil })
			}()
		}
	}()
	return "https://" + listener.Addr().String() + "/", func() { listener.Close() }
}
