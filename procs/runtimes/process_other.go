//go:build !linux

package runtimes

import (
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// programOf tells one program in a process from another; here nobody says which it is.
func programOf(int) (string, bool) { return "", true }

// untoldIn says which runtime is in a process, of those that tell nothing from outside;
// here that is not known.
func untoldIn(int, string) *measure.Untold { return nil }

// findCounters opens the file of the virtual machine in a process; nil if there is none
// yet. Whether a process without one has loaded HotSpot is not known here.
func findCounters(pid int) (file *os.File, isJVM bool) {
	found, _ := filepath.Glob(filepath.Join(os.TempDir(), "hsperfdata_*", strconv.Itoa(pid)))
	for _, path := range found {
		if file, err := os.Open(path); err == nil {
			return file, true
		}
	}
	return nil, false
}

// compilerThreads: what a thread uses is not known here.
type compilerThreads struct{}

func (compilerThreads) since(int, time.Time) (cores float64, known bool) { return 0, false }
