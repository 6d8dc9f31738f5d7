package frameworks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAllIsInTheArticlesOrderThenByName(t *testing.T) {
	manifest := func(id string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(strings.Replace(smallManifest, "id: mine", "id: "+id, 1))}
	}
	files := fstest.MapFS{"toolchains.yaml": {Data: []byte("- {id: go, name: Go, find: [go], pattern: \"(.)\"}\n")}}
	for _, id := range []string{"bun", "actix", "kumuluz", "golang", "warp", "helidon", "expressjs"} {
		files[id+"/contender.yaml"] = manifest(id)
	}
	catalogue, err := ReadCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range catalogue.All() {
		got = append(got, c.Manifest.ID)
	}
	want := []string{"warp", "actix", "golang", "expressjs", "kumuluz", "bun", "helidon"}
	if !slices.Equal(got, want) {
		t.Errorf("order %v\nwant  %v", got, want)
	}
}

func TestAllOfTheArticleAreThereAndANativeImageOfEachOnTheJVM(t *testing.T) {
	catalogue, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range catalogue.All() {
		ids = append(ids, c.Manifest.ID)
	}
	if len(articleOrder) != 18 || !slices.Equal(ids[:18], articleOrder) {
		t.Errorf("the first are %v\nwant the article's %v", ids[:18], articleOrder)
	}
	for _, id := range []string{"bun", "helidon", "dotnet10-aot", "dotnet10"} {
		if !slices.Contains(ids, id) {
			t.Errorf("the newcomer %s is missing", id)
		}
	}
	for _, c := range catalogue.All() {
		m := c.Manifest
		onJVM := slices.ContainsFunc(m.Toolchains, func(t Toolchain) bool { return t.ID == "jdk" })
		switch {
		case m.Base != "" && m.Language != "C#" && m.ID != m.Base+"-native":
			t.Errorf("%s builds on %s", m.ID, m.Base)
		case m.Base == "" && onJVM && !slices.Contains(ids, m.ID+"-native"):
			t.Errorf("%s has no native image", m.ID)
		}
	}
}

// notThere is how this system says that there is no such file.
func notThere(path string) string {
	_, err := os.Open(path)
	return fmt.Sprint(err)
}

func TestFind(t *testing.T) {
	catalogue, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	own := filepath.Join(dir, ManifestName)
	if err := os.WriteFile(own, []byte(smallManifest), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ ask, id, wrong string }{
		{ask: "golang", id: "golang"},
		{ask: "expressjs", id: "expressjs"},
		{ask: own, id: "mine"},
		{ask: dir, id: "mine"},
		{ask: "expresjs", wrong: "unknown contender \"expresjs\"; did you mean expressjs? `benchtui list` shows all"},
		{ask: "express", wrong: "unknown contender \"express\"; did you mean expressjs? `benchtui list` shows all"},
		{ask: "Express.js", wrong: "unknown contender \"Express.js\"; did you mean expressjs? `benchtui list` shows all"},
		{ask: "GOLANG", wrong: "unknown contender \"GOLANG\"; did you mean golang? `benchtui list` shows all"},
		{ask: "go", wrong: "unknown contender \"go\"; did you mean golang? `benchtui list` shows all"},
		{ask: "fastify", wrong: "unknown contender \"fastify\"; `benchtui list` shows all"},
		{ask: "", wrong: "unknown contender \"\"; `benchtui list` shows all"},
		{ask: "./nowhere/contender.yaml", wrong: "read manifest: " + notThere("./nowhere/contender.yaml") + "; give the path of a contender.yaml"},
		{ask: "mine.yaml", wrong: "read manifest: " + notThere("mine.yaml") + "; give the path of a contender.yaml"},
	} {
		t.Run(c.ask, func(t *testing.T) {
			got, err := catalogue.Find(c.ask)
			if c.wrong != "" {
				if err == nil || err.Error() != c.wrong {
					t.Errorf("error %v\nwant  %s", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Manifest.ID != c.id {
				t.Errorf("found %s, want %s", got.Manifest.ID, c.id)
			}
		})
	}
}

func TestWorkspaceThatIsNotThereIsTold(t *testing.T) {
	files := fstest.MapFS{
		"toolchains.yaml":     {Data: []byte("- {id: go, name: Go, find: [go], pattern: \"(.)\"}\n")},
		"axum/contender.yaml": {Data: []byte(strings.Replace(smallManifest, "id: mine", "id: axum", 1) + "workspace: rust\n")},
	}
	if _, err := ReadCatalogue(files); err == nil || !strings.Contains(err.Error(), "axum/contender.yaml: workspace: ") {
		t.Errorf("without the workspace: %v", err)
	}
}
