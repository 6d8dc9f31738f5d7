package profile

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-sourcemap/sourcemap"

	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/foreign"
)

// sourceMaps say where somebody wrote what stands at a place of generated code, such as
// compiled TypeScript or a bundle, where the map is in the file or beside it.
type sourceMaps struct {
	of   map[string]*sourceMap // by file; nil: it has none
	read int                   // bytes of all that were read
}

// sourceMap is the map of one file.
type sourceMap struct {
	places *sourcemap.Consumer
	folder string // of the map: what it names is relative to that
}

// What a map may hold that somebody else wrote.
const (
	mostMap      = 16 << 20 // bytes of one, and of the file that names it if that is to be read as a whole
	mostMaps     = 64 << 20 // bytes of all that one profile reads
	mostMapParts = 2 << 20  // positions, names and files
	mapMention   = 64 << 10 // bytes at the end of a larger file, in which it may name its map
)

// written is a place in what a person wrote.
type written struct {
	file         string
	line, column int    // from 1
	name         string // of what begins there; "" where the map does not say
}

// at is where somebody wrote what stands at a line, from 1, and a column, from 0, of a file.
func (s *sourceMaps) at(file string, line, column int) (written, bool) {
	m, known := s.of[file]
	if !known {
		if s.of == nil {
			s.of = map[string]*sourceMap{}
		}
		m = s.find(file)
		s.of[file] = m
	}
	if m == nil || line < 1 || column < 0 {
		return written{}, false
	}
	return m.at(line, column)
}

// find reads the map of a file. That of a package is its author's affair: what it calls
// its files would look like the server's own.
func (s *sourceMaps) find(file string) *sourceMap {
	if !filepath.IsAbs(file) || strings.Contains(file, "/node_modules/") || s.read > mostMaps {
		return nil
	}
	where := mapOf(readCode(file))
	if where == "" {
		return nil
	}
	folder := filepath.Dir(file)
	text, inside := inlineMap(where)
	if !inside {
		parsed, err := url.Parse(where)
		if err != nil || parsed.Scheme != "" && parsed.Scheme != "file" || parsed.Host != "" {
			return nil // on another machine
		}
		beside := filepath.FromSlash(parsed.Path)
		if !filepath.IsAbs(beside) {
			beside = filepath.Join(folder, beside)
		}
		text, folder = readRegular(beside, mostMap), filepath.Dir(beside)
	}
	if s.read += len(text); s.read > mostMaps {
		return nil
	}
	return parseMap(text, folder)
}

// mapOf is what code says of its map, at its end: a file, or all of it; "" if nothing.
func mapOf(code []byte) string {
	for _, mark := range []string{"//# sourceMappingURL=", "//@ sourceMappingURL="} {
		at := bytes.LastIndex(code, []byte(mark))
		if at < 0 {
			continue
		}
		line := bytes.LastIndexByte(code[:at], '\n') + 1
		if len(bytes.TrimSpace(code[line:at])) > 0 {
			continue // within other code
		}
		where, _, _ := bytes.Cut(code[at+len(mark):], []byte{'\n'})
		return string(bytes.TrimSpace(where))
	}
	return ""
}

// inlineMap is a map that is a part of its code.
func inlineMap(where string) (text []byte, inside bool) {
	if !strings.HasPrefix(where, "data:") {
		return nil, false
	}
	about, data, found := strings.Cut(where, ",")
	if !found || len(data) > mostMap*4/3 {
		return nil, true
	}
	if strings.HasSuffix(about, ";base64") {
		text, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return nil, true
		}
		return text, true
	}
	plain, err := url.PathUnescape(data)
	if err != nil {
		return nil, true
	}
	return []byte(plain), true
}

// parseMap reads a map; nil if it is none, or too large. How deep it is nested the reader
// of JSON bounds.
func parseMap(text []byte, folder string) (m *sourceMap) {
	if len(text) == 0 || len(text) > mostMap || bytes.Count(text, []byte{','})+bytes.Count(text, []byte{';'}) > mostMapParts {
		return nil
	}
	defer func() {
		if recover() != nil { // a section without a map
			m = nil
		}
	}()
	places, err := sourcemap.Parse("", text)
	if err != nil {
		return nil
	}
	return &sourceMap{places: places, folder: folder}
}

// at is where somebody wrote what stands at a line, from 1, and a column, from 0.
func (m *sourceMap) at(line, column int) (place written, found bool) {
	defer func() {
		if recover() != nil { // it names a file by a number that none has
			place, found = written{}, false
		}
	}()
	source, name, inLine, inColumn, found := m.places.Source(line, column)
	if !found || source == "" || inLine < 1 || inColumn < 0 {
		return written{}, false
	}
	return written{file: foreign.Line(m.file(source)), line: inLine, column: inColumn + 1, name: foreign.Line(name)}, true
}

// file is the path of a source: beside the map, or as a bundler calls it, such as
// webpack://shop/src/app.ts.
func (m *sourceMap) file(source string) string {
	source, _, _ = strings.Cut(source, "?")
	if scheme, rest, found := strings.Cut(source, "://"); found {
		host, inside, _ := strings.Cut(rest, "/")
		if scheme == "file" {
			return path.Clean("/" + inside)
		}
		return scheme + "://" + host + path.Clean("/"+inside)
	}
	if path.IsAbs(source) || m.folder == "" {
		return path.Clean(source)
	}
	return filepath.Join(m.folder, filepath.FromSlash(source))
}

// readCode reads generated code, of a very large file the end.
func readCode(file string) []byte {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	if info.Size() <= mostMap {
		return readRegular(file, mostMap)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	text := make([]byte, mapMention)
	if n, err := f.ReadAt(text, info.Size()-mapMention); err == nil || errors.Is(err, io.EOF) {
		return text[:n]
	}
	return nil
}

// readRegular reads a file that is one and no larger than most bytes; nil if it can't.
func readRegular(file string, most int64) []byte {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	text, err := files.Read(file, most)
	if err != nil {
		return nil
	}
	return text
}

// nameBefore is what in generated code gives a function its name, right before the function:
// of "function a(" V8 tells the place of the bracket, of "a=(b)=>" that of the first one.
var nameBefore = regexp.MustCompile(`([A-Za-z_$][\w$]*)\s*(?:[=:]\s*(?:async\b\s*)?(?:function\b\s*\*?\s*)?)?$`)

// nameOf is what somebody called a function whose name in generated code is short: a map
// tells it of the place at which the name stands. code is the line, the function begins at
// a column, from 0, of it; "" where that is not known.
func (s *sourceMaps) nameOf(file string, line, column int, code, short string) string {
	const near = 200
	if short == "" || column > len(code) {
		return ""
	}
	from := max(0, column-near)
	found := nameBefore.FindStringSubmatchIndex(code[from:column])
	if found == nil || code[from+found[2]:from+found[3]] != short {
		return ""
	}
	begins := from + found[2]
	here, ok := s.at(file, line, begins)
	if !ok || here.name == "" {
		return ""
	}
	if before, ok := s.at(file, line, begins-1); ok && before == here {
		return "" // what has the name begins further left
	}
	return here.name
}
