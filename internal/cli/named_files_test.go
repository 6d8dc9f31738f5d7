package cli

import (
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
