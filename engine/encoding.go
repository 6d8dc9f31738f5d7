package engine

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
)

// contentEncoding is how the body of a reply is compressed.
type contentEncoding uint8

const (
	identity contentEncoding = iota
	gzipped
	deflated
	otherEncoding // one that can't be read here, such as br
)

// encodingOf reads the value of a Content-Encoding header (RFC 9110, section 8.4.1).
func encodingOf(value []byte) contentEncoding {
	switch {
	case len(value) == 0 || is(value, "identity"):
		return identity
	case is(value, "gzip") || is(value, "x-gzip"):
		return gzipped
	case is(value, "deflate"):
		return deflated
	}
	return otherEncoding
}

// decompressed is the body as it was before it was compressed, at most limit bytes
// of it; whole says whether that is all.
func decompressed(body []byte, encoding contentEncoding, limit int) (plain []byte, whole bool, err error) {
	var from io.Reader
	switch encoding {
	case gzipped:
		from, err = gzip.NewReader(bytes.NewReader(body))
	case deflated:
		// It means zlib's format; some servers send what is inside it.
		if from, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
			from, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	}
	if err != nil {
		return nil, false, err
	}
	plain, err = io.ReadAll(io.LimitReader(from, int64(limit)+1))
	if err != nil {
		return nil, false, err
	}
	return plain[:min(len(plain), limit)], len(plain) <= limit, nil
}
