package tuitest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/charmbracelet/x/exp/golden"
)

// updating says that the golden screens are to be written anew: go test ./tui/...
// -update, then read them. The flag itself is the golden package's, as teatest has it.
func updating() bool {
	update := flag.Lookup("update")
	return update != nil && update.Value.String() == "true"
}

// CompareGolden holds a screen against the golden file of the test's name.
func CompareGolden(t *testing.T, got string) {
	t.Helper()
	CompareGoldenIn(t, "testdata", got)
}

// CompareGoldenIn is the same with the files in another folder.
func CompareGoldenIn(t *testing.T, folder, got string) {
	t.Helper()
	name := t.Name()[strings.LastIndex(t.Name(), "/")+1:]
	path := filepath.Join(folder, name+".golden")
	if updating() {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./tui/... -update writes it", err)
	}
	if got != string(want) {
		t.Errorf("the screen is not as in %s:\n%s", path, got)
	}
}
