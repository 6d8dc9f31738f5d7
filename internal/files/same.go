package files

import (
	"os"
	"path/filepath"
)

// Same says whether two paths lead to one file, there or not: by other words, by
// symbolic links or by hard ones. A device is not spoilt by two who write to it.
func Same(a, b string) bool {
	ofA, errA := os.Stat(a)
	ofB, errB := os.Stat(b)
	switch {
	case errA == nil && errB == nil:
		return os.SameFile(ofA, ofB) && ofA.Mode()&os.ModeDevice == 0
	case errA == nil || errB == nil:
		return false
	}
	return whole(a) == whole(b)
}

// whole is the one path of a file that is not there yet.
func whole(path string) string {
	path = behindLinks(path)
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	return path
}
