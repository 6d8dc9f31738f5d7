package engine

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
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

// errNoRoom says that the bodies that a load keeps to check them leave no room for another.
var errNoRoom = errors.New("no room")

// decompressed is the body as it was before it was compressed, at most limit bytes
// of it; whole says whether that is all. Its memory is taken from the budget, to be given
// back as soon as it is of no more use: taken bytes, also if there is an error.
func decompressed(body []byte, encoding contentEncoding, limit int, budget *bodyBudget) (plain []byte, taken int, whole bool, err error) {
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
		return nil, 0, false, err
	}
	plain = make([]byte, 0, min(freeBody, limit+1))
	for {
		n, err := from.Read(plain[len(plain):cap(plain)])
		plain = plain[:len(plain)+n]
		switch {
		case len(plain) > limit:
			return plain[:limit], taken, false, nil
		case errors.Is(err, io.EOF):
			return plain, taken, true, nil
		case err != nil:
			return nil, taken, false, err
		}
		if len(plain) < cap(plain) {
			continue
		}
		size := min(2*cap(plain), limit+1)
		if !budget.take(size - taken) {
			return nil, taken, false, errNoRoom
		}
		taken = size
		plain = append(make([]byte, 0, size), plain...)
	}
}
