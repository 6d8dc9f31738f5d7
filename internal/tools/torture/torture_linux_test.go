package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// Whatever is promised to be survived has a fault that is tried for it, and none stands
// for what was not.
func TestEveryWordOfWhatIsPromisedHasAFault(t *testing.T) {
	faults := (&torture{}).faults()
	tried, names := map[string]int{}, map[string]int{}
	for _, one := range faults {
		tried[one.noun]++
		if names[one.name]++; names[one.name] > 1 {
			t.Errorf("two faults are named %q", one.name)
		}
	}
	for _, promise := range promised {
		for _, word := range words(promise.words) {
			if tried[word] == 0 {
				t.Errorf("%s: %s: nothing is tried for it", promise.of, word)
			}
			delete(tried, word)
		}
	}
	delete(tried, "") // to see that all is well without
	for word := range tried {
		t.Errorf("a fault stands for %q, which is not promised", word)
	}
}

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
