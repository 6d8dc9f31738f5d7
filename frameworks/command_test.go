package frameworks

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestCommand(t *testing.T) {
	for _, c := range []struct {
		spec, id string
		words    []string
		env      map[string]string
		windows  bool
	}{
		{spec: "mine=./server --port {port}", id: "mine", words: []string{"./server", "--port", "{port}"}},
		{spec: "./server --port {port}", id: "server", words: []string{"./server", "--port", "{port}"}},
		{spec: "/opt/My App/x", id: "my", words: []string{"/opt/My", "App/x"}},
		{spec: `'/opt/My App/run.sh' -p {port}`, id: "run", words: []string{"/opt/My App/run.sh", "-p", "{port}"}},
		{spec: `mine=server 'a$b' "~/x" \$x http://x/?a=1&b=2 a~/b x$ 5$`, id: "mine", words: []string{"server", "a$b", "~/x", "$x", "http://x/?a=1&b=2", "a~/b", "x$", "5$"}},
		{spec: "日本=server", id: "日本", words: []string{"server"}},
		{spec: "Größe.2=server", id: "größe.2", words: []string{"server"}},
		{spec: "mine=server 'a && b' \"c | d\" e\\;", id: "mine", words: []string{"server", "a && b", "c | d", "e;"}},
		{spec: "Mine=server", id: "mine", words: []string{"server"}},
		{spec: "mine=node app.js --listen=:{port}", id: "mine", words: []string{"node", "app.js", "--listen=:{port}"}},
		{spec: "node app.js --listen=:{port}", id: "node", words: []string{"node", "app.js", "--listen=:{port}"}},
		{spec: `mine=sh -c "exec ./server -p $PORT"`, id: "mine", words: []string{"sh", "-c", "exec ./server -p $PORT"}},
		{spec: "mine=LEVEL=warn ADDR=:{port} ./server", id: "mine", words: []string{"./server"}, env: map[string]string{"LEVEL": "warn", "ADDR": ":{port}"}},
		{spec: "LEVEL=warn ./server", id: "server", words: []string{"./server"}, env: map[string]string{"LEVEL": "warn"}},
		{spec: `C:\bin\server.exe {port}`, id: "server", words: []string{`C:\bin\server.exe`, "{port}"}, windows: true},
		{spec: `mine="C:\My Files\x" \`, id: "mine", words: []string{`C:\My Files\x`, `\`}, windows: true},
		{spec: "LEVEL=warn ./server.exe", id: "server", words: []string{"./server.exe"}, env: map[string]string{"LEVEL": "warn"}, windows: true},
	} {
		t.Run(c.spec, func(t *testing.T) {
			got, err := command(c.spec, c.windows)
			if err != nil {
				t.Fatal(err)
			}
			m := got.Manifest
			if m.ID != c.id || !slices.Equal(m.Run.Command, c.words) || !maps.Equal(m.Run.Env, c.env) && len(c.env) > 0 {
				t.Errorf("id %s, words %q, env %v\nwant %s, %q, %v", m.ID, m.Run.Command, m.Run.Env, c.id, c.words, c.env)
			}
			if m.Checks != (Checks{}) || m.Request.Path != "/" || got.Source != nil || got.Origin != "--cmd" {
				t.Errorf("checks %+v, path %s, origin %s: want none, / and --cmd", m.Checks, m.Request.Path, got.Origin)
			}
		})
	}
}

func TestBadCommandNamesTheFlagAndAnExample(t *testing.T) {
	for spec, want := range map[string]string{
		"":                 "no command",
		"mine=":            "no command",
		"mine=  ":          "no command",
		"=./server":        "no name before =",
		"mine='./server":   "a ' is not closed",
		`mine=./server \`:  "ends in a backslash",
		"LEVEL=warn":       "no command",
		"'' --port {port}": "needs at least one letter or digit",
	} {
		t.Run(spec, func(t *testing.T) {
			_, err := command(spec, false)
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range []string{"cmd ", want, "such as --cmd 'mine=./server --port {port}'"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not hold %q", err, part)
				}
			}
		})
	}
}

// The shell itself is what our splitting is held against.
func TestWordsAreSplitAsTheShellDoes(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("NOT CHECKED: no sh here to compare with")
	}
	for _, line := range []string{
		`a b  c`, `  a	b `, `'a b' c`, `"a b" c`, `a\ b c`, `a'b c'd`, `"a\"b"`, `"a\nb"`, `'a\b'`,
		`"it's"`, `'say "hi"'`, `'' a`, `a ""`, `\'a\'`, `"a\\b"`, `x="1 2" y`, `--a=b=c`, `"\a"`,
	} {
		t.Run(line, func(t *testing.T) {
			said, err := exec.Command(shell, "-c", `for word in `+line+`; do printf '%s\0' "$word"; done`).Output()
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for word := range strings.SplitSeq(strings.TrimSuffix(string(said), "\x00"), "\x00") {
				want = append(want, word)
			}
			got, err := splitWords(line, true)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("words %q (%v)\nsh says %q", got, err, want)
			}
		})
	}
}

func TestWindowsPathsKeepTheirBackslashes(t *testing.T) {
	got, err := splitWords(`C:\bin\server.exe "C:\My Files\x" -p 1`, false)
	want := []string{`C:\bin\server.exe`, `C:\My Files\x`, "-p", "1"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("words %q (%v), want %q", got, err, want)
	}
}

func TestURL(t *testing.T) {
	for _, c := range []struct{ raw, id, url, path string }{
		{"http://127.0.0.1:8080/hello", "127.0.0.1-8080-hello", "http://127.0.0.1:8080/hello", "/hello"},
		{"http://localhost:8080", "localhost-8080", "http://localhost:8080/", "/"},
		{"https://example.com/a%20b?x=1&y=2#part", "example.com-a-b", "https://example.com/a%20b?x=1&y=2", "/a%20b?x=1&y=2"},
		{"http://[::1]:9000/", "1-9000", "http://[::1]:9000/", "/"},
		{"日本=http://localhost:1/", "日本", "http://localhost:1/", "/"},
		{"mine=http://localhost:1/x=y", "mine", "http://localhost:1/x=y", "/x=y"},
	} {
		t.Run(c.raw, func(t *testing.T) {
			got, err := URL(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if got.Manifest.ID != c.id || got.URL != c.url || got.Manifest.Request.Path != c.path {
				t.Errorf("id %s, url %s, path %s\nwant %s, %s, %s", got.Manifest.ID, got.URL, got.Manifest.Request.Path, c.id, c.url, c.path)
			}
			if got.Manifest.Checks != (Checks{}) || got.Origin != "--url" {
				t.Errorf("checks %+v, origin %s", got.Manifest.Checks, got.Origin)
			}
		})
	}
	for raw, want := range map[string]string{
		"":                     "must begin with http://",
		"localhost:8080":       "must begin with http:// or https://; did you mean http://localhost:8080?",
		"127.0.0.1:8080/hello": "must begin with http:// or https://; did you mean http://127.0.0.1:8080/hello?",
		"ftp://localhost/":     "must begin with http://",
		"http://":              "no host",
		"http://:8080/":        "no host",
		"http://a b/":          "not a URL",
		"http://me:pw@host/":   "-H 'Authorization",
		"http://localhost:x/y": "not a URL",
	} {
		t.Run("bad "+raw, func(t *testing.T) {
			_, err := URL(raw)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "url ") {
				t.Errorf("error %v, want one of --url that holds %q", err, want)
			}
		})
	}
}

// No shell reads a command line: what only one understands is refused with the line
// that has one read it, which is taken.
func TestWhatIsTheShellsIsToldWithItsShell(t *testing.T) {
	if _, err := command("c=cd x && server.exe {port}", true); err == nil || !strings.Contains(err.Error(), `--cmd "c=cmd /c cd x && server.exe {port}"`) {
		t.Errorf("on Windows: %v", err)
	}
	for spec, want := range map[string]string{
		"c=cd x && ./server {port}":     `'c=sh -c "cd x && ./server {port}"'`,
		"./a; ./b":                      `'sh -c "./a; ./b"'`,
		"mine=A=1 exec ./server":        `'mine=sh -c "A=1 exec ./server"'`,
		`mine=./server "x y" | tee log`: `'mine=sh -c "./server \"x y\" | tee log"'`,
		"mine=./server -p $PORT":        `'mine=sh -c "./server -p \$PORT"'`,
		"~/bin/server {port}":           `'sh -c "~/bin/server {port}"'`,
		"mine=./server 2>/dev/null":     `'mine=sh -c "./server 2>/dev/null"'`,
		"mine=./server >>log":           `'mine=sh -c "./server >>log"'`,
		"mine=./server {port}&":         `'mine=sh -c "./server {port}&"'`,
		"mine=./server `cat args`":      "'mine=sh -c \"./server \\`cat args\\`\"'",
		"mine=echo 'it' > $HOME/log":    `'mine=sh -c "echo '\''it'\'' > \$HOME/log"'`,
	} {
		_, err := command(spec, false)
		if err == nil || !strings.Contains(err.Error(), "--cmd "+want) {
			t.Errorf("%s: %v\nwant a line with %s", spec, err, want)
			continue
		}
		if runtime.GOOS == "windows" {
			continue
		}
		// The person's shell takes the outer quotes off.
		given, shellErr := exec.Command("sh", "-c", "printf %s "+want).Output()
		if shellErr != nil {
			t.Fatal(shellErr)
		}
		if _, err := Command(string(given)); err != nil {
			t.Errorf("%s is told, and refused: %v", want, err)
		}
	}
}

// A word that only a shell makes something of is named, if the shell would have.
func TestWordsThatNoShellRead(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.jar", "b.jar", "what?"} {
		if runtime.GOOS == "windows" && name == "what?" { // no name there
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	isSet := func(name string) bool { return name == "PORT" }
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"./server", "--port", "$PORT"}, "$PORT"},
		{[]string{"./server", "--listen=:${PORT}"}, "--listen=:${PORT}"},
		{[]string{"./server", "${PORT:-80}"}, "${PORT:-80}"},
		{[]string{"server.exe", "%PORT%"}, "%PORT%"},
		{[]string{"./server", "$UNKNOWN", "100%", "$", "$$", "5$", "%d%s"}, ""},
		{[]string{"java", "-jar", "*.jar"}, "*.jar"},
		{[]string{"java", "-jar", filepath.Join(folder, "[ab].jar")}, filepath.Join(folder, "[ab].jar")},
		{[]string{"java", "-jar", "*.war", "--allow=*", "[", "what?"}, ""},
		{[]string{"sh", "-c", "exec ./server $PORT"}, ""},
		{[]string{"/usr/bin/env", "bash", "-c", "exec ./server *.jar $PORT"}, ""},
	} {
		if got := Unexpanded(c.words, folder, isSet); got != c.want {
			t.Errorf("%q: %q, want %q", c.words, got, c.want)
		}
	}
}
