//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/klauspost/compress/gzip"

	"github.com/benchtui/benchtui/demo"
	"github.com/benchtui/benchtui/internal/servertest"
)

// hostile is a text that clears the screen, sets the title, leaves for the other
// screen, writes to the clipboard, colours, in 7 and in 8 bits, turns the direction of
// writing around, hides, and is a formula and markup. WITHIN stands inside of sequences.
const hostile = "=1+1\x1b[2J\x1b]0;WITHIN\x07\x1b[?1049h\x1b]52;c;WITHIN\x1b\\\x1bPWITHIN\x1b\\\u009b31m\u009d0;WITHIN\u009c" +
	"\u202egnp\u2066x\u200b\x7f\x08\x00\x07\x9b2J\u2028<script>bad()</script>\x1b]2;"

// holdsHarm finds what of a hostile text reached an output that is no screen; "" if nothing.
func holdsHarm(output string) string { return holdsHarmIn("", output) }

// escapedInJSON are controls that whoever reads a JSON gets back.
var escapedInJSON = regexp.MustCompile(`(^|[^\\])(\\\\)*\\u(00[01][0-9a-f]|007f|00[89][0-9a-f]|202[a-e]|206[6-9])`)

// holdsHarmIn also knows what harms in a format.
func holdsHarmIn(format, output string) string {
	for at, r := range output {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\u2028') {
			return fmt.Sprintf("%q in %q", r, output[max(0, at-80):min(len(output), at+40)])
		}
	}
	if at := strings.Index(output, "<script>bad"); at >= 0 && slices.Contains([]string{".html", ".svg", ".md"}, format) {
		return fmt.Sprintf("markup in %q", output[max(0, at-80):min(len(output), at+40)])
	}
	if found := escapedInJSON.FindString(output); found != "" && slices.Contains([]string{".json", ".btr"}, format) {
		return found
	}
	return ""
}

// mustBeHarmless searches everything that a start of the program wrote.
func (b *bench) mustBeHarmless(t *testing.T) {
	t.Helper()
	for name, output := range map[string]string{"stdout": b.stdout.String(), "stderr": b.stderr.String()} {
		if harm := holdsHarm(output); harm != "" {
			t.Errorf("%s of %q: %s", name, b.Args[1:], harm)
		}
	}
}

// poisoned is a value of JSON with the hostile text in every string of it, in every key
// that is no field's name, and in fields that nobody knows.
func poisoned(value any, keep func(key string) bool) any {
	switch value := value.(type) {
	case string:
		return value + hostile
	case []any:
		all := make([]any, len(value))
		for i := range value {
			all[i] = poisoned(value[i], keep)
		}
		return all
	case map[string]any:
		all := map[string]any{"unknown" + hostile: hostile}
		for key, one := range value {
			if text, ok := one.(string); ok && keep(key) {
				all[key] = text
				continue
			}
			all[key] = poisoned(one, keep)
		}
		return all
	}
	return value
}

// timeText are texts that are times.
var timeText = regexp.MustCompile(`^\d{4}-\d\d-\d\dT`)

// poison writes a recording as another in which every text is hostile but the fields in
// keep, and returns its path and that of its result as JSON.
func poison(t *testing.T, recording []byte, dir string, keep ...string) (btr, result string) {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(recording))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	kept := func(key string) bool { return slices.Contains(keep, key) }
	btr, result = filepath.Join(dir, "poisoned.btr"), filepath.Join(dir, "poisoned.json")
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var event map[string]any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatal(err)
		}
		kind, _ := event["kind"].(string)
		changed := poisoned(event, kept).(map[string]any)
		switch {
		case i == 0:
			changed["format"] = event["format"]
		default:
			changed["kind"] = kind
			if kind == "load" || kind == "process" || kind == "event_loop" { // many, and nearly all numbers
				changed = event
				changed["contender"] = fmt.Sprint(event["contender"]) + hostile
			}
		}
		restoreTimes(event, changed)
		write := func(event any) {
			line, err := json.Marshal(event)
			if err != nil {
				t.Fatal(err)
			}
			zipped.Write(append(line, '\n'))
		}
		write(changed)
		if i == 1 {
			for _, more := range []map[string]any{
				{"kind": "log", "contender": hostile, "body": map[string]any{"line": hostile}},
				{"kind": "notice", "body": map[string]any{"text": "seen\n" + hostile}},
				{"kind": "build_output", "contender": hostile, "body": map[string]any{"line": hostile}},
				{"kind": "build_done", "contender": hostile, "body": map[string]any{"ok": false, "reason": hostile, "log_path": hostile}},
				{"kind": "no such " + hostile, "contender": hostile, "body": map[string]any{"line": hostile}},
				{"kind": "log", "contender": hostile, "body": hostile},
			} {
				more["seq"], more["at_ns"] = 2, 0
				write(more)
			}
		}
		if kind == "run_done" {
			one := changed["body"].(map[string]any)["result"].(map[string]any)
			one["schema"] = "benchtui/result/v1"
			data, err := json.Marshal(one)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(result, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(btr, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return btr, result
}

// restoreTimes takes over the times, which must stay times.
func restoreTimes(from, to any) {
	switch from := from.(type) {
	case map[string]any:
		to := to.(map[string]any)
		for key, value := range from {
			if text, ok := value.(string); ok && timeText.MatchString(text) {
				to[key] = text
				continue
			}
			restoreTimes(value, to[key])
		}
	case []any:
		for i, to := range to.([]any) {
			restoreTimes(from[i], to)
		}
	}
}

func TestNoEscapeOfARecordingReachesAnyOutput(t *testing.T) {
	for name, keep := range map[string][]string{
		"every text":           nil,
		"but what is compared": {"phase", "status", "verdict", "ranked_by", "rank_by", "model"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			data := filepath.Join(dir, "data")
			kept := filepath.Join(data, "benchtui", "recordings")
			if err := os.MkdirAll(kept, 0o755); err != nil {
				t.Fatal(err)
			}
			btr, result := poison(t, demo.Recording, dir, keep...)
			recording, err := os.ReadFile(btr)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range []string{"one.btr", hostileName + ".btr"} {
				if err := os.WriteFile(filepath.Join(kept, file), recording, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			spoilt := filepath.Join(kept, "spoilt"+hostileName+".btr")
			if err := os.WriteFile(spoilt, []byte(hostile), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{
				{"replay", "--plain", btr}, {"replay", "--list"}, {"replay", "--plain", spoilt}, {"replay", "--plain", hostileName},
				{"report", btr}, {"report", result}, {"report", spoilt},
				{"report", btr, "--json", "-"}, {"report", result, "--json", "-"}, {"report", btr, "--csv", "-"}, {"report", btr, "--md", "-"},
				{"report", btr, "--svg", "-"}, {"report", btr, "--html", filepath.Join(dir, "out.html")},
				{"compare", btr, result}, {"compare", result, btr, "--md", "-"}, {"compare", btr, btr, "--json", "-"},
				{"compare", btr, btr, "--fail-if", "p99>" + hostileName},
			} {
				b := newBench(t, args...)
				b.Env = append(b.Env, "XDG_DATA_HOME="+data)
				if b.run(t); b.stdout.Len()+b.stderr.Len() == 0 && args[len(args)-2] != "--html" {
					t.Errorf("%q says nothing", args)
				}
				b.mustBeHarmless(t)
				for _, format := range []string{"json", "md", "svg"} {
					if !slices.Contains(args, "--"+format) {
						continue
					}
					if harm := holdsHarmIn("."+format, b.stdout.String()); harm != "" {
						t.Errorf("%q: %s", args, harm)
					}
				}
				if slices.Contains(args, "--csv") && regexp.MustCompile(`(?m)(^|,)"?[=+@-][^0-9]`).MatchString(b.stdout.String()) {
					t.Errorf("a formula in the CSV:\n%s", b.stdout.String())
				}
				if strings.Contains(strings.Join(args, " "), "--list") {
					for line := range strings.Lines(b.stdout.String()) {
						if strings.Contains(line, "one.btr") && len([]rune(line)) > 500 {
							t.Errorf("a row is %d wide", len([]rune(line)))
						}
					}
				}
			}
			page, err := os.ReadFile(filepath.Join(dir, "out.html"))
			if err != nil {
				t.Fatal(err)
			}
			if harm := holdsHarmIn(".html", string(page)); harm != "" {
				t.Errorf("the page: %s", harm)
			}
		})
	}
}

// hostileName is a hostile text that a file may be named, and a word of a command line be.
const hostileName = "x\x1b[2J\x1b]0;WITHIN\x07\u009b31m\u202egnp"

// ours are the sequences that the screen itself draws with: cursors, colours, modes.
var ours = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]|\x1b\\]11;\\?\x07|\x1b\\]11;\\?\x1b\\\\|\x1b\\[>[0-9;]*[a-z]|\x1b[=>78]|\r")

func TestNoEscapeOfARecordingReachesTheScreen(t *testing.T) {
	btr, _ := poison(t, demo.Recording, t.TempDir(), "phase", "status", "verdict", "ranked_by", "rank_by", "model")
	s := newScreenRun(t, "replay", btr, "--speed", "16")
	s.shows(t, "REPLAY")
	s.shows(t, "latency")
	s.shows(t, "busy beside it") // at the end, all that is known
	s.press(t, "q")
	s.exitCode(t)
	s.isWhole(t)
	shown := s.shown.String()
	for _, never := range []string{"\x1b]0;", "\x1b]52", "\x1bP", "\u009b", "\u202e", "\u2066"} {
		if at := strings.Index(shown, never); at >= 0 {
			t.Errorf("%q reached the screen: %q", never, shown[max(0, at-60):min(len(shown), at+40)])
		}
	}
	if harm := holdsHarm(ours.ReplaceAllString(s.shown.String(), "")); harm != "" {
		t.Error(harm)
	}
}

func TestNoEscapeOfAServerOrAManifestReachesAnyOutput(t *testing.T) {
	dir := t.TempDir()
	yaml := func(text string) string {
		quoted, _ := json.Marshal(text)
		return string(quoted)
	}
	manifest := func(name, more string) string {
		path := filepath.Join(dir, name+".yaml")
		text := "id: " + name + "\nname: " + yaml("Name "+hostile) + "\nlanguage: " + yaml(hostile) + "\nlink: " + yaml(hostile) +
			"\nnotes: [" + yaml(hostile) + "]\ndeparts: " + yaml(hostile) + "\n" + more
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	fails := manifest("fails", `artifact: "{out}/x"
build: [{name: `+yaml(hostile)+`, run: [sh, -c, "printf '\\033]0;WITHIN\\007\\033[2Jfailed\\n'; exit 1"]}]
run: {command: ["{artifact}", "{port}"]}
`)
	lacks := manifest("lacks", `toolchains: [{id: none, name: `+yaml(hostile)+`, minimum: "1", find: [`+yaml("no\x1b[2J")+`], arguments: [], pattern: "(.*)", install: `+yaml(hostile)+`}]
run: {command: ["{none.path}", "{port}"]}
`)
	unknown := manifest("unknown", yaml(hostile)+": 1\nrun: {command: [x]}\n")
	wrong := manifest("wrong", "run: {command: ["+yaml("{port}{no\x1b[2J}")+"]}\n")
	logs := "logs=sh -c 'printf \"\\033[2J\\033]0;WITHIN\\007\\033[?1049h\\033]52;c;WITHIN\\033\\\\\\302\\23331mfatal\\342\\200\\256\\n\" >&2; exit 3' " + yaml("\x1b[2J")
	short := []string{"-w", "steady", "-c", "2", "-n", "20", "--warmup", "0s", "--start-timeout", "5s"}
	for _, args := range [][]string{
		{"run", "--cmd", logs}, {"run", "--cmd", serverOf(servertest.SteersTerminals)}, {"run", "--cmd", serverOf(servertest.SteersTerminals), "--check-body", hostileName},
		{"run", fails}, {"run", lacks}, {"run", unknown}, {"run", wrong}, {"run", hostileName}, {"run", hostileName + ".yaml"},
		{"run", "--cmd", hostileName}, {"run", "--url", "http://" + hostileName}, {"run", "--" + hostileName}, {hostileName},
		{"run", "--cmd", "well=" + hostileName, "-D", hostileName}, {"build", hostileName}, {"man", hostileName},
		{"run", "golang", "--tiers", hostileName}, {"run", "golang", "--rank-by", hostileName}, {"run", "golang", "-w", hostileName},
	} {
		b := newBench(t, args...)
		b.Env = append(b.Env, "XDG_CACHE_HOME="+filepath.Join(dir, "cache"))
		if args[0] == "run" {
			name := filepath.Join(dir, "result")
			b.Args = append(b.Args, "--json", name+".json", "--html", name+".html", "--csv", name+".csv", "--md", name+".md", "--svg", name+".svg", "--record", name+".btr")
			if !slices.Contains(args, "-w") {
				b.Args = append(b.Args, short...)
			}
		}
		b.run(t)
		if b.stdout.Len()+b.stderr.Len() == 0 {
			t.Errorf("%q says nothing", args)
		}
		b.mustBeHarmless(t)
		files, _ := filepath.Glob(filepath.Join(dir, "result.*"))
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, ".btr") {
				if data = unzipped(data); data == nil {
					continue
				}
			}
			if harm := holdsHarmIn(filepath.Ext(file), string(data)); harm != "" {
				t.Errorf("%s of %q: %s", filepath.Ext(file), args, harm)
			}
			os.Remove(file)
		}
	}
}

func unzipped(data []byte) []byte {
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	text, _ := io.ReadAll(zip)
	return text
}
