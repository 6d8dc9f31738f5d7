package object

import (
	"bytes"
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
)

// ErrNoDebugData tells that a file has no debug data.
var ErrNoDebugData = errors.New("it has no debug data")

const (
	// mostUnits and mostAbbreviations bound what the library makes of the units as it opens
	// debug data, a hundred bytes for each, and for each five bytes of abbreviations. The
	// largest programs have 30,000 units.
	mostUnits         = 200_000
	mostAbbreviations = 4 << 20 // bytes
	// mostRanges bounds the sections of ranges: three bytes make a range of sixteen.
	mostRanges = 32 << 20 // bytes
)

// Names places variables and functions: what is read of debug data to find either.
var Names = []string{"abbrev", "info", "str", "addr", "str_offsets", "line_str"}

// Lines are, besides, of which lines code was made.
var Lines = append(slices.Clone(Names), "line", "ranges", "rnglists")

// DebugData is a file's debug data, of the sections that are asked for.
type DebugData struct {
	*dwarf.Data
	Info  []byte // the entries of all units
	order binary.ByteOrder
	line  []byte
	texts map[string][]byte // of .debug_str and .debug_line_str
}

// DebugData reads debug data: of these sections all or nothing.
func (r *Room) DebugData(file *elf.File, sections []string) (*DebugData, error) {
	parts := map[string][]byte{}
	all := uint64(0)
	found := map[string]*elf.Section{}
	for _, section := range file.Sections {
		name, ok := strings.CutPrefix(section.Name, ".debug_")
		if !ok {
			name, ok = strings.CutPrefix(section.Name, ".zdebug_")
		}
		if !ok || !slices.Contains(sections, name) || section.Type == elf.SHT_NOBITS || found[name] != nil {
			continue
		}
		size := Size(section)
		if size > r.Bytes || (name == "ranges" || name == "rnglists") && size > mostRanges || name == "abbrev" && size > mostAbbreviations {
			return nil, ErrTooMuch
		}
		found[name], all = section, all+size
	}
	switch {
	case found["info"] == nil || Size(found["info"]) == 0:
		return nil, ErrNoDebugData
	case all > r.Bytes:
		return nil, ErrTooMuch
	}
	for name, section := range found {
		data, err := r.Data(section)
		if err != nil {
			return nil, err
		}
		parts[name] = data
	}
	d := &DebugData{Info: parts["info"], order: file.ByteOrder, line: parts["line"], texts: map[string][]byte{"str": parts["str"], "line_str": parts["line_str"]}}
	if err := d.weighUnits(parts["abbrev"]); err != nil {
		return nil, err
	}
	var err error
	if d.Data, err = dwarf.New(parts["abbrev"], nil, nil, parts["info"], parts["line"], nil, parts["ranges"], parts["str"]); err != nil {
		return nil, err
	}
	for _, name := range []string{"addr", "str_offsets", "line_str", "rnglists"} {
		if len(parts[name]) > 0 {
			if err := d.AddSection(".debug_"+name, parts[name]); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// TextIn is how many bytes of text an entry holds: the library copies each.
func TextIn(entry *dwarf.Entry) (bytes int) {
	if entry == nil {
		return 0
	}
	for _, field := range entry.Field {
		if text, ok := field.Val.(string); ok {
			bytes += len(text)
		}
	}
	return bytes
}

// unitHead is the head of a unit.
type unitHead struct {
	entries       uint64 // where they begin
	abbreviations uint64
}

// units are the heads of all units.
func (d *DebugData) units() (heads []unitHead, err error) {
	for at := uint64(0); at+12 <= uint64(len(d.Info)); {
		length, width := uint64(d.order.Uint32(d.Info[at:])), uint64(4)
		at += 4
		if length == 0xffffffff {
			length, width = d.order.Uint64(d.Info[at:]), 8
			at += 8
		}
		if length > uint64(len(d.Info))-at || length < 4+width {
			break
		}
		if len(heads) == mostUnits {
			return nil, ErrTooMuch
		}
		where, behind := at+2, at+2+width+1 // version, abbreviations, bytes of an address
		if d.order.Uint16(d.Info[at:]) >= 5 {
			where, behind = at+4, at+4+width // version, kind, bytes of an address; of another than a common kind what is read is none
		}
		if behind > at+length {
			break
		}
		one := unitHead{entries: behind, abbreviations: uint64(d.order.Uint32(d.Info[where:]))}
		if width == 8 {
			one.abbreviations = d.order.Uint64(d.Info[where:])
		}
		heads = append(heads, one)
		at += length
	}
	return heads, nil
}

// Units are where the entries of each unit begin, behind its head.
func (d *DebugData) Units() (begin []dwarf.Offset) {
	heads, _ := d.units() // they were counted
	for _, one := range heads {
		begin = append(begin, dwarf.Offset(one.entries))
	}
	return begin
}

// weighUnits refuses more units than programs have, and abbreviations that lie over each
// other: the library reads those of each unit anew, up to their end.
func (d *DebugData) weighUnits(abbreviations []byte) error {
	heads, err := d.units()
	if err != nil {
		return err
	}
	room := Room{uint64(len(abbreviations))}
	seen := map[uint64]bool{}
	for _, one := range heads {
		if seen[one.abbreviations] || one.abbreviations >= uint64(len(abbreviations)) {
			continue
		}
		seen[one.abbreviations] = true
		if err := room.take(abbreviationsAt(abbreviations[one.abbreviations:])); err != nil {
			return err
		}
	}
	return nil
}

// abbreviationsAt is how many bytes the abbreviations of a unit take.
func abbreviationsAt(data []byte) uint64 {
	const implicit = 0x21 // DW_FORM_implicit_const: its value stands here
	r := numbers{data: data}
	for !r.broken && r.next() != 0 {
		r.next() // the tag
		r.skip(1)
		for !r.broken {
			attribute, form := r.next(), r.next()
			if attribute == 0 && form == 0 {
				break
			}
			if form == implicit {
				r.next()
			}
		}
	}
	return uint64(len(data) - len(r.data))
}

// numbers reads numbers of as many bytes as they take.
type numbers struct {
	data   []byte
	broken bool
}

func (r *numbers) skip(bytes uint64) {
	if bytes > uint64(len(r.data)) {
		r.broken, bytes = true, uint64(len(r.data))
	}
	r.data = r.data[bytes:]
}

func (r *numbers) next() (value uint64) {
	for shift := uint(0); ; shift += 7 {
		if len(r.data) == 0 {
			r.broken = true
			return 0
		}
		b := r.data[0]
		r.data = r.data[1:]
		if shift < 64 {
			value |= uint64(b&0x7f) << shift
		}
		if b < 0x80 {
			return value
		}
	}
}

func (r *numbers) text() int {
	at := bytes.IndexByte(r.data, 0)
	if at < 0 {
		r.broken = true
		return 0
	}
	r.data = r.data[at+1:]
	return at
}
