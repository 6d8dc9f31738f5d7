//go:build !linux

package system

import "github.com/benchtui/benchtui/internal/figure"

// UsableCores is how many cores the process may run on; missing where that can't be told.
func UsableCores(int) figure.Value { return figure.Value{} }
