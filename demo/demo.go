// Package demo holds what `benchtui demo` plays.
package demo

import _ "embed"

// Recording is a recording of a real run; record.sh makes it anew.
//
//go:embed demo.btr
var Recording []byte
