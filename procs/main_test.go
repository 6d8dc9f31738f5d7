//go:build unix

package procs_test

import (
	"testing"

	"github.com/benchtui/benchtui/procs/proctest"
)

func TestMain(m *testing.M) { proctest.Main(m) }
