//go:build unix

package sample

import (
	"testing"

	"github.com/benchtui/benchtui/procs/proctest"
)

func TestMain(m *testing.M) { proctest.Main(m) }
