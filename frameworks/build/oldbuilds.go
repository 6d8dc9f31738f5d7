package build

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/frameworks"
)

// keepUnused is how long a build that nobody uses any more is kept: sources or a
// toolchain changed since, and a single executable of Node alone is 100 MB.
const keepUnused = 30 * 24 * time.Hour

// use marks a build as used now. Failing costs no more than a build anew.
func (b *Builder) use(place string) {
	now := b.now()
	_ = os.Chtimes(filepath.Join(place, "build.json"), now, now)
}

// dropOldBuilds removes builds of the contender, other than the one at keep, that
// nobody used for long. What can't be removed stays until the next time.
func (b *Builder) dropOldBuilds(c frameworks.Contender, keep string) {
	records, err := filepath.Glob(filepath.Join(b.cacheDir, "builds", c.Manifest.ID+"-*", "build.json"))
	if err != nil {
		return
	}
	for _, record := range records {
		place := filepath.Dir(record)
		info, err := os.Stat(record)
		if err != nil || place == keep || !ofContender(place, c) || b.now().Sub(info.ModTime()) < keepUnused {
			continue
		}
		// The record goes first: a folder without one is no build.
		if os.Remove(record) == nil {
			_ = os.RemoveAll(place)
			_ = removeIfThere(place + ".log")
		}
	}
}

// ofContender tells whether a place is one of the contender's: "jex" must not take
// "jex-native-KEY" for its own.
func ofContender(place string, c frameworks.Contender) bool {
	return !strings.Contains(strings.TrimPrefix(filepath.Base(place), c.Manifest.ID+"-"), "-")
}

// builtBefore tells whether the contender, from whatever sources, was built here
// before; then most of what it needs is downloaded.
func (b *Builder) builtBefore(c frameworks.Contender) bool {
	records, err := filepath.Glob(filepath.Join(b.place(c, "*"), "build.json"))
	return err == nil && slices.ContainsFunc(records, func(record string) bool { return ofContender(filepath.Dir(record), c) })
}
