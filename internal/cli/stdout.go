package cli

import (
	"errors"
	"fmt"
	"io"
	"syscall"
)

// standardOutput remembers that something could not be written, for those who write
// without looking: what was asked for and is not there must not end with success.
type standardOutput struct {
	to  io.Writer
	err error
}

func (s *standardOutput) Write(text []byte) (int, error) {
	n, err := s.to.Write(text)
	if err != nil && s.err == nil {
		s.err = err
	}
	return n, err
}

// outputError tells that stdout took no more.
type outputError struct{ err error }

func (e *outputError) Error() string {
	return fmt.Sprintf("what should have been printed is lost: %v", e.err)
}
func (e *outputError) Unwrap() error { return e.err }

// stdoutError is the error of a write to stdout as it is told. A reader that went
// away, as head does, has had what it wanted: that is none.
func stdoutError(err error) error {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return &outputError{err}
}
