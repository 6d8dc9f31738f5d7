package main

import (
	"io"

	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/tui"
)

// asciiFlag is --ascii of a command that writes text.
type asciiFlag struct{ set bool }

func (f *asciiFlag) register(set *pflag.FlagSet) {
	set.BoolVar(&f.set, "ascii", false, "no characters beyond ASCII in the text")
}

// text is what the command's text goes through to w.
func (f *asciiFlag) text(w io.Writer) io.Writer {
	if f.set {
		return tui.ASCIIWriter{To: w}
	}
	return w
}
