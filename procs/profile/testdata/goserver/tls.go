package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"
)

// serveTLS serves as main does, through TLS.
func serveTLS(listener net.Listener) {
	server := http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate()}}}
	fmt.Println("https://" + listener.Addr().String())
	_ = server.ServeTLS(listener, "", "")
}

// certificate is one that nobody signed but its owner.
func certificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}
}
