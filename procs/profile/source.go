package profile

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/benchtui/benchtui/internal/files"
)

// sources are the lines of the server's own files, as far as they can be read. They say
// what a profiler doesn't: at which line a function calls another.
type sources map[string][]string

const (
	mostSource  = 4 << 20 // bytes of a file
	longestCode = 500     // bytes of a line: a longer one was not written by a person
	longestCall = 2000    // lines of a function
	longLine    = 200     // bytes: longer than people write, if they may write so
)

// line is a line of a file that a person may have written, the first is 1; "" where it is
// not known.
func (s sources) line(file string, number int) string {
	if text := s.whole(file, number); len(text) <= longestCode {
		return text
	}
	return ""
}

// whole is a line of a file, however long it is.
func (s sources) whole(file string, number int) string {
	lines := s.lines(file)
	if number < 1 || number > len(lines) {
		return ""
	}
	return lines[number-1]
}

func (s sources) lines(file string) []string {
	lines, known := s[file]
	if !known {
		lines = readLines(file)
		s[file] = lines
	}
	return lines
}

// minified says whether a line holds more than its number tells: it is longer than people
// write, or it is all of its file.
func (s sources) minified(file string, number int) bool {
	lines := s.lines(file)
	alone := len(lines) == 1 || len(lines) == 2 && lines[1] == ""
	return alone || len(s.whole(file, number)) > longLine
}

// code is a line of a function; of the one at which it begins, at a column from 0, only
// what is the function's: there may be others.
func (s sources) code(file string, number, start, column int) string {
	text := s.whole(file, number)
	if number == start && column < len(text) {
		text = text[column:]
		text = text[:functionEnd(text)]
	}
	if len(text) > longestCode {
		return ""
	}
	return text
}

// functionEnd is where code that begins with a function's parameters has its end, by the
// brackets: behind its body, or before what its expression is a part of.
func functionEnd(code string) int {
	depth, body := 0, false
	for i := range len(code) {
		switch code[i] {
		case '(', '[', '{':
			body = body || code[i] == '{' && depth == 0
			depth++
		case ')', ']', '}':
			depth--
			if depth < 0 || depth == 0 && body && code[i] == '}' {
				return i
			}
		case ',', ';':
			if depth == 0 {
				return i
			}
		}
	}
	return len(code)
}

func readLines(file string) []string {
	if !filepath.IsAbs(file) {
		return nil
	}
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	text, err := files.ReadStart(file, mostSource)
	if err != nil {
		return nil
	}
	return strings.Split(string(text), "\n")
}

// callOf is the line at which the function that begins at a line calls another, and under
// which name; 0 where that is not known, or there are several.
func (s sources) callOf(file string, start int, called string) (line int, name string) {
	called = called[strings.LastIndexAny(called, ". ")+1:]
	if called == "" || strings.Trim(called, identifier) != "" {
		return 0, ""
	}
	indent := -1
	for number := start; number < start+longestCall; number++ {
		text := strings.TrimRight(s.line(file, number), "\r")
		code := strings.TrimLeft(text, " \t")
		switch {
		case indent < 0 && code == "":
			return 0, ""
		case indent < 0:
			indent = len(text) - len(code)
		case code != "" && len(text)-len(code) <= indent: // it ends where a line closes what its first one opened
			if strings.HasPrefix(code, "}") {
				return line, name
			}
			return 0, "" // written in another way than people do
		}
		if as := callIn(code, called); as != "" {
			if line > 0 {
				return 0, ""
			}
			line, name = number, as
		}
		if number == start && strings.Count(code, "{") == strings.Count(code, "}") {
			return line, name // all of it is in one line
		}
	}
	return 0, ""
}

const identifier = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$"

// wrappers are functions of Node's that are called by other names than their own.
var wrappers = map[string]*regexp.Regexp{
	"consoleCall":       regexp.MustCompile(`\b(console\.\w+)\s*\(`),
	"syncBufferWrapper": regexp.MustCompile(`\b((?:gzip|gunzip|unzip|deflate|inflate|deflateRaw|inflateRaw|brotliCompress|brotliDecompress|zstdCompress|zstdDecompress)Sync)\s*\(`),
}

// callIn is the name by which code calls a function; "" if it does not, but declares it.
func callIn(code, called string) string {
	if names := wrappers[called]; names != nil {
		if found := names.FindStringSubmatch(code); found != nil {
			return found[1]
		}
		return ""
	}
	for rest := code; ; {
		at := strings.Index(rest, called)
		if at < 0 {
			return ""
		}
		before, after := rest[:at], rest[at+len(called):]
		rest = after
		if strings.HasPrefix(strings.TrimLeft(after, " "), "(") && before == strings.TrimRight(before, identifier) && !strings.HasSuffix(strings.TrimRight(before, " *"), "function") {
			return called
		}
	}
}

// callsRegexp is what code is like that has a regular expression work: a literal that is
// asked something, or a method that others have not.
var callsRegexp = regexp.MustCompile(`(^|[=(,:;!&|?{}\[\s])/[^/*\s](?:[^/\\\[\n]|\\.|\[(?:[^\]\\]|\\.)*\])*/[dgimsuvy]*\.(test|exec)\(` +
	`|\.(match|matchAll|replace|replaceAll|search|split)\(\s*/[^/*]` +
	`|\.(test|match|matchAll)\(|(?i:regexp?|pattern|\bre|\brx)\.exec\(|\bnew RegExp\(`)
