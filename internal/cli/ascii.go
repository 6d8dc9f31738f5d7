package cli

import (
	"io"

	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/tui/term"
)

// asciiFlag is --ascii.
type asciiFlag bool

// register adds the flag; where says what of the command it is about.
func (f *asciiFlag) register(set *pflag.FlagSet, where string) {
	set.BoolVar((*bool)(f), "ascii", false, "no characters beyond ASCII "+where)
}

// text is what the command's text goes through to w.
func (f asciiFlag) text(w io.Writer) io.Writer {
	if f {
		return term.ASCIIWriter{To: w}
	}
	return w
}
