package frameworks

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/frameworks/contenders"

	"github.com/benchtui/benchtui/internal/oracle"
)

const smallManifest = `id: mine
name: Mine
language: Go
run:
  command: [./server, --port, "{port}"]
`

func testToolchains(t testing.TB) map[string]Toolchain {
	t.Helper()
	data, err := os.ReadFile("contenders/toolchains.yaml")
	if err != nil {
		t.Fatal(err)
	}
	known, err := parseToolchains("toolchains.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func TestManifestDefaults(t *testing.T) {
	m, err := parseManifest("contender.yaml", []byte(smallManifest), testToolchains(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Request.Method != "GET" || m.Request.Path != "/hello" {
		t.Errorf("request %+v, want GET /hello", m.Request)
	}
	if m.Checks != (Checks{Status: 200, JSONField: "name"}) {
		t.Errorf("checks %+v, want status 200 and JSON field name", m.Checks)
	}
}

func TestManifestNamingOneCheckReplacesTheDefaults(t *testing.T) {
	m, err := parseManifest("contender.yaml", []byte(smallManifest+"checks: {status: 204}\n"), testToolchains(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Checks != (Checks{Status: 204}) {
		t.Errorf("checks %+v, want status 204 alone", m.Checks)
	}
}

func TestManifestTakesKnownToolchainById(t *testing.T) {
	m, err := parseManifest("contender.yaml", []byte(smallManifest+"toolchains: [{id: node, minimum: \"22\"}]\n"), testToolchains(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := m.Toolchains[0]
	if got.Name != "Node.js" || got.Minimum != "22" || got.Find[0] != "node" || got.Install == "" {
		t.Errorf("toolchain %+v lacks what toolchains.yaml says of node", got)
	}
}

// manyKeys is a mapping, of which a parser that compares each with all takes minutes.
func manyKeys(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "k%d: v\n", i)
	}
	return text.String()
}

func TestBadManifestGivesOneClearLine(t *testing.T) {
	built := "build:\n- name: compile\n  run: [make]\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "m.yaml: is empty"},
		{"comment only", "# nothing\n", "m.yaml: is empty"},
		{"unknown field", smallManifest + "prot: 8080\n", `m.yaml:6: unknown field "prot"`},
		{"unknown field inside", smallManifest + "request:\n  url: /x\n", `m.yaml:7: unknown field "url"`},
		{"twice", "id: a\nid: b\n", `m.yaml:2: mapping key "id" already defined`},
		{"wrong type", strings.Replace(smallManifest, "[./server, --port, \"{port}\"]", "./server", 1), "m.yaml:5: "},
		{"no yaml", "id: [\n", "m.yaml:1: "},
		{"a list", "- id\n", "m.yaml:1: "},
		{"no id", strings.Replace(smallManifest, "id: mine\n", "", 1), "m.yaml: id: is required"},
		{"bad id", strings.Replace(smallManifest, "id: mine", "id: My Server", 1), `m.yaml:1: id: "My Server" must be lower-case`},
		{"id that is a path", strings.Replace(smallManifest, "id: mine", "id: ../mine", 1), `m.yaml:1: id: "../mine" must be`},
		{"no name", strings.Replace(smallManifest, "name: Mine\n", "", 1), "m.yaml: name: is required"},
		{"no language", strings.Replace(smallManifest, "language: Go\n", "", 1), "m.yaml: language: is required"},
		{"no command", "id: mine\nname: Mine\nlanguage: Go\nrun:\n  env: {A: b}\n", "m.yaml:5: run.command: is required"},
		{"unknown placeholder", strings.Replace(smallManifest, "{port}", "{prot}", 1), `m.yaml:5: run.command: {prot} in "{prot}" is no placeholder here`},
		{"artifact of nothing", strings.Replace(smallManifest, "{port}", "{artifact}", 1), `{artifact} in "{artifact}" is no placeholder here`},
		{"sources at run time", strings.Replace(smallManifest, "{port}", "{src}", 1) + "artifact: \"{out}/x\"\n" + built, `{src} in "{src}" is no placeholder here`},
		{"path without slash", smallManifest + "request:\n  path: hello\n", `m.yaml:7: request.path: "hello" must begin with /`},
		{"unknown probe", smallManifest + "probes:\n- jvm\n", `m.yaml:7: probes[0]: unknown probe "jvm"; known: node-event-loop`},
		{"unknown toolchain", smallManifest + "toolchains:\n- id: cobol\n", `m.yaml:7: toolchains[0].id: unknown toolchain "cobol"; known: bun, `},
		{"bad minimum", smallManifest + "toolchains:\n- {id: go, minimum: latest}\n", `m.yaml:7: toolchains[0]: minimum "latest" must be a version`},
		{"bad pattern", smallManifest + "toolchains:\n- {id: go, pattern: \"(\"}\n", "m.yaml:7: toolchains[0]: pattern: error parsing regexp"},
		{"step without command", smallManifest + "artifact: \"{out}/x\"\nbuild:\n- name: compile\n", "m.yaml:8: build[0]: needs run"},
		{"step without name", smallManifest + "artifact: \"{out}/x\"\nbuild:\n- run: [make]\n", "m.yaml:8: build[0]: name is required"},
		{"bad telling", smallManifest + "artifact: \"{out}/x\"\nbuild:\n- name: compile\n  run: [make]\n  telling: \"(\"\n", "m.yaml:10: build[0].telling: error parsing regexp"},
		{"build without artifact", smallManifest + built, "artifact: is required with build steps"},
		{"artifact that is not kept", smallManifest + "artifact: \"{src}/x\"\n" + built, "m.yaml:6: artifact: is required with build steps, and begins with {out}/"},
		{"artifact out of the folder", smallManifest + "artifact: \"{out}/../x\"\n" + built, "m.yaml:6: artifact: "},
		{"unverified without reason", smallManifest + "verified: false\n", "reason: is required with verified: false"},
		{"workspace elsewhere", smallManifest + "workspace: ../../etc\n", "m.yaml:6: workspace: "},
		{"variant without name", smallManifest + "variants:\n- artifact: x\n", "variants[0].name: is required"},
		{"version without group", smallManifest + "version: {file: a.lock, pattern: abc}\n", "version.pattern: needs a group"},
		{"tag without value", smallManifest + "probes: !x\n", "m.yaml: can't be read as YAML"},
		{"many documents", strings.Repeat("id: mine\n---\n", 80_000), "has more than 20000 words and signs"},
		{"many keys", manyKeys(70_000), "has more than 20000 words and signs"},
		{"a binary", "\x7fELF\x02\x01\x01\x00", "m.yaml"},
		{"huge", strings.Repeat("# x\n", 1<<18+1), "m.yaml: is larger than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseManifest("m.yaml", []byte(c.text), testToolchains(t), nil)
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q\nwant it to hold %q", err, c.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of more than one line: %q", err)
			}
		})
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(smallManifest))
	f.Add([]byte(smallManifest + "probes: !x\n"))
	manifests, _ := filepath.Glob("contenders/*/" + ManifestName)
	for _, name := range manifests {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("id: mine\nname: Mine\nbase: theirs\n"))
	for _, seed := range []string{
		smallManifest + "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n",
		"id: " + strings.Repeat("[", 100_000), smallManifest + "id: other\n", smallManifest + "ready: {status: .nan}\n",
		smallManifest + "source: ../../../etc\n", "id: \"\\e[2J\"\n",
	} {
		f.Add([]byte(seed))
	}
	known := testToolchains(f)
	theirs, err := parseManifest("theirs.yaml", []byte(strings.Replace(smallManifest, "id: mine", "id: theirs", 1)), known, nil)
	if err != nil {
		f.Fatal(err)
	}
	bases := []Contender{{Manifest: theirs}}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m Manifest
		var err error
		oracle.Bounded(t, func() { m, err = parseManifest("m.yaml", data, known, bases) })
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "m.yaml") {
				t.Errorf("error is not one line that begins with the file: %q", err)
			}
			return
		}
		// What passes must hold what the rest of the room relies on.
		if !idPattern.MatchString(m.ID) || m.Request.Path == "" {
			t.Errorf("accepted %+v", m)
		}
		for _, v := range (Contender{Manifest: m}).Variants() {
			if len(v.Run.Command) == 0 {
				t.Errorf("accepted a variant without a command: %+v", v)
			}
		}
	})
}

func TestEmbeddedManifestsAreWhole(t *testing.T) {
	catalogue, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range catalogue.All() {
		m := c.Manifest
		t.Run(m.ID, func(t *testing.T) {
			if m.Link == "" || m.Departs == "" || m.Verified == nil {
				t.Errorf("link %q, departs %q, verified %v: all are required of ours", m.Link, m.Departs, m.Verified)
			}
			for name, fact := range map[string]Fact{"accept_backlog": m.Behaviour.AcceptBacklog, "keep_alive": m.Behaviour.KeepAlive, "worker_threads": m.Behaviour.WorkerThreads, "etag": m.Behaviour.ETag} {
				if fact.Value == "" || !strings.HasPrefix(fact.Source, "https://") {
					t.Errorf("behaviour.%s: %+v needs a value and a source", name, fact)
				}
			}
			for _, v := range c.Variants() {
				if v.Version.empty() {
					t.Errorf("variant %q does not say where its version is read", v.Name)
				}
				for _, tool := range v.Toolchains {
					if tool.Install == "" || tool.Minimum == "" {
						t.Errorf("toolchain %s needs a minimum and how to install it", tool.ID)
					}
				}
			}
		})
	}
}

// A folder that was added but not embedded would be there in the tree and
// nowhere else.
func TestEveryContenderFolderIsEmbedded(t *testing.T) {
	catalogue, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range catalogue.All() {
		ids = append(ids, c.Manifest.ID)
	}
	manifests, err := filepath.Glob("contenders/*/" + ManifestName)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range manifests {
		if id := filepath.Base(filepath.Dir(name)); !slices.Contains(ids, id) {
			t.Errorf("%s is not embedded: add it to contenders/embedded.go", id)
		}
	}
	err = fs.WalkDir(contenders.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "target") {
			t.Errorf("%s is embedded: remove it from the tree", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
