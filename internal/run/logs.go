package run

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// How much is kept of the servers' logs, of all runs together.
const (
	keptLogs     = 500
	keptLogBytes = 256 << 20
	underWay     = time.Minute // a log that was written so lately may be of a run under way
)

// ownLog is what logs are called; whatever else lies in the folder is somebody's own.
var ownLog = regexp.MustCompile(`^\d{8}-\d{6}-[\w.+-]+\.log$`)

// logs is the folder of a run's logs: the one that was asked for, or where that can't be
// written another, which is told once.
type logs struct {
	dir   string // "": there is none, and only the last lines are kept
	began time.Time
}

// openLogs finds the folder, and removes the oldest logs that are more than is kept.
// fallback says why it is another than was asked for; "" if it is not.
func openLogs(dir string, began time.Time) (l logs, fallback string) {
	if dir == "" {
		return logs{}, ""
	}
	err := writable(dir)
	if err == nil {
		pruneLogs(dir, keptLogs, keptLogBytes, began)
		return logs{dir, began}, ""
	}
	other, failed := os.MkdirTemp("", "benchtui-logs-")
	if failed != nil {
		return logs{}, fmt.Sprintf("the servers' logs are not kept, but for the last lines: %v", err)
	}
	return logs{other, began}, fmt.Sprintf("the servers' logs are kept in %s: %v", other, err)
}

// writable tries a folder by a file in it.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".try-")
	if err != nil {
		return fmt.Errorf("can't write to %s: %w", dir, errors.Unwrap(err))
	}
	file.Close()
	return os.Remove(file.Name())
}

// file is where a contender's own output goes; "" if nowhere.
func (l logs) file(id string) string {
	if l.dir == "" {
		return ""
	}
	return filepath.Join(l.dir, l.began.Format("20060102-150405")+"-"+id+".log")
}

// pruneLogs removes the oldest of our logs until no more than so many are left. Those
// that were written lately may be of a run under way, and stay.
func pruneLogs(dir string, most int, mostBytes int64, now time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var files []os.FileInfo
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && ownLog.MatchString(entry.Name()) {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int {
		return cmp.Or(b.ModTime().Compare(a.ModTime()), cmp.Compare(b.Name(), a.Name()))
	})
	var bytes int64
	for i, file := range files {
		bytes += file.Size()
		if (i >= most || bytes > mostBytes) && now.Sub(file.ModTime()) > underWay {
			_ = os.Remove(filepath.Join(dir, file.Name()))
		}
	}
}
