package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/files"
)

const (
	versionTimeout = time.Minute // of a command that tells the framework's version
	maxVersionFile = 16 << 20    // bytes of a file that does, such as a lock file
)

// readSource reads a file of the sources that tells the version.
func readSource(source fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(source, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxVersionFile {
		return nil, files.ErrTooLarge
	}
	return fs.ReadFile(source, name)
}

// versionBefore is the framework's version as far as it can be told without a
// build, or "".
func (b *Builder) versionBefore(c frameworks.Contender, v frameworks.Variant, general values) string {
	if v.Version.Command != nil {
		return ""
	}
	var text []byte
	if v.Version.File != "" {
		if c.Source == nil {
			return ""
		}
		var err error
		if text, err = readSource(c.Source, v.Version.File); err != nil {
			return "" // made by the build
		}
	}
	version, err := readVersion(v.Version, string(text), general)
	if err != nil {
		return ""
	}
	return version
}

// versionAfter is the framework's version as built; general has {src}.
func (b *Builder) versionAfter(ctx context.Context, c frameworks.Contender, v frameworks.Variant, general values) (string, error) {
	switch {
	case v.Version.File != "":
		text, err := files.Read(filepath.Join(general["src"], filepath.FromSlash(v.Version.File)), maxVersionFile)
		if err != nil {
			return "", err
		}
		return readVersion(v.Version, string(text), general)
	case len(v.Version.Command) > 0:
		words, err := general.fillAll(v.Version.Command)
		if err != nil {
			return "", err
		}
		program, ok := b.machine.look(words[0])
		if !ok {
			return "", fmt.Errorf("%s not found", words[0])
		}
		var said beginning
		ctx, cancel := context.WithTimeout(ctx, versionTimeout)
		defer cancel()
		if err := runProcess(ctx, process{path: program, args: words[1:], dir: general["src"], env: b.machine.environ, output: &said}); err != nil {
			return "", fmt.Errorf("%s: %w", strings.Join(words, " "), err)
		}
		return readVersion(v.Version, said.String(), general)
	}
	return readVersion(v.Version, "", general)
}

// readVersion finds the version in a text and says it as Text wants.
func readVersion(v frameworks.Version, text string, general values) (string, error) {
	match := ""
	if v.File != "" || v.Command != nil {
		pattern, err := regexp.Compile(v.Pattern)
		if err != nil {
			return "", err
		}
		found := pattern.FindStringSubmatch(text)
		if found == nil {
			return "", errors.New("nothing matches " + v.Pattern)
		}
		match = found[1]
	}
	if v.Text == "" {
		return match, nil
	}
	return general.with(values{"match": match}).fill(v.Text)
}

// fillOrKeep fills the placeholders of a text for people, or leaves it.
func fillOrKeep(v values, text string) string {
	if filled, err := v.fill(text); err == nil {
		return filled
	}
	return text
}
