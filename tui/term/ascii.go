package term

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// inASCII are the signs of ours in ASCII, as wide as they are. What is not named
// here, such as a contender's name in another script, becomes question marks.
var inASCII = map[rune]string{
	// Borders and axes; the heavy ones differ, for the panel in focus.
	'─': "-", '│': "|", '╭': "+", '╮': "+", '╰': "+", '╯': "+", '┌': "+", '┐': "+", '└': "+", '┘': "+",
	'├': "+", '┤': "+", '┬': "+", '┴': "+", '┼': "+",
	'━': "=", '┃': "#", '┏': "#", '┓': "#", '┗': "#", '┛': "#", '═': "=", '║': "#",
	// Strokes of lines beside ─ and ━, and marks through charts.
	'╌': "~", '┈': ":", '┊': ":", '╎': "!", '╷': "|", '╵': "|", '╱': "/",
	// Blocks.
	'█': "#", '▓': "%", '▒': "x", '░': ".", '▇': "#", '▆': "#", '▅': "=", '▄': "=", '▃': "_", '▂': "_", '▁': "_", '▀': "\"",
	'▉': "#", '▊': "#", '▋': "#", '▌': "|", '▍': "|", '▎': "|", '▏': "|", '▐': "|", '▕': "|",
	'▖': ".", '▗': ".", '▘': "'", '▝': "'", '▙': "#", '▛': "#", '▜': "#", '▟': "#", '▚': "%", '▞': "%",
	// Signs.
	'⚑': "!", '⚠': "!", '✓': "v", '✔': "v", '✗': "x", '✘': "x", '●': "*", '■': "#", '○': "o", '•': "*", '◆': "*", '⚡': "!!",
	'▲': "^", '▼': "v", '▶': ">", '◀': "<", '▸': ">", '◂': "<", '▾': "v", '▴': "^", '›': ">", '‹': "<", '‖': "=", '⏸': "=",
	'↑': "^", '↓': "v", '←': "<", '→': ">", '↵': "<", '⇧': "^",
	'🥇': "#1", '🥈': "#2", '🥉': "#3", '🏅': "#4",
	// Text.
	'·': "-", '…': "~", '–': "-", '—': "-", '−': "-", '×': "x", 'µ': "u", 'μ': "u", '±': "~", '≤': "<", '≥': ">", '≈': "~",
	'’': "'", '‘': "'", '“': "\"", '”': "\"", '«': "<", '»': ">", '\u00a0': " ", '\u202f': " ", '°': "o", '²': "2", '³': "3",
	'ä': "a", 'á': "a", 'à': "a", 'â': "a", 'å': "a", 'ã': "a", 'ç': "c", 'é': "e", 'è': "e", 'ê': "e", 'ë': "e", 'í': "i", 'ì': "i",
	'î': "i", 'ï': "i", 'ñ': "n", 'ö': "o", 'ó': "o", 'ò': "o", 'ô': "o", 'õ': "o", 'ø': "o", 'ü': "u", 'ú': "u", 'ù': "u", 'û': "u",
	'ß': "s", 'Ä': "A", 'Å': "A", 'É': "E", 'Ö': "O", 'Ø': "O", 'Ü': "U",
}

// The braille patterns, of eight dots each.
const firstBraille, lastBraille = '\u2800', '\u28ff'

// asciiRune is a character of so many columns in ASCII, with as many.
func asciiRune(r rune, width int) string {
	switch {
	case r < utf8.RuneSelf:
		return string(r)
	case r >= firstBraille && r <= lastBraille:
		return asciiBraille(r)
	}
	if text := inASCII[r]; len(text) == width {
		return text
	}
	return strings.Repeat("?", width)
}

// asciiBraille tells the height of a pattern's dots, which is what is left of it
// in one character.
func asciiBraille(r rune) string {
	const upper, middle, lower = 0x01 | 0x08, 0x02 | 0x04 | 0x10 | 0x20, 0x40 | 0x80
	dots := r - firstBraille
	switch {
	case dots == 0:
		return " "
	case dots&^upper == 0:
		return "'"
	case dots&^lower == 0:
		return "."
	case dots&^middle == 0:
		return "-"
	default:
		return ":"
	}
}

// ASCII writes a text with nothing beyond ASCII, each line as wide as it was.
func ASCII(text string) string {
	var out strings.Builder
	for text != "" {
		if text[0] < utf8.RuneSelf && (len(text) == 1 || text[1] < utf8.RuneSelf) {
			out.WriteByte(text[0])
			text = text[1:]
			continue
		}
		cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		text = text[len(cluster):]
		r, _ := utf8.DecodeRuneInString(cluster)
		switch {
		case r < utf8.RuneSelf:
			out.WriteRune(r)
		case width > 0:
			out.WriteString(asciiRune(r, width))
		}
	}
	return out.String()
}

// ASCIIWriter writes text with nothing beyond ASCII. What it is given at once must
// end with a whole character.
type ASCIIWriter struct{ To io.Writer }

// Write implements io.Writer.
func (w ASCIIWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.To, ASCII(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
