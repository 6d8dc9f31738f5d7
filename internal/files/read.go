package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrTooLarge tells of a file that is longer than what is read of it.
var ErrTooLarge = errors.New("too large")

// Read is what a file holds, which must be no more than so many bytes: a device or a
// pipe may never end, and a file may claim a size that no memory has.
func Read(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	tooLarge := fmt.Errorf("read %s: %w: it has more than %d MiB", path, ErrTooLarge, most>>20)
	size := int64(512)
	if info.Mode().IsRegular() {
		if info.Size() > most {
			return nil, tooLarge
		}
		size = info.Size() + 1 // room to see the end
	}
	if !info.Mode().IsRegular() {
		return readStream(file, most, tooLarge)
	}
	text := make([]byte, 0, size)
	for {
		n, err := file.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case int64(len(text)) > most:
			return nil, tooLarge
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return nil, err
		}
		if len(text) == cap(text) {
			text = append(text, 0)[:len(text)]
		}
	}
}

// ReadStart is what a file holds, but no more of it than its first so many bytes.
func ReadStart(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}

// readStream is what a pipe or a device gives until its end. It comes in pieces: a text
// that grows by copies of itself takes several times what it holds.
func readStream(from io.Reader, most int64, tooLarge error) ([]byte, error) {
	const piece = 1 << 20
	var pieces [][]byte
	for read := int64(0); ; {
		next := make([]byte, min(piece, most+1-read))
		n, err := io.ReadFull(from, next)
		if n > 0 {
			pieces, read = append(pieces, next[:n]), read+int64(n)
		}
		switch {
		case read > most:
			return nil, tooLarge
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return bytes.Join(pieces, nil), nil
		case err != nil:
			return nil, err
		}
	}
}
