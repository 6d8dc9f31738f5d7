package build

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/frameworks"
)

// withPATH is a builder on a machine with nothing but these folders in PATH.
func withPATH(t *testing.T, dirs ...string) *Builder {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	builder := NewBuilder(t.TempDir(), self)
	builder.machine.environ = []string{"PATH=" + strings.Join(dirs, string(os.PathListSeparator))}
	return builder
}

// fakeTool is a program that says a line, whatever it is asked.
func fakeTool(t *testing.T, dir, name, line string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("NOT CHECKED: the fake toolchains are shell scripts")
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho '"+line+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func embeddedContender(t *testing.T, id string) frameworks.Contender {
	t.Helper()
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWithoutToolchainsGolangIsReadyAndExpressSaysWhatToInstall(t *testing.T) {
	builder := withPATH(t)
	golang := builder.State(t.Context(), embeddedContender(t, "golang"))
	if golang.Kind != Ready || golang.Variant != "built in" || golang.Version != "Go "+strings.TrimPrefix(runtime.Version(), "go") {
		t.Errorf("golang is %v, variant %s, version %s", golang, golang.Variant, golang.Version)
	}
	if want := "built in; compiled here once Go is installed"; golang.Reason != want {
		t.Errorf("golang's reason %q\nwant %q", golang.Reason, want)
	}
	express := builder.State(t.Context(), embeddedContender(t, "expressjs"))
	want := "missing: needs Node.js 20 or newer (node not found); install it from nodejs.org or your package manager; needs npm 8 or newer (npm not found); it comes with Node.js from nodejs.org; some package managers have it apart, as npm"
	if express.String() != want {
		t.Errorf("expressjs is %q\nwant %q", express, want)
	}
	if !strings.HasPrefix(express.Version, "Express 4.21.") {
		t.Errorf("version %q: the lock file tells it without Node.js", express.Version)
	}
	if _, err := builder.Build(t.Context(), embeddedContender(t, "expressjs"), nil); err == nil || !strings.Contains(err.Error(), "needs Node.js 20 or newer (node not found)") {
		t.Errorf("Build says %v", err)
	}
}

func TestTooOldToolchainIsNamedWithItsVersion(t *testing.T) {
	dir := t.TempDir()
	fakeTool(t, dir, "node", "v18.19.1 /usr/bin/node")
	fakeTool(t, dir, "npm", "9.2.0")
	fakeTool(t, dir, "go", "go version go1.19.8 linux/amd64")
	builder := withPATH(t, dir)
	express := builder.State(t.Context(), embeddedContender(t, "expressjs"))
	if want := "needs Node.js 20 or newer (found 18.19.1); install it from nodejs.org or your package manager"; express.Kind != Missing || express.Reason != want {
		t.Errorf("expressjs is %v\nwant %s", express, want)
	}
	golang := builder.State(t.Context(), embeddedContender(t, "golang"))
	if want := "built in; compiled here once Go 1.22 or newer is installed (found 1.19.8)"; golang.Kind != Ready || golang.Variant != "built in" || golang.Reason != want {
		t.Errorf("golang is %v, variant %s\nwant %s", golang, golang.Variant, want)
	}
}

func TestBrokenToolchainIsMissingWithItsAnswer(t *testing.T) {
	dir := t.TempDir()
	fakeTool(t, dir, "node", "Segmentation fault")
	fakeTool(t, dir, "npm", "9.2.0")
	state := withPATH(t, dir).State(t.Context(), embeddedContender(t, "expressjs"))
	if state.Kind != Missing || !strings.Contains(state.Reason, "no version in its answer") {
		t.Errorf("expressjs is %v", state)
	}
}

func TestFirstGoodEnoughToolchainIsChosenNewestOfAFolder(t *testing.T) {
	root := t.TempDir()
	for name, version := range map[string]string{"jdk-17": "17.0.9", "jdk-21": "21.0.2", "jdk-25": "25", "home": "17.0.1"} {
		bin := filepath.Join(root, name, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		fakeTool(t, bin, "javac", "javac "+version)
	}
	jdk := frameworks.Toolchain{ID: "jdk", Name: "JDK", Find: []string{"$JAVA_HOME/bin/javac", root + "/jdk-*/bin/javac", "javac"},
		Pattern: `javac (\d+(?:\.\d+)*)`, Install: "install one"}
	builder := withPATH(t, filepath.Join(root, "jdk-17", "bin"))
	for _, c := range []struct{ home, minimum, want string }{
		{"", "17", "jdk-25"},
		{"home", "17", "home"},
		{"home", "21", "jdk-25"},
		{"nowhere", "17", "jdk-25"},
	} {
		m := builder.machine
		if c.home != "" {
			m.environ = append([]string{"JAVA_HOME=" + filepath.Join(root, c.home)}, m.environ...)
		}
		jdk.Minimum = c.minimum
		got, err := choose(jdk, detect(t.Context(), jdk, m))
		if want := filepath.Join(root, c.want, "bin", "javac"); err != nil || got.path != want {
			t.Errorf("JAVA_HOME %q, at least %s: %s (%v), want %s", c.home, c.minimum, got.path, err, want)
		}
	}
	jdk.Minimum = "26"
	if _, err := choose(jdk, detect(t.Context(), jdk, builder.machine)); err == nil || !strings.Contains(err.Error(), "needs JDK 26 or newer (found 25, 21.0.2, 17.0.9); install one") {
		t.Errorf("error %v", err)
	}
}

func TestVersionsAreComparedAsNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"1.9", "1.10", -1}, {"20", "20.0.0", 0}, {"21", "20.20.2", 1}, {"1.24.10", "1.24", 1}, {"5", "", 1}} {
		if got := compareVersions(c.a, c.b); got != c.want {
			t.Errorf("%s against %s is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestCommandThatIsNotThereIsMissing(t *testing.T) {
	for spec, want := range map[string]string{
		"mine=./nowhere --port {port}": "--cmd mine: ./nowhere not found; is the path right, and the file executable?",
		"mine=nowhere {port}":          "--cmd mine: nowhere not found; give a path, such as ./nowhere, or install it",
	} {
		c, err := frameworks.Command(spec)
		if err != nil {
			t.Fatal(err)
		}
		builder := withPATH(t)
		if state := builder.State(t.Context(), c); state.Kind != Missing || state.Reason != want {
			t.Errorf("state %v\nwant missing: %s", state, want)
		}
		if _, err := builder.Build(t.Context(), c, nil); err == nil || err.Error() != want {
			t.Errorf("Build says %v\nwant %s", err, want)
		}
	}
}
