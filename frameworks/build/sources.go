package build

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/frameworks"
)

// formatOfBuilds is part of every key: raise it when builds of an older benchtui
// are no longer to be used.
const formatOfBuilds = "1"

// walkSources calls visit for each file of the sources, in a fixed order. Version
// control and installed packages are no sources.
func walkSources(c frameworks.Contender, visit func(name string, info fs.FileInfo) error) error {
	exclude := append([]string{".git", "node_modules"}, c.Manifest.Exclude...)
	return fs.WalkDir(c.Source, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		for _, pattern := range exclude {
			if match, _ := path.Match(pattern, path.Base(name)); match && name != "." {
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
		}
		if entry.IsDir() {
			return nil
		}
		info, err := fs.Stat(c.Source, name) // follows a link to a file
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("source %s is no regular file; take it out, copy what it links to, or name it under exclude", name)
		}
		return visit(name, info)
	})
}

// withoutProse is the manifest without what is only told to people: a better
// word in it is no reason to build anew.
func withoutProse(m frameworks.Manifest) frameworks.Manifest {
	m.Name, m.Language, m.Link = "", "", ""
	m.Verified, m.Reason, m.Departs = nil, "", ""
	m.Behaviour, m.Notes, m.DownloadsMB = frameworks.Behaviour{}, nil, nil
	return m
}

// buildKey identifies a build by all that goes into it: sources, manifest,
// toolchains and platform. Two builds of the same key are interchangeable.
func buildKey(c frameworks.Contender, tools map[string]tool, m machine) (string, error) {
	hash := sha256.New()
	manifest, err := json.Marshal(withoutProse(c.Manifest))
	if err != nil {
		return "", err
	}
	fmt.Fprintf(hash, "%s\n%s/%s\n%s\n", formatOfBuilds, m.os, m.arch, manifest)
	for _, id := range slices.Sorted(maps.Keys(tools)) {
		fmt.Fprintf(hash, "%s %s %s\n", id, tools[id].version, tools[id].path)
	}
	err = walkSources(c, func(name string, info fs.FileInfo) error {
		if name == frameworks.ManifestName {
			return nil // what it means is hashed already
		}
		fmt.Fprintf(hash, "%q %d %t\n", name, info.Size(), executable(info))
		file, err := c.Source.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		_, err = io.Copy(hash, file)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the sources of %s: %w", c.Manifest.ID, err)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16], nil
}

// copySources copies the sources into a folder that the build may write to.
func copySources(c frameworks.Contender, into string) error {
	return walkSources(c, func(name string, info fs.FileInfo) error {
		to := name
		if path.Base(name) == "go.mod.in" {
			to = strings.TrimSuffix(name, ".in")
		}
		from, err := c.Source.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = from.Close() }()
		return writeFile(from, filepath.Join(into, filepath.FromSlash(to)), executable(info))
	})
}

// copyTree copies a file, or a folder with all that is in it.
func copyTree(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return os.CopyFS(to, os.DirFS(from))
	}
	return copyFile(from, to)
}

// copyFile copies a file with its permission to be executed.
func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	info, err := source.Stat()
	if err != nil {
		return err
	}
	return writeFile(source, to, executable(info))
}

func writeFile(from io.Reader, to string, executable bool) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if executable {
		mode = 0o755
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, from); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

func executable(info fs.FileInfo) bool { return info.Mode()&0o111 != 0 }
