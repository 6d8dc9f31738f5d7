package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestManPagesHoldEveryFlag(t *testing.T) {
	root := rootCommand(io.Discard)
	dir := t.TempDir()
	root.SetArgs([]string{"man", "--dir", dir})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "benchtui-run.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`\fB--fail-if\fP`, "'failures>0.1%'", `\fB--workload\fP="burst"`, "p99<50ms,failures<0.1%"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page of run lacks %s:\n%s", want, page)
		}
	}
}

func TestManPageOfOneCommand(t *testing.T) {
	var out bytes.Buffer
	root := rootCommand(io.Discard)
	root.SetOut(&out)
	root.SetArgs([]string{"man", "list"})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `.TH "BENCHTUI-LIST" "1"`) {
		t.Errorf("this is no page of list:\n%s", out.String())
	}
	root = rootCommand(io.Discard)
	root.SetArgs([]string{"man", "nothing"})
	if err := root.Execute(); err == nil || !strings.Contains(err.Error(), `no command "nothing"`) {
		t.Errorf("error %v", err)
	}
}
