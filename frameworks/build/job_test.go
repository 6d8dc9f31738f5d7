package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/benchtui/benchtui/frameworks"
)

// shellContender is built by shell scripts, one a variant.
func shellContender(t testing.TB, scripts ...string) frameworks.Contender {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("NOT CHECKED: this test's build steps are shell scripts")
	}
	text := "id: small\nname: Small\nlanguage: sh\nvariants:\n"
	for i, script := range scripts {
		text += fmt.Sprintf("- name: v%d\n  build: [{name: step of v%d, run: [sh, -c, %q]}]\n  artifact: \"{out}/server\"\n  run: {command: [\"{artifact}\", \"{port}\"]}\n", i, i, script)
	}
	c, err := catalogueOf(t, map[string]string{"small/contender.yaml": text}).Find("small")
	if err != nil {
		t.Fatal(err)
	}
	return frameworks.Contender{Manifest: c.Manifest, Source: fstest.MapFS{"main.txt": {Data: []byte("hello\n")}}, Origin: frameworks.OriginEmbedded}
}

// makeServer is a script that makes an artifact.
const makeServer = `printf '#!/bin/sh\nexit 0\n' > "{out}/server"; chmod +x "{out}/server"`

func TestBuildIsKeptAndUsedAgain(t *testing.T) {
	count := filepath.Join(t.TempDir(), "count")
	c := shellContender(t, "echo built >> "+count+"; "+makeServer)
	dir := t.TempDir()
	builder := NewBuilder(dir, "self")
	if state := builder.State(t.Context(), c); state.Kind != CanBeBuilt {
		t.Fatalf("state %v before the build", state)
	}
	first, err := builder.Build(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := NewBuilder(dir, "self").Build(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if first.Cached || !second.Cached || first.Artifact != second.Artifact {
		t.Errorf("first cached %v at %s, second cached %v at %s", first.Cached, first.Artifact, second.Cached, second.Artifact)
	}
	if data, _ := os.ReadFile(count); string(data) != "built\n" {
		t.Errorf("the step ran %q, want once", data)
	}
	state := builder.State(t.Context(), c)
	if state.Kind != Ready || !regexp.MustCompile(`^built \d+ s ago, cached`).MatchString(state.Reason) || state.LogPath == "" {
		t.Errorf("state %v, log %q after the build", state, state.LogPath)
	}
	if err := builder.Forget(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if state := builder.State(t.Context(), c); state.Kind != CanBeBuilt {
		t.Errorf("state %v after Forget", state)
	}
}

func TestKeyChangesWithAllThatGoesIn(t *testing.T) {
	c := shellContender(t, makeServer)
	tools := map[string]tool{"go": {path: "/bin/go", version: "1.26"}}
	m := thisMachine()
	key := func(c frameworks.Contender, tools map[string]tool, m machine) string {
		t.Helper()
		key, err := buildKey(c, tools, m)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	first := key(c, tools, m)
	if again := key(c, tools, m); again != first {
		t.Fatalf("key %s, then %s, of the same", first, again)
	}
	source := c
	source.Source = fstest.MapFS{"main.txt": {Data: []byte("hallo\n")}}
	name := c
	name.Source = fstest.MapFS{"main2.txt": {Data: []byte("hello\n")}}
	mode := c
	mode.Source = fstest.MapFS{"main.txt": {Data: []byte("hello\n"), Mode: 0o755}}
	manifest := shellContender(t, makeServer+" # other")
	other := m
	other.arch = "other"
	for what, changed := range map[string]string{
		"source":    key(source, tools, m),
		"name":      key(name, tools, m),
		"mode":      key(mode, tools, m),
		"manifest":  key(manifest, tools, m),
		"toolchain": key(c, map[string]tool{"go": {path: "/bin/go", version: "1.27"}}, m),
		"platform":  key(c, tools, other),
	} {
		if changed == first {
			t.Errorf("a changed %s has the same key", what)
		}
	}
	prose := c
	prose.Manifest.Departs, prose.Manifest.Notes = "nothing", []string{"a note"}
	prose.Source = fstest.MapFS{"main.txt": {Data: []byte("hello\n")}, frameworks.ManifestName: {Data: []byte("# a comment\n")}}
	if key(prose, tools, m) != first {
		t.Error("another word in the manifest's prose makes another key, and a build anew")
	}
}

func TestExcludedFilesAreNoSources(t *testing.T) {
	c := shellContender(t, makeServer)
	c.Manifest.Exclude = []string{"target", "*.log"}
	before, err := buildKey(c, nil, thisMachine())
	if err != nil {
		t.Fatal(err)
	}
	c.Source = fstest.MapFS{"main.txt": {Data: []byte("hello\n")}, "target/big": {}, "x.log": {}, "node_modules/a/b": {}, ".git/HEAD": {}}
	after, err := buildKey(c, nil, thisMachine())
	if err != nil || after != before {
		t.Errorf("key %s, %s with excluded files (%v)", before, after, err)
	}
}

func TestFailedStepTellsItsLastLinesAndIsTriedAgain(t *testing.T) {
	mended := filepath.Join(t.TempDir(), "mended")
	c := shellContender(t, `echo begin; echo "error: no semicolon" >&2; printf 'in line 7'; test -e `+mended+` || exit 3; `+makeServer)
	builder := NewBuilder(t.TempDir(), "self")
	_, err := builder.Build(t.Context(), c, nil)
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"build small: ", "step of v0: exit status 3", "error: no semicolon | in line 7", "(log: "} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not hold %q", err, part)
		}
	}
	state := builder.State(t.Context(), c)
	if state.Kind != BuildFailed || !strings.Contains(state.Reason, "no semicolon") {
		t.Errorf("state %v after the failure", state)
	}
	if log, err := os.ReadFile(state.LogPath); err != nil || !strings.Contains(string(log), "begin\nerror: no semicolon\nin line 7") {
		t.Errorf("log %q (%v)", log, err)
	}
	if err := os.WriteFile(mended, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := builder.Build(t.Context(), c, nil); err != nil {
		t.Fatalf("once mended: %v", err)
	}
	if state := builder.State(t.Context(), c); state.Kind != Ready {
		t.Errorf("state %v once mended", state)
	}
}

func TestTellingLinesAreInTheErrorInsteadOfTheLast(t *testing.T) {
	c := shellContender(t, `echo "error: first"; for i in 1 2 3 4 5 6; do echo "note $i"; done; echo "error: second"; echo "error: first"; echo done; exit 1`)
	c.Manifest.Variants[0].Build[0].Telling = "^error"
	_, err := NewBuilder(t.TempDir(), "self").Build(t.Context(), c, nil)
	if err == nil || !strings.Contains(err.Error(), "exit status 1: error: first | error: second (log: ") {
		t.Errorf("error %v", err)
	}
}

func TestBuildWithoutArtifactIsNoBuild(t *testing.T) {
	builder := NewBuilder(t.TempDir(), "self")
	_, err := builder.Build(t.Context(), shellContender(t, "true"), nil)
	if err == nil || !strings.Contains(err.Error(), "made no server") {
		t.Errorf("error %v, want that no server was made", err)
	}
}

func TestNextVariantIsBuiltAndTheReasonKept(t *testing.T) {
	c := shellContender(t, `touch "{out}/litter"; echo no fuse; exit 1`, makeServer)
	builder := NewBuilder(t.TempDir(), "self")
	for _, cached := range []bool{false, true} {
		built, err := builder.Build(t.Context(), c, nil)
		if err != nil {
			t.Fatal(err)
		}
		if built.Variant != "v1" || built.Cached != cached || !strings.Contains(built.Fallback, "not as v0: step of v0: exit status 1: no fuse") {
			t.Errorf("variant %s, cached %v, fallback %q", built.Variant, built.Cached, built.Fallback)
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(built.Artifact), "litter")); err == nil {
			t.Error("what the failed variant made is in the build of the next")
		}
	}
	if state := builder.State(t.Context(), c); state.Variant != "v1" || !strings.Contains(state.Reason, "no fuse") {
		t.Errorf("state %v of variant %s", state, state.Variant)
	}
}

func TestConcurrentBuildsOfTheSameAreOne(t *testing.T) {
	count := filepath.Join(t.TempDir(), "count")
	c := shellContender(t, "echo built >> "+count+"; sleep 0.2; "+makeServer)
	dir := t.TempDir()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if _, err := NewBuilder(dir, "self").Build(t.Context(), c, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if data, _ := os.ReadFile(count); string(data) != "built\n" {
		t.Errorf("the step ran %q, want once", data)
	}
}

func TestStepsSeeTheirPlaceholdersEnvironmentAndSources(t *testing.T) {
	c := shellContender(t, `test "$(cat main.txt)" = hello && test "$PWD" = "{src}" && test -d "{cache}" && test {id} = small && test "$MARK" = "small!" && test "$NO_COLOR" = 1 && `+makeServer)
	c.Manifest.Variants[0].Build[0].Env = map[string]string{"MARK": "{id}!"}
	if _, err := NewBuilder(t.TempDir(), "self").Build(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
}

func TestStepsOfOtherSystemsAreLeftOut(t *testing.T) {
	c := shellContender(t, makeServer)
	never := frameworks.Step{Name: "elsewhere", Run: []string{"sh", "-c", "exit 1"}, OS: []string{"plan9"}}
	c.Manifest.Build = []frameworks.Step{never}
	if _, err := NewBuilder(t.TempDir(), "self").Build(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
}

func TestOldBuildsAreDropped(t *testing.T) {
	dir := t.TempDir()
	builder := NewBuilder(dir, "self")
	old, err := builder.Build(t.Context(), shellContender(t, makeServer), nil)
	if err != nil {
		t.Fatal(err)
	}
	soon := builder.now().Add(keepUnused / 2)
	builder.now = func() time.Time { return soon }
	if _, err := builder.Build(t.Context(), shellContender(t, makeServer+" # 2"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old.Artifact); err != nil {
		t.Fatalf("a build that may be used again is gone: %v", err)
	}
	late := soon.Add(keepUnused)
	builder.now = func() time.Time { return late }
	if _, err := builder.Build(t.Context(), shellContender(t, makeServer+" # 3"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(old.Artifact)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the build nobody used for so long is still there (%v)", err)
	}
}

func TestLinesAreCleanedForAScreen(t *testing.T) {
	for raw, want := range map[string]string{
		"plain":                      "plain",
		"\x1b[32mgreen\x1b[0m\r":     "green",
		"10 %\r50 %\r100 %":          "100 %",
		"\x1b]8;;http://x\x07link\t": "link",
		"a\x00b\x07c":                "abc",
		"bad \xff utf8":              "bad � utf8",
	} {
		if got := cleanLine(raw); got != want {
			t.Errorf("%q is shown as %q, want %q", raw, got, want)
		}
	}
}

func TestArtifactThatWasCutShortIsBuiltAgain(t *testing.T) {
	for name, spoil := range map[string]func(string) error{
		"emptied":   func(path string) error { return os.Truncate(path, 0) },
		"cut short": func(path string) error { return os.Truncate(path, 1) },
		"gone":      os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "artifact")
			if err := os.WriteFile(path, []byte("whole"), 0o755); err != nil {
				t.Fatal(err)
			}
			if !whole(path, 5) || !whole(path, 0) {
				t.Fatal("a whole one is taken for cut")
			}
			if err := spoil(path); err != nil {
				t.Fatal(err)
			}
			if whole(path, 5) {
				t.Error("it is taken for whole")
			}
		})
	}
}

// Where nothing can be kept, a variant that needs no build runs.
func TestWithoutAFolderWhatNeedsNoBuildRuns(t *testing.T) {
	c := shellContender(t, makeServer)
	plain := c.Manifest.Variants[0]
	plain.Name, plain.Build, plain.Artifact, plain.Run.Command = "plain", nil, "", []string{"sh"}
	only := c
	c.Manifest.Variants = append(slices.Clone(c.Manifest.Variants), plain)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, ""} {
		builder := NewBuilder(dir, "self")
		built, err := builder.Build(t.Context(), c, nil)
		if err != nil || built.Variant != "plain" || !strings.HasPrefix(built.Fallback, "not as v0: ") {
			t.Errorf("in %q: %v, variant %s, %q", dir, err, built.Variant, built.Fallback)
		}
		if _, err := builder.Build(t.Context(), only, nil); err == nil {
			t.Errorf("in %q: what must be built is built", dir)
		}
	}
	if state := NewBuilder("", "self").State(t.Context(), c); state.Kind != Ready || state.Variant != "plain" || !strings.Contains(state.Reason, "HOME") {
		t.Errorf("state %v, variant %s", state, state.Variant)
	}
}
