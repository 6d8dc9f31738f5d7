package build

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/benchtui/benchtui/frameworks"
)

func TestStepsThatNameALockRunOneAtATime(t *testing.T) {
	dir, held := t.TempDir(), filepath.Join(t.TempDir(), "held")
	builder := NewBuilder(dir, "self")
	var wait sync.WaitGroup
	for _, id := range []string{"one", "two", "three"} {
		// mkdir fails where another of them is in the middle.
		c := shellContender(t, `mkdir "`+held+`" && sleep 0.1 && rmdir "`+held+`" && `+makeServer)
		c.Manifest.ID = id
		c.Manifest.Variants[0].Build[0].Lock = "repository"
		wait.Go(func() {
			if _, err := builder.Build(t.Context(), c, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

func TestFolderIsCopiedWithAllThatIsInIt(t *testing.T) {
	c := shellContender(t, `mkdir -p app/lib && echo one > app/lib/one.txt && printf '#!/bin/sh\n' > app/run && chmod +x app/run && `+makeServer)
	c.Manifest.Variants[0].Build = append(c.Manifest.Variants[0].Build,
		frameworks.Step{Name: "keep the application", Copy: &frameworks.Copy{From: "{src}/app", To: "{out}/app"}})
	built, err := NewBuilder(t.TempDir(), "self").Build(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	app := filepath.Join(filepath.Dir(built.Artifact), "app")
	if text, err := os.ReadFile(filepath.Join(app, "lib", "one.txt")); string(text) != "one\n" {
		t.Errorf("the copy holds %q (%v)", text, err)
	}
	if info, err := os.Stat(filepath.Join(app, "run")); err != nil || !executable(info) {
		t.Errorf("the program's copy is not executable (%v)", err)
	}
}
