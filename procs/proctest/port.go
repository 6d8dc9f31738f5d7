package proctest

import (
	"testing"

	"github.com/benchtui/benchtui/procs"
)

// FreePort is one that nobody listens on now.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := procs.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}
