package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The short form: a few faults of each kind.
func TestAFewFaultsOfEachKindAreSurvived(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	folder := t.TempDir()
	program, torture := filepath.Join(folder, "benchtui"), filepath.Join(folder, "torture")
	for path, of := range map[string]string{program: "../../..", torture: "."} {
		if out, err := exec.Command("go", "build", "-o", path, of).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	out, err := exec.Command(torture, "-short", "-benchtui", program).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
