package main

import (
	"bytes"
	"os"
	"regexp"
	"testing"
)

// The list is of what is linked now, and nothing in it asks for our sources.
func TestLicencesAreThoseOfWhatIsLinked(t *testing.T) {
	want, err := page([]string{"linux/amd64", "darwin/arm64", "windows/amd64"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../../docs/licences.md")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("docs/licences.md is not of what is linked (make licences writes it anew): %v", err)
	}
	if found := regexp.MustCompile(`A?L?GPL`).Find(want); found != nil {
		t.Errorf("a module is under the %s", found)
	}
}
