//go:build linux

package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/servertest"
)

// without is the environment without some variables.
func without(environ []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(names, name)
	})
}

func TestURLNeedsNoFolders(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("fine")) }))
	defer server.Close()
	nowhere := filepath.Join(t.TempDir(), "file", "below")
	if err := os.WriteFile(filepath.Dir(nowhere), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	folders := []string{"HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "TMPDIR"}
	for name, value := range map[string]string{"missing": "", "relative": "some/where", "no folder": nowhere, "read-only": "/proc"} {
		b := newBench(t, "run", "--url", server.URL, "-w", "steady", "-c", "1", "-n", "10", "--warmup", "0s")
		b.Env = without(b.Env, folders...)
		b.Dir = t.TempDir()
		if value != "" {
			for _, folder := range folders {
				b.Env = append(b.Env, folder+"="+value)
			}
		}
		if code := b.run(t); code != cli.ExitDone {
			t.Errorf("%s: exit code %d\n%s", name, code, b.stderr.String())
		}
		if left, _ := os.ReadDir(b.Dir); len(left) > 0 {
			t.Errorf("%s: it left %v where the person stands", name, left)
		}
		// A server of one's own needs a place for its log at most.
		b = newBench(t, "run", "--cmd", serverOf(servertest.Serves), "-w", "steady", "-c", "1", "-n", "10", "--warmup", "0s")
		b.Env = without(b.Env, folders...)
		if value != "" {
			for _, folder := range folders {
				b.Env = append(b.Env, folder+"="+value)
			}
		}
		if code := b.run(t); code != cli.ExitDone {
			t.Errorf("%s: exit code %d\n%s", name, code, b.stderr.String())
		}
		if name != "no folder" {
			continue
		}
		// So does a contender that need not be built.
		b = newBench(t, "run", "golang", "-w", "steady", "-c", "1", "-n", "10", "--warmup", "0s")
		b.Env = without(b.Env, folders...)
		for _, folder := range folders {
			b.Env = append(b.Env, folder+"="+value)
		}
		if code := b.run(t); code != cli.ExitDone {
			t.Errorf("golang, %s: exit code %d\n%s", name, code, b.stderr.String())
		}
	}
}
