package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
)

// Writable says why a file could not be written later, and leaves none behind. What is
// no regular file, such as a pipe, is not touched: opening may be heard at its other end.
func Writable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		path = behindLinks(path)
		probe, err := createBeside(path, 0o600)
		if err != nil {
			return plainly(path, err)
		}
		probe.Close()
		return os.Remove(probe.Name())
	case err != nil:
		return err
	case info.IsDir():
		return errFolder(path)
	case !info.Mode().IsRegular():
		return nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		file.Close()
	}
	return err
}

func errFolder(path string) error {
	return fmt.Errorf("open %s: is a directory; give the path of a file in it", path)
}

// Write writes a file whole or not at all: what stood there before stays until all of
// the new text is on the disk. What is no regular file, such as a pipe that waits for
// its reader, is waited for until ctx ends.
func Write(ctx context.Context, path string, text []byte) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		_, err := Await(ctx, func() (struct{}, error) { return struct{}{}, os.WriteFile(path, text, 0o644) })
		return Waiting(err, "write "+path)
	}
	mode := os.FileMode(0o644)
	if err == nil {
		mode = info.Mode().Perm()
	}
	path = behindLinks(path)
	beside, failed := createBeside(path, mode)
	if failed != nil {
		if err == nil && folderRefuses(failed) { // the file may be written, and its folder not
			return os.WriteFile(path, text, mode)
		}
		return plainly(path, failed)
	}
	_, failed = beside.Write(text)
	if failed == nil {
		failed = beside.Sync()
	}
	if failed = errors.Join(failed, beside.Close()); failed == nil {
		failed = replace(beside.Name(), path, info)
	}
	if failed != nil {
		_ = os.Remove(beside.Name())
		return plainly(path, failed)
	}
	return nil
}

// replace puts a file that is on the disk in the place of another, with what that one
// allowed to whom; old is nil if there is none.
func replace(beside, path string, old fs.FileInfo) error {
	if old != nil {
		if err := os.Chmod(beside, old.Mode().Perm()); err != nil { // whatever the umask
			return err
		}
		keepOwner(beside, old)
	}
	if err := os.Rename(beside, path); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil { // the new name is to survive a crash, too
		_ = dir.Sync() // not every file system can
		dir.Close()
	}
	return nil
}

// folderRefuses says that nothing may be created in a folder, whatever the disk's room.
func folderRefuses(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// behindLinks is the file that a path leads to, which need not be there yet: a link
// must not be replaced by what is written through it.
func behindLinks(path string) string {
	const most = 40 // as the kernel has it
	for range most {
		to, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path
}

// createBeside creates a file of a name of its own in the folder of another.
func createBeside(path string, mode os.FileMode) (*os.File, error) {
	dir, name := filepath.Split(path)
	for {
		file, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf(".%.100s.%x.tmp", name, rand.Uint32())), os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
		if !errors.Is(err, os.ErrExist) {
			return file, err
		}
	}
}

// plainly is an error about the file that was asked for, not the one beside it.
func plainly(path string, err error) error {
	var of *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &of):
		return fmt.Errorf("%s %s: %w", verb(of.Op), path, of.Err)
	case errors.As(err, &link):
		return fmt.Errorf("write %s: %w", path, link.Err)
	}
	return err
}

// verb is what was done to the file that was asked for.
func verb(op string) string {
	if op == "open" {
		return op
	}
	return "write"
}
