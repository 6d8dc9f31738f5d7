package build

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/foreign"
)

// buildLog takes what the steps of a build say: whole into a file, line by line
// to a listener, and the last lines of the step under way for its error.
type buildLog struct {
	mu     sync.Mutex
	file   *os.File
	output func(Line)
	at     int      // the step under way, from 1; 0 before the first
	of     int      // steps in all
	part   []byte   // of a line that has not ended
	tail   []string // last lines since the last note
}

// Line is a line of a build's output, and how far the build is by then.
type Line struct {
	Text string // "# what it is" as a step begins
	Step int    // the step under way, from 1; 0: none
	Of   int    // steps in all; grows when a variant gives way to the next; 0: not known
}

const (
	tailLines    = 500  // what follows a compiler's first error may be long
	maxLineBytes = 4096 // a longer line is told in pieces
)

func newBuildLog(path string, output func(Line)) (*buildLog, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &buildLog{file: file, output: output}, nil
}

// Write takes output as it comes.
func (l *buildLog) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.file.Write(data); err != nil {
		return 0, err
	}
	l.part = append(l.part, data...)
	for {
		end := bytes.IndexByte(l.part, '\n')
		if end < 0 && len(l.part) > maxLineBytes {
			end = maxLineBytes
		}
		if end < 0 {
			return len(data), nil
		}
		l.say(string(l.part[:end]))
		l.part = bytes.TrimPrefix(l.part[end:], []byte("\n"))
	}
}

// expect says that so many more steps are to come.
func (l *buildLog) expect(steps int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of = l.at + steps
}

// step says that the next step begins.
func (l *buildLog) step(name string) {
	l.mu.Lock()
	l.at++
	l.mu.Unlock()
	l.note(name)
}

// note says what is done next.
func (l *buildLog) note(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	_, _ = l.file.WriteString("# " + text + "\n")
	l.tail = nil
	l.output(Line{Text: "# " + text, Step: l.at, Of: l.of})
}

// telling returns up to n of the lines since the last note that say why a step
// failed: the first that match the pattern, or else the last.
func (l *buildLog) telling(pattern string, n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	if matcher, err := regexp.Compile(pattern); err == nil && pattern != "" {
		var found []string
		for _, line := range l.tail {
			if matcher.MatchString(line) && !slices.Contains(found, line) && len(found) < n {
				found = append(found, line)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return l.tail[max(0, len(l.tail)-n):]
}

// meanings returns up to n of what the lines since the last note mean, each once.
func (l *buildLog) meanings(known []frameworks.Meaning, n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	var found []string
	for _, line := range l.tail {
		for _, meaning := range known {
			pattern, err := regexp.Compile(meaning.Pattern)
			if err != nil {
				continue
			}
			match := pattern.FindStringSubmatch(line)
			if match == nil {
				continue
			}
			groups := values{}
			for i, text := range match {
				groups[strconv.Itoa(i)] = text
			}
			if text := fillOrKeep(groups, meaning.Text); !slices.Contains(found, text) && len(found) < n {
				found = append(found, text)
			}
			break
		}
	}
	return found
}

// Close ends the log.
func (l *buildLog) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	return l.file.Close()
}

func (l *buildLog) flush() {
	if len(l.part) > 0 {
		l.say(string(l.part))
		l.part = nil
	}
}

func (l *buildLog) say(line string) {
	line = cleanLine(line)
	if line == "" {
		return
	}
	if l.tail = append(l.tail, line); len(l.tail) > tailLines {
		l.tail = l.tail[1:]
	}
	l.output(Line{Text: line, Step: l.at, Of: l.of})
}

// cleanLine makes a line safe to show: the last state of a progress line, without
// escapes and control characters.
func cleanLine(line string) string {
	line = strings.TrimRight(line, "\r")
	return strings.TrimRight(foreign.Line(line[strings.LastIndexByte(line, '\r')+1:]), " ")
}
