package cli

import (
	"errors"
	"fmt"
	"io"
	"syscall"
)

// standardOutput remembers that something could not be written, for those who write
// without looking: what was asked for and is not there must not end with success.
//
// A reader that went away, as head does, has had what it wanted. What is written after
// that goes nowhere, so that no command complains of it, and each does what else was
// asked of it; those that take long look whether it has left.
type standardOutput struct {
	to   io.Writer
	err  error
	left bool
}

func (s *standardOutput) Write(text []byte) (int, error) {
	if s.left {
		return len(text), nil
	}
	n, err := s.to.Write(text)
	if errors.Is(err, syscall.EPIPE) {
		s.left = true
		return len(text), nil
	}
	if err != nil && s.err == nil {
		s.err = err
	}
	return n, err
}

// hasLeft says that a command's stdout has nobody who reads it any more.
func hasLeft(stdout io.Writer) bool {
	s, ok := stdout.(*standardOutput)
	return ok && s.left
}

// outputError tells that stdout took no more.
type outputError struct{ err error }

func (e *outputError) Error() string {
	return fmt.Sprintf("what should have been printed is lost: %v", e.err)
}
func (e *outputError) Unwrap() error { return e.err }

// stdoutError is the error of a write to stdout or stderr as it is told.
func stdoutError(err error) error {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return &outputError{err}
}
