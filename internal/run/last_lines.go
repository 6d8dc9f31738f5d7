package run

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/procs"
)

// lastLines follows what a server logs, for the line that says why it ended: that is
// the first of its last error, and what comes behind it, a stack say, may be longer
// than what is kept of a log.
type lastLines struct {
	mu    sync.Mutex
	found string    // the line
	rank  int       // how surely it says why
	last  time.Time // of the last line that looks like a part of an error
	after func(line string) bool
}

// betweenErrors is how long nothing of an error is logged before another one begins.
const betweenErrors = time.Second

// Lines that say why a program ends, in the words of runtimes and of people.
var (
	dying = regexp.MustCompile(`^(panic: |fatal error: |fatal: |runtime: out of memory|unexpected fault address|SIG(SEGV|BUS|ABRT|FPE|ILL|QUIT|TRAP|SYS): )|` + // Go
		`^Exception in thread |^Uncaught |^Unhandled exception|^Process terminated\b|^Caused by: .*OutOfMemory|^Error occurred during initialization|` + // JVM, .NET, Node
		`^thread '.*' \(?.*panicked at|^thread '.*' panicked|` + // Rust
		`^terminate called|^\*\*\* |^[a-z_]+\(\): (invalid|corrupted|unaligned)|^double free|^==\d+==ERROR|` + // C and C++
		`(?i:segmentation fault|assertion .*failed|\bout of memory\b|stack overflow|core dumped|\bFATAL\b|\bpanic(ked)?\b|\baborted\b|\bpermission denied\b|address already in use)`)
	failing = regexp.MustCompile(`(?i)\b(errors?|exception|failed|failure|cannot|can't|could not|couldn't|unable to|refused|denied|missing|not found|critical|emerg|killed|abort(ing)?)\b|^\w*(Error|Exception)\b`)
	// trace begins a stack whose cause stands at its end.
	trace = regexp.MustCompile(`^Traceback \(most recent call last\)`)
	frame = regexp.MustCompile(`^\s`)
)

// rankOf says how surely a line says why a program ends: 0 not at all.
func rankOf(line string) int {
	switch {
	case dying.MatchString(line):
		return 2
	case failing.MatchString(line):
		return 1
	}
	return 0
}

// line takes the next line of the log.
func (w *lastLines) line(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if w.after != nil {
		if w.after(line) {
			return
		}
		w.after = nil
	}
	if trace.MatchString(line) {
		w.begin(now)
		w.after = func(line string) bool { // the frames are indented, the cause is not
			if frame.MatchString(line) || strings.TrimSpace(line) == "" {
				return true
			}
			w.keep(line, 2)
			return true
		}
		return
	}
	rank := rankOf(line)
	if rank == 0 {
		if strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "  ") {
			w.last = now
		}
		return
	}
	w.begin(now)
	w.keep(line, rank)
	if strings.HasSuffix(line, ":") || strings.HasPrefix(line, "terminate called") { // what it was stands in the next line
		w.after = func(next string) bool {
			next = strings.Trim(next, "# \t") // as a JVM draws the frame of its report
			if next == "" {
				return true
			}
			if w.found == line {
				w.found += " " + next
			}
			w.after = nil
			return true
		}
	}
}

// begin forgets an error that is over.
func (w *lastLines) begin(now time.Time) {
	if now.Sub(w.last) > betweenErrors {
		w.found, w.rank = "", 0
	}
	w.last = now
}

// keep takes the line if it says more surely why than the one that is kept.
func (w *lastLines) keep(line string, rank int) {
	if rank > w.rank {
		w.found, w.rank = strings.TrimSpace(line), rank
	}
	w.after = nil
}

// why is the line; "" if none says so.
func (w *lastLines) why() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.found
}

var (
	// asksOnTerminal is what programs print that want an answer, or a terminal to ask on.
	asksOnTerminal = regexp.MustCompile(`(?i)(pass ?word|pass ?phrase|\bpin\b)[^\n]*[:?]\s*$|(\[y/n\]|\(y/n\)|\(yes/no)[^\n]*$|` +
		`\b(enter|type)( \w+)? (pass ?word|pass ?phrase|pin)\b[^\n]*:|/dev/tty|no tty present|terminal is required|not a (tty|terminal)|GetPassWarning|getpass`)
	// endOfInput is what those print that wanted more than there is on standard input.
	endOfInput = regexp.MustCompile(`(?i)EOFError|EOF when reading|(EOF|end of (file|input)) (on|from|in) (stdin|standard input)`)
)

// asksSomebody is what to do about a program that asks for something; "" if it does not.
func asksSomebody(words string) string {
	switch {
	case asksOnTerminal.MatchString(words):
		return "it asks for something on a terminal, and servers have none here: give it the answer by a file, its environment or a flag"
	case endOfInput.MatchString(words):
		return "it reads its standard input, which is empty here: give it what it wants by a file, its environment or a flag"
	}
	return ""
}

// lastLines are the line that says why the server ended or does not begin, and its last lines.
func (s *server) lastLines() string {
	lines := s.child.LastLines(5)
	if len(lines) == 0 {
		return "; it logged nothing"
	}
	words := ""
	if why := s.words.why(); why != "" && !slices.ContainsFunc(lines, func(line string) bool { return strings.TrimSpace(line) == why }) {
		words = "; it said: " + why
	} else if all := s.child.LastLines(20); why == "" && len(all) > len(lines) && s.crashed() {
		lines = all // none of them says why, as far as we know
	}
	words += "\nits last lines:\n  " + strings.Join(lines, "\n  ")
	if advice := asksSomebody(words); advice != "" {
		words += "\n" + advice
	}
	if strings.Contains(words, procs.EventLoopScript) {
		words += "\nthe script that is loaded to watch its event loop is in its way; " + flagname.NoProbes + " leaves it out"
	}
	return words
}
