//go:build unix

package run

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/diagnosis"
)

// The table of failures in docs/method.md names verdicts, findings and tests that there are.
func TestEveryFailureInTheMethodHasItsTest(t *testing.T) {
	read := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	files, _ := filepath.Glob("*_test.go")
	var sources strings.Builder
	for _, file := range files {
		sources.WriteString(read(file))
	}
	findings := read("../diagnosis/finding.go")
	_, table, found := strings.Cut(read("../../docs/method.md"), "| what happens | verdict | finding | test |\n")
	if !found {
		t.Fatal("docs/method.md has no table of failures")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	quoted := regexp.MustCompile("`([^`]+)`")
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if strings.HasPrefix(line, "|---") {
			continue
		}
		if rows++; len(cells) != 4 && len(cells) != 3 { // an empty cell has one space
			t.Fatalf("%d cells: %s", len(cells), line)
		}
		tests := 0
		for _, word := range quoted.FindAllStringSubmatch(line, -1) {
			word := word[1]
			name, ofTable := strings.CutPrefix(word, "…/")
			switch {
			case ofTable:
				tests++
				if !strings.Contains(sources.String(), `{"`+strings.ReplaceAll(name, "_", " ")) {
					t.Errorf("there is no case %q", name)
				}
			case strings.HasPrefix(word, "Test"):
				tests++
				if !strings.Contains(sources.String(), "func "+word+"(") {
					t.Errorf("there is no test %s", word)
				}
			case slices.Contains([]string{diagnosis.VerdictServer, diagnosis.VerdictGenerator, diagnosis.VerdictMachine, diagnosis.VerdictInconclusive}, word):
			case !strings.Contains(findings, `"`+word+`"`):
				t.Errorf("%s is neither a verdict nor a finding", word)
			}
		}
		if tests == 0 {
			t.Errorf("no test holds %s", line)
		}
	}
	if rows < 10 {
		t.Errorf("only %d rows were found", rows)
	}
}
