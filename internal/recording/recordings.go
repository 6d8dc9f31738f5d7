package recording

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"github.com/klauspost/compress/gzip"

	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/stream"
)

// How much is kept of the recordings that no flag asked for.
const (
	keptRecordings     = 50
	keptRecordingBytes = 500_000_000
	stillWritten       = time.Minute // a recording that was written so lately may be of a run under way
)

// recordingExt ends the name of every recording that we name.
const recordingExt = ".btr"

// ownName is what Folder calls its files. Whatever else lies in the folder is
// somebody's own, and is never removed.
var ownName = regexp.MustCompile(`^\d{8}-\d{6}-[\w.+-]*` + regexp.QuoteMeta(recordingExt) + `$`)

// Folder is the folder in which every run is recorded.
type Folder struct{ Dir string }

// DefaultFolder is in the user's data directory: $XDG_DATA_HOME, or what the
// platform has. Without a home there is none, and Dir is "".
func DefaultFolder() Folder {
	if home, err := os.UserHomeDir(); (err != nil || home == "") && os.Getenv("XDG_DATA_HOME") == "" {
		return Folder{}
	}
	return Folder{filepath.Join(xdg.DataHome, "benchtui", "recordings")}
}

// Record begins the recording of a run, of a workload on contenders by their ids, in a
// file of its own, by a version of this program, after removing the oldest recordings that are more than is kept.
func (r Folder) Record(workload string, contenders []string, program string, now time.Time) (*File, error) {
	if !filepath.IsAbs(r.Dir) {
		return nil, errors.New("there is no data folder for it; set HOME or XDG_DATA_HOME")
	}
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return nil, err
	}
	r.Prune(now)
	name := now.Format("20060102-150405") + "-" + slug(workload, contenders)
	for n := 1; ; n++ {
		path := filepath.Join(r.Dir, name+recordingExt)
		if n > 1 {
			path = filepath.Join(r.Dir, fmt.Sprintf("%s.%d%s", name, n, recordingExt))
		}
		file, err := files.GrowNew(path)
		if errors.Is(err, os.ErrExist) { // another run of this second
			continue
		}
		if err != nil {
			return nil, err
		}
		return recordInto(file, path, program)
	}
}

// slug names a run in a file's name: "burst-golang+expressjs".
func slug(workload string, ids []string) string {
	const most, longest = 3, 80
	if more := len(ids) - most; more > 1 {
		ids = append(ids[:most:most], fmt.Sprintf("%d-more", more))
	}
	slug := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("._+-", r):
			return r
		}
		return '_'
	}, workload+"-"+strings.Join(ids, "+"))
	return slug[:min(len(slug), longest)]
}

// Prune removes the oldest of our recordings until no more than is kept are left.
// The newest always stays, and so do those of runs under way and what can't be removed.
func (r Folder) Prune(now time.Time) { r.prune(keptRecordings, keptRecordingBytes, now) }

func (r Folder) prune(most int, mostBytes int64, now time.Time) {
	all, err := r.files()
	if err != nil {
		return
	}
	var bytes int64
	for i, file := range all {
		bytes += file.Size
		surplus := i >= most || bytes > mostBytes
		if surplus && i > 0 && now.Sub(file.Written) > stillWritten && ownName.MatchString(filepath.Base(file.Path)) {
			_ = os.Remove(file.Path)
		}
	}
}

// Info is what a list of recordings tells of one.
type Info struct {
	Path    string
	Size    int64     // bytes
	Written time.Time // when last
	Run     stream.RunStarted
	Err     error // why Run is not known
}

// List is all recordings of the folder, the newest first. A folder that is not there has none.
func (r Folder) List() ([]Info, error) {
	all, err := r.files()
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Run, all[i].Err = runOf(all[i].Path)
	}
	return all, nil
}

// Newest is the path of the newest recording that holds anything, which one of a disk
// that was full, or that crashed, may not; "" if there is none.
func (r Folder) Newest() (string, error) {
	all, err := r.files()
	if err != nil {
		return "", err
	}
	for _, one := range all {
		if _, err := runOf(one.Path); !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, gzip.ErrHeader) {
			return one.Path, nil
		}
	}
	return "", nil
}

// files are the recordings of the folder without what they hold, the newest first.
func (r Folder) files() ([]Info, error) {
	if r.Dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(r.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the recordings: %w", err)
	}
	var found []Info
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || filepath.Ext(entry.Name()) != recordingExt {
			continue
		}
		found = append(found, Info{Path: filepath.Join(r.Dir, entry.Name()), Size: info.Size(), Written: info.ModTime()})
	}
	slices.SortFunc(found, func(a, b Info) int {
		return cmp.Or(b.Written.Compare(a.Written), strings.Compare(b.Path, a.Path))
	})
	return found, nil
}

// runOf reads how a recording begins.
func runOf(path string) (stream.RunStarted, error) {
	file, err := os.Open(path)
	if err != nil {
		return stream.RunStarted{}, err
	}
	defer file.Close()
	lines, err := newRecordingReader(file)
	if err != nil {
		return stream.RunStarted{}, err
	}
	first, err := lines.next()
	if err != nil {
		return stream.RunStarted{}, fmt.Errorf("%w: %w", ErrCutOff, err)
	}
	event, err := first.Decode()
	if err != nil {
		return stream.RunStarted{}, err
	}
	started, ok := event.Body.(stream.RunStarted)
	if !ok {
		return stream.RunStarted{}, errors.New("it does not begin with the beginning of a run")
	}
	return started, nil
}
