package profile

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"
)

// jitSymbol is a function that a runtime compiled while it ran.
type jitSymbol struct {
	start, end uint64
	name       string
}

// lacksJIT says of a profile from outside that a runtime tells it no names.
const lacksJIT = "the names of code that the runtime made while it ran"

const (
	maxJITBytes   = 64 << 20
	maxJITSymbols = 1 << 20
)

// parseJIT reads lines of "start size name", in hexadecimal. Code may be thrown away and
// other code put into its place: what was written later holds.
func parseJIT(r io.Reader) []jitSymbol {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), 1<<20)
	var all []jitSymbol
	for lines.Scan() && len(all) < maxJITSymbols {
		from, rest, _ := strings.Cut(lines.Text(), " ")
		length, name, found := strings.Cut(rest, " ")
		start, err1 := strconv.ParseUint(strings.TrimPrefix(from, "0x"), 16, 64)
		size, err2 := strconv.ParseUint(strings.TrimPrefix(length, "0x"), 16, 64)
		if !found || err1 != nil || err2 != nil || size == 0 || start+size < start {
			continue
		}
		all = append(all, jitSymbol{start, start + size, name})
	}
	slices.SortStableFunc(all, func(a, b jitSymbol) int { return cmp.Compare(a.start, b.start) })
	// Of those that begin at the same address the last one written holds; one that reaches
	// into the next ends there.
	kept := all[:0]
	for i, one := range all {
		if i+1 < len(all) && all[i+1].start == one.start {
			continue
		}
		if i+1 < len(all) {
			one.end = min(one.end, all[i+1].start)
		}
		kept = append(kept, one)
	}
	return kept
}

// jitAt is the name of the code at an address.
func jitAt(all []jitSymbol, address uint64) (string, bool) {
	at, exact := slices.BinarySearchFunc(all, address, func(s jitSymbol, address uint64) int { return cmp.Compare(s.start, address) })
	if !exact {
		at--
	}
	if at < 0 || address >= all[at].end {
		return "", false
	}
	return all[at].name, true
}
