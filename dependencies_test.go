package main

import (
	"os"
	"regexp"
	"testing"
)

// Every module that go.mod names directly says in docs/dependencies.md what it is for, and
// none that is gone does.
func TestDirectDependenciesAreDocumented(t *testing.T) {
	named := func(file, pattern string) map[string]bool {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]bool{}
		for _, match := range regexp.MustCompile(pattern).FindAllSubmatch(data, -1) {
			all[string(match[1])] = true
		}
		return all
	}
	direct := named("go.mod", `(?m)^\t(\S+) v\S+$`) // those that are not direct have a comment behind
	documented := named("docs/dependencies.md", `(?m)^\| ([a-z]+\.\S+) \|`)
	if len(direct) < 10 {
		t.Fatalf("go.mod names %d modules directly", len(direct))
	}
	for module := range direct {
		if !documented[module] {
			t.Errorf("docs/dependencies.md does not say what %s is for", module)
		}
	}
	for module := range documented {
		if !direct[module] {
			t.Errorf("docs/dependencies.md tells of %s, which go.mod does not name directly", module)
		}
	}
}
