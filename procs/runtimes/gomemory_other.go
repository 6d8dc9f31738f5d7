//go:build !linux

package runtimes

import (
	"errors"
	"os"
)

// idOf tells a file from others; here no program is read.
func idOf(*os.File) (fileID, error) { return fileID{}, errors.ErrUnsupported }

// ReadsMemoryOfDescendants says that it is not done here.
func ReadsMemoryOfDescendants() bool { return false }

// openGoQueue is never asked: here it is not known which programs are in Go.
func openGoQueue(int, *Programs, bool) (*goQueue, error) { return nil, errNoReading }

// hidesGo is not known here.
func hidesGo(int) bool { return false }

// hides is not known here.
func hides(int) bool { return false }
