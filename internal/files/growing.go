package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"

	"github.com/gofrs/flock"
)

// ErrInUse tells that somebody else is writing the file.
var ErrInUse = errors.New("another run is writing it; give each a file of its own")

// Growing is a file that is written for a while, and by nobody else meanwhile. Where
// there was none it is at its place from the start, so that nothing is lost however we
// end; one that was there stays until the new one is whole.
type Growing struct {
	*os.File
	path string
	part bool        // the file is beside path
	old  fs.FileInfo // what stays until then
	lock *flock.Flock
	done bool
}

// Grow begins to write a file. It waits for the reader of a pipe.
func Grow(path string) (*Growing, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return nil, errFolder(path)
		}
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &Growing{File: file, path: path}, nil
	}
	g := &Growing{path: behindLinks(path)}
	info, err := g.take()
	if err == nil {
		err = g.open(info)
	}
	if err != nil {
		g.release()
		return nil, err
	}
	return g, nil
}

// GrowNew is Grow for a file that must not be there yet; else the error is os.ErrExist.
func GrowNew(path string) (*Growing, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	return &Growing{File: file, path: path}, nil
}

// take locks the file, which it creates, and says what is there. The kernel drops the
// lock when the process ends.
func (g *Growing) take() (info fs.FileInfo, err error) {
	for {
		file, err := os.OpenFile(g.path, os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return nil, err
		}
		info, err = file.Stat()
		file.Close()
		if err != nil {
			return nil, err
		}
		g.lock = flock.New(lockOf(g.path), flock.SetPermissions(0o644))
		locked, err := g.lock.TryLock()
		switch {
		case errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.ENOLCK) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission):
			return info, nil // there are no locks here
		case err != nil:
			return nil, fmt.Errorf("lock %s: %w", g.path, err)
		case !locked:
			return nil, fmt.Errorf("%s: %w", g.path, ErrInUse)
		}
		// Who had it before may have put another in its place meanwhile.
		if now, err := os.Stat(g.path); err == nil && os.SameFile(now, info) {
			return now, nil
		}
		g.release()
	}
}

// lockOf is what is locked for a file: the file itself, where a lock keeps nobody from
// reading.
func lockOf(path string) string {
	if runtime.GOOS == "windows" {
		return path + ".lock"
	}
	return path
}

// open opens what is written: the file itself if it is empty, else one beside it.
func (g *Growing) open(info fs.FileInfo) (err error) {
	if info.Size() > 0 {
		name := g.path + ".part"
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) && !folderRefuses(err) {
			return err
		}
		g.File, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, info.Mode().Perm())
		if err == nil {
			g.part, g.old = true, info
			return nil
		}
		if !folderRefuses(err) {
			return plainly(g.path, err)
		}
	}
	g.File, err = os.OpenFile(g.path, os.O_WRONLY|os.O_TRUNC, 0)
	return err
}

// Close ends the file, which is whole.
func (g *Growing) Close() error {
	if g.done {
		return nil
	}
	g.done = true
	defer g.release()
	var err error
	if info, failed := g.File.Stat(); failed == nil && info.Mode().IsRegular() {
		err = g.File.Sync()
	}
	if err = errors.Join(err, g.File.Close()); err == nil && g.part {
		err = replace(g.Name(), g.path, g.old)
	}
	if err != nil {
		return g.kept(plainly(g.path, err))
	}
	return nil
}

// Abandon ends the file, which err has kept from being whole; that of it which there is
// stays, unless it holds nothing. It returns the error, and where that is.
func (g *Growing) Abandon(err error, holds bool) error {
	if g.done {
		return err
	}
	g.done = true
	defer g.release()
	info, failed := g.File.Stat()
	g.File.Close()
	switch {
	case failed != nil || !info.Mode().IsRegular():
		return err
	case !holds:
		_ = os.Remove(g.Name())
		return err
	}
	return g.kept(err)
}

// kept says beside an error where the part is.
func (g *Growing) kept(err error) error {
	if !g.part {
		return err
	}
	return fmt.Errorf("%w; what there is of it is in %s, and %s is as it was", err, g.Name(), g.path)
}

func (g *Growing) release() {
	if g.lock == nil {
		return
	}
	if lockOf(g.path) != g.path && g.lock.Locked() {
		defer os.Remove(lockOf(g.path))
	}
	_ = g.lock.Close()
	g.lock = nil
}
