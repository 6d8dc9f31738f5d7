//go:build unix

package files

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner leaves a file to whom the one before it belonged, as far as we may.
func keepOwner(path string, old fs.FileInfo) {
	if before, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = os.Lchown(path, int(before.Uid), int(before.Gid))
	}
}
