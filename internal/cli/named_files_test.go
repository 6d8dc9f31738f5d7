package cli

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// What has no form for stdout is not written into a file called "-".
func TestOnlyReportsGoToStdout(t *testing.T) {
	for _, by := range []string{"--record", "--debug-log"} {
		if err := writable([]namedFile{{by, "-", false}}); err == nil || !strings.Contains(err.Error(), by+" -") {
			t.Errorf("%s -: %v", by, err)
		}
	}
	for _, one := range []namedFile{{"--json", "-", false}, {"--record", filepath.Join(t.TempDir(), "-"), false}, {"--record", "", false}} {
		if err := writable([]namedFile{one}); err != nil {
			t.Errorf("%+v: %v", one, err)
		}
	}
}

// A script that forgot to set a variable is told, and not that all went well.
func TestFileWithoutANameIsRefused(t *testing.T) {
	for _, args := range [][]string{
		{"run", "golang", "--json", ""}, {"run", "golang", "--csv="}, {"run", "golang", "--record", ""}, {"run", "golang", "-D", ""},
		{"run", "golang", "--debug-log", ""}, {"--html", ""}, {"demo", "--debug-log="},
		{"report", "--svg", ""}, {"report", "--profile", ""}, {"report", ""}, {"replay", ""}, {"compare", "", ""}, {"compare", "x", "y", "--md", ""},
	} {
		var failed exitError
		if err := execute(args...); !errors.As(err, &failed) || failed.code != ExitUsage || !strings.Contains(err.Error(), "empty") {
			t.Errorf("%q: %v", args, err)
		}
	}
	for _, args := range [][]string{{"__complete", "run", ""}, {"__complete", "run", "--json", ""}, {"list", "--help"}} {
		if err := execute(args...); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func execute(args ...string) error {
	root := rootCommand(io.Discard)
	root.SetErr(io.Discard)
	root.SetArgs(args)
	return root.Execute()
}
