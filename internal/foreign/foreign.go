// Package foreign makes text that others wrote harmless: logs, replies, headers, error
// texts, manifests, recordings, results, names of files; and says what reading it would
// take. It knows text and values that hold text; nothing of what they mean or where they
// are shown.
package foreign

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a text of several lines without anything that steers a terminal, hides, or
// turns around what is read: no escape or control sequence (of 7 and 8 bits, their
// strings included), no control character but the line break, nothing that changes the
// direction of writing, nothing invisible. A tab becomes a blank; what is no UTF-8 is
// shown as �.
func Text(text string) string { return clean(text, "\n") }

// Line is the same in one line: a line break becomes a blank.
func Line(text string) string {
	if text = clean(text, "\n"); strings.IndexByte(text, '\n') >= 0 {
		text = strings.TrimSpace(strings.ReplaceAll(text, "\n", " "))
	}
	return text
}

// brokenLines are the breaks of lines in a sample of a reply, as the engine makes it printable.
var brokenLines = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n")

// Sample writes a sample of a reply, which has lines of its own, in one: " · " stands
// between them.
func Sample(text string) string {
	return strings.Join(strings.FieldsFunc(Text(brokenLines.Replace(text)), func(r rune) bool { return r == '\n' }), " · ")
}

// clean keeps of the control characters those in kept.
func clean(text, kept string) string {
	if harmless(text, kept) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	for text != "" {
		if length := sequence(text); length > 0 {
			text = text[length:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		switch {
		case strings.ContainsRune(kept, r):
			out.WriteRune(r)
		case r == '\t':
			out.WriteByte(' ')
		case r == '\u2028', r == '\u2029': // breaks of lines and paragraphs
			out.WriteByte('\n')
		case !hidden(r):
			out.WriteRune(r)
		}
	}
	return out.String()
}

// harmless is a cheap look that spares most texts the rest.
func harmless(text, kept string) bool {
	for i := 0; i < len(text); {
		if c := text[i]; c >= ' ' && c < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size <= 1 || r != utf8.RuneError && hidden(r) && !strings.ContainsRune(kept, r) {
			return false
		}
		i += size
	}
	return true
}

// hidden are the characters that have no shape of their own and change what others mean.
func hidden(r rune) bool {
	switch {
	case r < ' ' || r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	case r < 0x600:
		return false
	}
	return unicode.Is(steering, r)
}

// steering are marks, embeddings and overrides of the direction of writing, the breaks
// that are no line breaks, what is invisible, and what XML may not hold. The joiners
// U+200C and U+200D stay: scripts and emoji are written with them.
var steering = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x061c, 0x061c, 1}, {0x180e, 0x180e, 1}, {0x200b, 0x200b, 1}, {0x200e, 0x200f, 1},
		{0x2028, 0x202e, 1}, {0x2060, 0x206f, 1}, {0xfeff, 0xfeff, 1}, {0xfff9, 0xfffb, 1}, {0xfffe, 0xffff, 1},
	},
	R32: []unicode.Range32{{0xe0000, 0xe007f, 1}},
}

// The forms of control functions (ECMA-48), by the last byte of their introducer in 7
// bits; in 8 bits it is that byte + 0x40, as a character of two bytes.
const (
	csi       = '['
	introduce = "]PX^_" // OSC, DCS, SOS, PM, APC: strings that a terminator ends
	longest   = 1 << 16 // a string that goes on for longer is none
)

// sequence is how many bytes of the beginning of a text are an escape sequence; 0: none.
// A string without an end is no more than its introducer: it must not swallow the rest.
func sequence(text string) int {
	var kind byte
	var begin int
	switch {
	case text[0] == 0x1b && len(text) == 1:
		return 1
	case text[0] == 0x1b:
		kind, begin = text[1], 2
	case len(text) > 1 && text[0] == 0xc2 && text[1] >= 0x80 && text[1] < 0xa0:
		kind, begin = text[1]-0x40, 2
	default:
		return 0
	}
	switch {
	case kind == csi:
		return begin + controlSequence(text[begin:])
	case strings.IndexByte(introduce, kind) >= 0:
		return begin + controlString(text[begin:])
	case text[0] != 0x1b: // a single character of C1
		return begin
	case kind >= ' ' && kind < '0': // intermediate bytes, and a final one: ESC ( B
		for begin < len(text) && text[begin] >= ' ' && text[begin] < '0' {
			begin++
		}
		if begin < len(text) && text[begin] >= '0' && text[begin] < 0x7f {
			begin++
		}
		return begin
	case kind >= '0' && kind < 0x7f: // ESC c
		return begin
	}
	return 1 // an escape alone
}

// controlSequence is how long the parameters, the intermediate bytes and the final one are.
func controlSequence(text string) int {
	at := 0
	for at < len(text) && text[at] >= '0' && text[at] < '@' {
		at++
	}
	for at < len(text) && text[at] >= ' ' && text[at] < '0' {
		at++
	}
	if at < len(text) && text[at] >= '@' && text[at] < 0x7f {
		at++
	}
	return at
}

// controlString is how long a string with its terminator is, BEL or ST; 0 without one.
func controlString(text string) int {
	for at := 0; at < min(len(text), longest); at++ {
		switch c := text[at]; {
		case c == 0x07:
			return at + 1
		case c == 0x1b:
			if at+1 < len(text) && text[at+1] == '\\' {
				return at + 2
			}
			return at // another sequence begins, which ends this one
		case c == 0xc2 && at+1 < len(text) && text[at+1] == 0x9c:
			return at + 2
		case c == '\n', c == 0x18, c == 0x1a: // a line's end, CAN, SUB
			return 0
		}
	}
	return 0
}
