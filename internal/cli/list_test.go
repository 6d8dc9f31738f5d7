package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/report/wording"
)

func listedOf(t *testing.T, states map[string]build.State) (rows []listed) {
	t.Helper()
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, contender := range catalogue.All() {
		if state, ok := states[contender.Manifest.ID]; ok {
			rows = append(rows, list(contender, state))
		}
	}
	return rows
}

func TestListMarksWhatNobodyHasRun(t *testing.T) {
	here := build.State{Kind: build.CanBeBuilt, Reason: "with what is here"}
	missing := build.State{Kind: build.Missing, Reason: "needs what is not"}
	rows := listedOf(t, map[string]build.State{"axum": here, "dotnet7-aot": here, "vertx-native": missing})
	if !rows[0].Verified || rows[1].Verified || !strings.Contains(rows[1].Why, "out of support since May 2024") {
		t.Errorf("rows %+v", rows)
	}
	var text strings.Builder
	writeList(&text, rows, 300)
	lines := strings.Split(text.String(), "\n")
	if strings.Contains(lines[1], "unverified") {
		t.Errorf("axum is marked: %s", lines[1])
	}
	if !strings.Contains(lines[2], "can be built, unverified") || !strings.Contains(lines[2], "with what is here; .NET 7 is out of support") {
		t.Errorf("dotnet7-aot is not marked with its reason: %s", lines[2])
	}
	if !strings.Contains(lines[3], "missing, unverified") || !strings.HasSuffix(lines[3], "  needs what is not") {
		t.Errorf("what is missing is told with why it is unverified: %s", lines[3])
	}
}

func TestListIsALineAContenderAtAnyWidth(t *testing.T) {
	long := strings.Repeat("needs a toolchain that is nowhere; ", 5)
	rows := listedOf(t, map[string]build.State{
		"golang":                 {Kind: build.Ready, Reason: long, Version: "Go 1.26.8", Variant: "own build"},
		"spring-boot-web":        {Kind: build.CanBeBuilt, Reason: "with JDK 25.0.3, Maven 3.8.7", Version: "Spring Boot 4.1.2", Variant: "Tomcat, JDK 25.0.3"},
		"spring-boot-web-native": {Kind: build.Missing, Reason: "工具链" + long, Version: "Spring Boot 4.1.2"}, // twice as wide as it has characters
	})
	for _, columns := range []int{1, 20, 40, 60, 80, 100, 120, 200, 400} {
		var text strings.Builder
		writeList(&text, rows, columns)
		lines := strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
		if len(lines) != len(rows)+1 {
			t.Errorf("%d columns: %d lines", columns, len(lines))
		}
		for _, line := range lines {
			if width := wording.Cells.StringWidth(line); width > columns {
				t.Errorf("%d columns: %d in %q", columns, width, line)
			}
			if cut := strings.Contains(text.String(), "…"); cut == (columns == 400) {
				t.Errorf("%d columns: cut %v", columns, cut)
			}
		}
		if columns >= 80 && !strings.Contains(lines[2], "with JDK 25.0.3, Maven 3.8.7") {
			t.Errorf("%d columns hold no short reason: %q", columns, lines[2])
		}
	}
	var whole strings.Builder
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	golang, err := catalogue.Find("golang")
	if err != nil {
		t.Fatal(err)
	}
	writeListed(&whole, rows[0], golang.Manifest)
	if !strings.Contains(whole.String(), long) {
		t.Errorf("the reason is not whole:\n%s", whole.String())
	}
}

func TestListWidthIsToldByTheEnvironmentWhereThereIsNoTerminal(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for columns, want := range map[string]int{"": 120, "80": 80, "0": 120, "wide": 120} {
		if got := listColumns(file, columns); got != want {
			t.Errorf("COLUMNS=%s: %d, want %d", columns, got, want)
		}
	}
}
