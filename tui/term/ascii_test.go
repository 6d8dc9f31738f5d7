package term

import (
	"bytes"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestASCIIKeepsWidths(t *testing.T) {
	for _, text := range []string{"", "plain", "🥇 ✓ 3.4 µs × 2 …", "漢字 x", "é e\u0301 ß", "⣿⠁⠀", "⚑⚠▲", "a\u200db", "👩‍💻"} {
		got := ASCII(text)
		if ansi.StringWidth(got) != ansi.StringWidth(text) {
			t.Errorf("%q is %d columns, as %q %d", text, ansi.StringWidth(text), got, ansi.StringWidth(got))
		}
		for i := range len(got) {
			if got[i] > 0x7f {
				t.Errorf("%q becomes %q", text, got)
				break
			}
		}
	}
	for sign, text := range inASCII {
		if width := ansi.StringWidth(string(sign)); width != len(text) {
			t.Errorf("%q is %d columns, %q is not", sign, width, text)
		}
	}
	var out bytes.Buffer
	if n, err := (ASCIIWriter{&out}).Write([]byte("🥇 µ")); n != len("🥇 µ") || err != nil || out.String() != "#1 u" {
		t.Errorf("wrote %q, %d, %v", out.String(), n, err)
	}
}
