package foreign

import (
	"io"
	"unicode/utf8"
)

// Writer stands right before a terminal: whatever text goes through it is as
// harmless as Text makes it, tabs kept. It waits with the beginning of a character for
// the rest.
type Writer struct {
	to   io.Writer
	part []byte // of a character
}

// NewWriter writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{to: w} }

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	text := append(w.part, p...)
	whole := len(text)
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if utf8.RuneStart(text[len(text)-back]) {
			if !utf8.FullRune(text[len(text)-back:]) {
				whole = len(text) - back
			}
			break
		}
	}
	_, err := io.WriteString(w.to, clean(string(text[:whole]), "\n\t"))
	w.part = append([]byte(nil), text[whole:]...)
	if err != nil {
		return 0, err
	}
	return len(p), nil
}
