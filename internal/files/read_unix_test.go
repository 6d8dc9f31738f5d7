//go:build unix

package files

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// What never ends takes hardly more memory than the most that is read of it, and what
// ends in time is whole.
func TestPipeIsReadWithBounds(t *testing.T) {
	const most = 8 << 20
	piece := bytes.Repeat([]byte("text"), 1000)
	for _, c := range []struct {
		name   string
		pieces int
		fits   bool
	}{{"short", 3, true}, {"long", 1000, true}, {"endless", 1 << 30, false}, {"empty", 0, true}} {
		path := filepath.Join(t.TempDir(), "pipe")
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			to, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Error(err)
				return
			}
			defer to.Close()
			for range c.pieces {
				if _, err := to.Write(piece); err != nil {
					return // nobody reads any more
				}
			}
		}()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		text, err := Read(path, most)
		runtime.ReadMemStats(&after)
		<-ended
		switch {
		case c.fits && (err != nil || len(text) != c.pieces*len(piece)):
			t.Errorf("%s: %d bytes of %d, %v", c.name, len(text), c.pieces*len(piece), err)
		case !c.fits && !errors.Is(err, ErrTooLarge):
			t.Errorf("%s: %d bytes, %v", c.name, len(text), err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 5*most/2 {
			t.Errorf("%s: it took %d MB to read at most %d", c.name, took>>20, most>>20)
		}
	}
}
