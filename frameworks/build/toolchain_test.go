package build

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/benchtui/benchtui/frameworks"
)

func TestNewestOfAllPlacesOfAnEntryIsChosen(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	root := t.TempDir()
	for name, version := range map[string]string{"path": "17.0.1", "jvm/a": "21.0.2", "sdk/b": "25.0.3"} {
		bin := filepath.Join(root, name, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		fakeTool(t, bin, "javac", "    java.home = /opt/jdk "+version+"\n    java.version = "+version)
	}
	all := embeddedContender(t, "ktor").Manifest.Toolchains
	jdk := all[slices.IndexFunc(all, func(one frameworks.Toolchain) bool { return one.ID == "jdk" })]
	jdk.Find = []string{"$JAVA_HOME/bin/javac", "javac | " + root + "/jvm/*/bin/javac | " + root + "/sdk/*/bin/javac"}
	jdk.Minimum = "17"
	m := withPATH(t, filepath.Join(root, "path", "bin")).machine
	got, err := choose(jdk, detect(t.Context(), jdk, m))
	if want := filepath.Join(root, "sdk/b/bin/javac"); err != nil || got.path != want || got.home != "/opt/jdk 25.0.3" {
		t.Errorf("chosen is %s of %s (%v), want %s", got.path, got.home, err, want)
	}
	m.environ = append(m.environ, "JAVA_HOME="+filepath.Join(root, "jvm", "a"))
	if got, err = choose(jdk, detect(t.Context(), jdk, m)); err != nil || got.version != "21.0.2" {
		t.Errorf("with JAVA_HOME chosen is %s (%v), want 21.0.2", got.version, err)
	}
}
