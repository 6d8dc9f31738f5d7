package build

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/benchtui/benchtui/frameworks"
)

// smallManifest is what a manifest needs beside its id.
const smallManifest = `name: Small
language: Go
run:
  command: [./server, --port, "{port}"]
`

// catalogueOf is a catalogue of a tree of files with these texts, without toolchains.
func catalogueOf(t testing.TB, texts map[string]string) *frameworks.Catalogue {
	t.Helper()
	files := fstest.MapFS{"toolchains.yaml": {Data: []byte("[]\n")}}
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	catalogue, err := frameworks.ReadCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

func TestBuildOfABasedContenderIsItsOwn(t *testing.T) {
	catalogue := catalogueOf(t, map[string]string{
		"jvm/contender.yaml":      "id: jvm\n" + smallManifest,
		"jvm/Main.java":           "class Main {}\n",
		"a-native/contender.yaml": "id: a-native\nbase: jvm\nname: Native\n",
	})
	builder, keys := NewBuilder(t.TempDir(), "self"), map[string]bool{}
	for _, id := range []string{"jvm", "a-native"} {
		c, err := catalogue.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		key, err := buildKey(c, nil, builder.machine)
		if err != nil {
			t.Fatal(err)
		}
		keys[key] = true
	}
	if len(keys) != 2 {
		t.Errorf("two contenders share the key of a build: %v", keys)
	}
}

func TestContendersOfAWorkspaceShareSourcesAndCache(t *testing.T) {
	texts := map[string]string{"rust/Cargo.toml": "[workspace]\n"}
	for _, id := range []string{"warp", "axum"} {
		texts[id+"/contender.yaml"] = "id: " + id + "\n" + smallManifest + "workspace: rust\n"
	}
	catalogue := catalogueOf(t, texts)
	builder := NewBuilder("cache", "self")
	for _, c := range catalogue.All() {
		if _, err := c.Source.Open("Cargo.toml"); err != nil {
			t.Errorf("%s: %v", c.Manifest.ID, err)
		}
		if got, want := builder.values(c, nil)["cache"], filepath.Join("cache", "shared", "rust"); got != want {
			t.Errorf("%s: cache %s, want %s", c.Manifest.ID, got, want)
		}
	}
}

func TestNativeImagesAreOfferedWhereNativeImageIsFound(t *testing.T) {
	for _, place := range []string{"/usr/lib/jvm/*/bin/native-image", "/opt/*/bin/native-image", "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/native-image"} {
		if found, _ := filepath.Glob(place); len(found) > 0 {
			t.Skipf("NOT CHECKED: this machine has %s, and so can't be one without", found[0])
		}
	}
	dir := t.TempDir()
	fakeTool(t, dir, "mvn", "Apache Maven 3.9.9 (abc)")
	fakeTool(t, dir, "javac", "    java.home = "+dir+"\n    java.version = 99.0.1")
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range []bool{false, true} {
		if found {
			fakeTool(t, dir, "native-image", "native-image 99.0.1 2036-01-20")
		}
		builder := withPATH(t, dir)
		for _, c := range catalogue.All() {
			if !strings.HasSuffix(c.Manifest.ID, "-native") {
				continue
			}
			state := builder.State(t.Context(), c)
			if found && (state.Kind != CanBeBuilt || !strings.HasPrefix(state.Reason, "with JDK 99.0.1, Maven 3.9.9, GraalVM 99.0.1") || !strings.Contains(state.Variant, "GraalVM 99.0.1") || state.Version == "") {
				t.Errorf("%s is %v, variant %q, version %q", c.Manifest.ID, state, state.Variant, state.Version)
			}
			if !found && (state.Kind != Missing || !strings.Contains(state.Reason, "(native-image not found); install GraalVM from graalvm.org, and set GRAALVM_HOME")) {
				t.Errorf("without native-image %s is %v", c.Manifest.ID, state)
			}
		}
	}
}
