package build

import "strings"

// maxSaid is how much of a program's answer is kept, bytes: a version is in its beginning.
const maxSaid = 1 << 20

// beginning keeps the first maxSaid bytes of what is written to it, and takes the rest
// for nothing.
type beginning struct{ text strings.Builder }

func (b *beginning) Write(data []byte) (int, error) {
	if room := maxSaid - b.text.Len(); room > 0 {
		b.text.Write(data[:min(room, len(data))])
	}
	return len(data), nil
}

func (b *beginning) String() string { return b.text.String() }
