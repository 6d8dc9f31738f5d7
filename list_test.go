package main

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/frameworks"
)

func TestListMarksWhatNobodyHasRun(t *testing.T) {
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var rows []listed
	for _, id := range []string{"axum", "dotnet9-aot"} {
		contender, err := catalogue.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, list(contender, frameworks.State{Kind: frameworks.CanBeBuilt, Reason: "with what is here"}))
	}
	if !rows[0].Verified || rows[1].Verified || !strings.Contains(rows[1].Why, "no .NET SDK") {
		t.Errorf("rows %+v", rows)
	}
	var text strings.Builder
	writeList(&text, rows)
	lines := strings.Split(text.String(), "\n")
	if strings.Contains(lines[1], "unverified") {
		t.Errorf("axum is marked: %s", lines[1])
	}
	if !strings.Contains(lines[2], "can be built, unverified") || !strings.Contains(lines[2], "with what is here; written from the documentation") {
		t.Errorf("dotnet9-aot is not marked with its reason: %s", lines[2])
	}
}
