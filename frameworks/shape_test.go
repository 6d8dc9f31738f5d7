package frameworks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestManifestThatIsABombIsRefusedBeforeItIsBuilt(t *testing.T) {
	var aliases strings.Builder
	aliases.WriteString("a0: &a0 [x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&aliases, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	var indented strings.Builder
	for i := range 1000 {
		indented.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for name, text := range map[string]string{
		"brackets": strings.Repeat("[", 400_000), "braces": strings.Repeat("{a: ", 100_000), "dashes": strings.Repeat("- ", 200_000),
		"lines": strings.Repeat("[\n", 200_000), "indented": indented.String(), "aliases": aliases.String(),
	} {
		_, err := parseManifest("contender.yaml", []byte(text), nil, nil)
		if err == nil || !strings.Contains(err.Error(), "more than") {
			t.Errorf("%s: %v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), ManifestName)
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<40); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Catalogue{}).Find(path); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a manifest that claims a terabyte: %v", err)
	}
}
