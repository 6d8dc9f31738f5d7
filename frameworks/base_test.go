package frameworks

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

const baseManifest = `id: jvm
name: JVM
language: Java
verified: true
departs: nothing
build: [{name: compile, run: [make]}]
artifact: "{out}/server.jar"
run:
  command: [java, -jar, "{artifact}"]
  env: {NAME: "{id}"}
behaviour:
  keep_alive_requests: 100
`

func basedCatalogue(t *testing.T, native string) (*Catalogue, error) {
	t.Helper()
	return ReadCatalogue(fstest.MapFS{
		"toolchains.yaml":           {Data: []byte("- {id: go, name: Go, find: [go], pattern: \"(.)\"}\n")},
		"jvm/contender.yaml":        {Data: []byte(baseManifest)},
		"jvm/Main.java":             {Data: []byte("class Main {}\n")},
		"a-native/contender.yaml":   {Data: []byte("id: a-native\nname: Native\n" + native)},
		"zz-native/contender.yaml":  {Data: []byte("id: zz-native\nname: Last\nbase: jvm\n")},
		"unrelated/contender.yaml":  {Data: []byte(strings.Replace(smallManifest, "id: mine", "id: unrelated", 1))},
		"unrelated/unrelated.txt":   {Data: []byte("of another\n")},
		"zz-native/not-embedded.go": {Data: []byte("package not\n")},
	})
}

func TestContenderTakesFromItsBaseWhatItDoesNotGive(t *testing.T) {
	catalogue, err := basedCatalogue(t, `base: jvm
verified: false
reason: no compiler
build: []
variants:
  - name: image
    build: [{name: link, run: [ld]}]
    artifact: "{out}/server"
    run: {command: ["{artifact}"]}
`)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Find("a-native")
	if err != nil {
		t.Fatal(err)
	}
	m := c.Manifest
	if m.ID != "a-native" || m.Name != "Native" || m.Language != "Java" || m.Departs != "nothing" || m.Behaviour.KeepAliveRequests != 100 {
		t.Errorf("%+v", m)
	}
	if reason, unverified := m.Unverified(); !unverified || reason != "no compiler" {
		t.Errorf("unverified %v, %q", unverified, reason)
	}
	if len(m.Build) != 0 {
		t.Errorf("an empty list takes nothing from the base, but the build is %v", m.Build)
	}
	variants := c.Variants()
	if len(variants) != 1 || variants[0].Run.Command[0] != "{artifact}" || variants[0].Run.Env["NAME"] != "{id}" || variants[0].Artifact != "{out}/server" {
		t.Errorf("variants %+v", variants)
	}
	if _, err := fs.Stat(c.Source, "Main.java"); err != nil {
		t.Errorf("its sources are the base's: %v", err)
	}
	// Whether anybody ran the base says nothing of what is built from it.
	last, err := catalogue.Find("zz-native")
	if err != nil || last.Manifest.Verified != nil || last.Manifest.Build[0].Name != "compile" {
		t.Errorf("%+v %v", last.Manifest, err)
	}
}

func TestWrongBaseIsTold(t *testing.T) {
	for native, want := range map[string]string{
		"base: nobody\n":                  "frameworks/contenders/a-native/contender.yaml:3: base: \"nobody\" is no contender of benchtui's own that stands without a base; `benchtui list` shows all",
		"base: zz-native\n":               "frameworks/contenders/a-native/contender.yaml:3: base: \"zz-native\" is no contender of benchtui's own that stands without a base; `benchtui list` shows all",
		"base: jvm\nworkspace: unrelated": "frameworks/contenders/a-native/contender.yaml:4: workspace: has no place beside base, whose sources are taken",
		"base: jvm\nrun: {command: [x, \"{nothing}\"]}\n": "frameworks/contenders/a-native/contender.yaml:4: run.command: {nothing} in \"{nothing}\" is no placeholder here; " +
			"known: {out} {cache} {exe} {id} {cpus} {self} {self.go} {port} {artifact}",
	} {
		if _, err := basedCatalogue(t, native); err == nil || err.Error() != want {
			t.Errorf("%q: error %v\nwant %s", native, err, want)
		}
	}
}

func TestOwnManifestMayBuildOnAContenderOfBenchtui(t *testing.T) {
	catalogue, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), ManifestName)
	if err := os.WriteFile(own, []byte("id: two-threads\nname: Golang on two threads\nbase: golang\nrun: {env: {GOMAXPROCS: \"2\"}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Find(own)
	if err != nil {
		t.Fatal(err)
	}
	if c.Manifest.Run.Env["GOMAXPROCS"] != "2" || c.Variants()[0].Run.Command[0] != "{artifact}" {
		t.Errorf("%+v", c.Manifest)
	}
	if _, err := fs.Stat(c.Source, "main.go"); err != nil {
		t.Errorf("its sources are golang's: %v", err)
	}
}
