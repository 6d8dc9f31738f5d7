package cli

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"
)

// What nobody reads is waited for until the program is asked to end, and then no more.
func TestOutputThatNobodyTakesIsWaitedForUntilASignal(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	asked := make(chan struct{})
	w := &patientWriter{to: writer, asked: asked}
	if _, err := w.Write([]byte("read")); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := w.Write(make([]byte, 1<<20)) // more than a pipe holds
		ended <- err
	}()
	select {
	case err := <-ended:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(asked)
	if err := <-ended; !errors.Is(err, syscall.EPIPE) {
		t.Errorf("given up with %v", err)
	}
	if _, err := w.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) { // at once
		t.Errorf("after that: %v", err)
	}
	writer.Close() // ends the write that waits
}

// A reader that is slow, and takes it, gets all of it also after a signal.
func TestOutputIsWrittenAfterASignal(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	asked := make(chan struct{})
	close(asked)
	w := &patientWriter{to: writer, asked: asked}
	for range 3 {
		if n, err := w.Write([]byte("all")); n != 3 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	writer.Close()
}
