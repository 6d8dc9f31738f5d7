package object

import (
	"bytes"
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
)

var order = binary.LittleEndian

// section is a part of a program as a test writes it.
type section struct {
	name  string
	kind  elf.SectionType
	flags elf.SectionFlag
	link  uint32
	size  uint64 // that it claims; 0: as it is
	data  []byte
}

// program is a file of 64 bits with these sections, of which the first is that of nothing
// and the second has the names.
func program(sections ...section) []byte {
	names := "\x00.names\x00"
	for _, one := range sections {
		names += one.name + "\x00"
	}
	sections = append([]section{{}, {name: ".names", kind: elf.SHT_STRTAB, data: []byte(names)}}, sections...)
	const head, entry = 64, 64
	var table, data []byte
	for _, one := range sections {
		size := one.size
		if size == 0 {
			size = uint64(len(one.data))
		}
		table = order.AppendUint32(order.AppendUint32(table, uint32(max(0, bytes.Index([]byte(names), []byte(one.name+"\x00"))))), uint32(one.kind))
		for _, word := range []uint64{uint64(one.flags), 0, uint64(head + entry*len(sections) + len(data)), size} {
			table = order.AppendUint64(table, word)
		}
		table = order.AppendUint32(order.AppendUint32(table, one.link), 0)
		table = order.AppendUint64(order.AppendUint64(table, 1), 24)
		data = append(data, one.data...)
	}
	file := append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 9)...)
	file = order.AppendUint16(order.AppendUint16(file, uint16(elf.ET_EXEC)), uint16(elf.EM_X86_64))
	file = order.AppendUint32(file, 1)
	for _, word := range []uint64{0, 0, head} {
		file = order.AppendUint64(file, word)
	}
	file = order.AppendUint32(file, 0)
	for _, half := range []int{head, 0, 0, entry, len(sections), 1} {
		file = order.AppendUint16(file, uint16(half))
	}
	return slices.Concat(file, table, data)
}

func opened(t *testing.T, file []byte) *elf.File {
	t.Helper()
	read, err := Open(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestMoreSectionsThanProgramsHaveAreRefused(t *testing.T) {
	good := program(section{name: ".text", kind: elf.SHT_PROGBITS, data: []byte("code")})
	opened(t, good)
	const count, namesSize = 60, 64 + 64 + 32
	for what, spoil := range map[string]func([]byte){
		"their number":           func(file []byte) { order.PutUint16(file[count:], mostSections+1) },
		"more than fit":          func(file []byte) { order.PutUint16(file[count:], 0) },
		"their names":            func(file []byte) { order.PutUint64(file[namesSize:], 1<<40) },
		"their names, each time": func(file []byte) { order.PutUint16(file[count:], 4000); order.PutUint64(file[namesSize:], 1<<16) },
	} {
		bad := bytes.Clone(good)
		spoil(bad)
		if _, err := Open(bytes.NewReader(bad)); !errors.Is(err, ErrTooMuch) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, garbage := range []string{"", "#!/bin/sh\n", "\x7fELF\x02\x01\x01"} {
		if _, err := Open(bytes.NewReader([]byte(garbage))); err == nil {
			t.Errorf("%q is taken for a program", garbage)
		}
	}
}

func symbolSections(names string, symbols int) []section {
	list := make([]byte, 24)
	for i := range symbols {
		list = append(order.AppendUint32(list, uint32(1+i)), byte(elf.STT_FUNC), 0, 1, 0)
		list = order.AppendUint64(order.AppendUint64(list, uint64(0x1000+i)), 7)
	}
	return []section{{name: ".symtab", kind: elf.SHT_SYMTAB, link: 3, data: list}, {name: ".strtab", kind: elf.SHT_STRTAB, data: []byte("\x00" + names + "\x00")}}
}

func TestSymbolsAreThoseOfTheLibrary(t *testing.T) {
	file := opened(t, program(symbolSections("main.serve", 4)...))
	want, err := file.Symbols()
	if err != nil || len(want) != 4 {
		t.Fatal(want, err)
	}
	var got []elf.Symbol
	room := Room{1 << 20}
	if err := room.Symbols(file, elf.SHT_SYMTAB, func(one elf.Symbol) bool { got = append(got, one); return true }); err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(got, want, func(a, b elf.Symbol) bool {
		return a.Name == b.Name && a.Value == b.Value && a.Size == b.Size && a.Info == b.Info && a.Section == b.Section
	}) {
		t.Errorf("%+v, and the library has %+v", got, want)
	}
}

// Each of a hundred names is a hundred kB of the same text.
func TestNamesThatLieOverEachOtherAreRefused(t *testing.T) {
	file := opened(t, program(symbolSections(string(bytes.Repeat([]byte("x"), 100_000)), 100)...))
	room := Room{1 << 20}
	copied := 0
	err := room.Symbols(file, elf.SHT_SYMTAB, func(one elf.Symbol) bool { copied += len(one.Name); return true })
	if !errors.Is(err, ErrTooMuch) || copied > 1<<20 {
		t.Errorf("%d bytes of names, %v", copied, err)
	}
}

// abbreviations are a unit with a name, its folder and lines, in bytes.
var abbreviations = []byte{1, 0x11, 0, 0x03, 0x08, 0x1b, 0x08, 0x10, 0x17, 0, 0, 0}

// unit is one of DWARF 4, whose lines begin at 0.
func unit(abbreviations uint32) []byte {
	entries := append([]byte{1}, "main.c\x00/src\x00\x00\x00\x00\x00"...)
	body := append(order.AppendUint32([]byte{4, 0}, abbreviations), 8)
	return slices.Concat(order.AppendUint32(nil, uint32(len(body)+len(entries))), body, entries)
}

func debugData(t *testing.T, room uint64, sections ...section) (*DebugData, error) {
	t.Helper()
	for i := range sections {
		sections[i].kind = elf.SHT_PROGBITS
	}
	return (&Room{room}).DebugData(opened(t, program(sections...)), Lines)
}

func TestDebugDataIsWeighedBeforeItIsRead(t *testing.T) {
	packed := order.AppendUint32(order.AppendUint32(nil, uint32(elf.COMPRESS_ZLIB)), 0)
	packed = append(order.AppendUint64(order.AppendUint64(packed, 1<<40), 1), "x\x9c"...)
	long := append(bytes.Repeat(abbreviations[:len(abbreviations)-1], 500), 0)
	var over []byte
	for i := range 400 {
		over = append(over, unit(uint32(i*(len(abbreviations)-1)))...)
	}
	info := section{name: ".debug_info", data: unit(0)}
	abbrev := section{name: ".debug_abbrev", data: abbreviations}
	if d, err := debugData(t, 1<<20, info, abbrev); err != nil || len(d.Units()) != 1 {
		t.Errorf("a good one: %v", err)
	}
	if _, err := debugData(t, 1<<20, abbrev); !errors.Is(err, ErrNoDebugData) {
		t.Errorf("none: %v", err)
	}
	for what, sections := range map[string][]section{
		"packed":                         {{name: ".debug_info", flags: elf.SHF_COMPRESSED, data: packed}, abbrev},
		"large":                          {{name: ".debug_info", data: make([]byte, 2<<20)}, abbrev},
		"large together":                 {{name: ".debug_info", data: make([]byte, 600<<10)}, abbrev, {name: ".debug_str", data: make([]byte, 600<<10)}},
		"ranges":                         {info, abbrev, {name: ".debug_rnglists", size: mostRanges + 1, data: []byte("x")}},
		"units":                          {{name: ".debug_info", data: bytes.Repeat([]byte{8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, 0}, mostUnits+1)}, abbrev},
		"abbreviations over each other":  {{name: ".debug_info", data: over}, {name: ".debug_abbrev", data: long}},
		"as many abbreviations as there": {info, {name: ".debug_abbrev", size: mostAbbreviations + 1, data: []byte("x")}},
	} {
		room := uint64(1 << 20)
		if what == "units" || what == "ranges" || what == "as many abbreviations as there" {
			room = 1 << 30
		}
		if _, err := debugData(t, room, sections...); !errors.Is(err, ErrTooMuch) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// lines are a unit's with a list of files as DWARF 4 or 5 has it, and a row.
func lines(version byte, files ...byte) []byte {
	head := []byte{1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1}
	program := []byte{0, 9, 2, 0, 0x10, 0, 0, 0, 0, 0, 0, 1, 2, 4, 0, 1, 1}
	rest := slices.Concat(head, files)
	body := []byte{version, 0}
	if version >= 5 {
		body = append(body, 8, 0)
	}
	body = slices.Concat(order.AppendUint32(body, uint32(len(rest))), rest, program)
	return append(order.AppendUint32(nil, uint32(len(body))), body...)
}

// A few bytes claim a list of 2^40 files, of which the library makes a list at once, and
// that is the end of the process.
func TestFilesOfLinesAreThoseThatAreThere(t *testing.T) {
	good5 := slices.Concat([]byte{1, 1, 0x08, 1}, []byte("/src\x00"), []byte{2, 1, 0x08, 2, 0x0b, 2}, []byte("main.c\x00\x00main.c\x00\x00"))
	for what, c := range map[string]struct {
		text  []byte
		sound bool
	}{
		"DWARF 4":                     {lines(4, []byte("lib\x00\x00main.c\x00\x01\x00\x00\x00")...), true},
		"DWARF 5":                     {lines(5, good5...), true},
		"DWARF 5, folders without":    {lines(5, 1, 1, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20), false},
		"DWARF 5, folders of nothing": {lines(5, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20), false},
		"DWARF 5, files without":      {lines(5, slices.Concat(good5[:9], []byte{1, 1, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20})...), false},
		"DWARF 5, an unknown form":    {lines(5, 1, 1, 0x7f, 1, 0), false},
		"DWARF 4, names over names": {lines(4, slices.Concat(bytes.Repeat([]byte("x"), 100_000), []byte{0, 0},
			bytes.Repeat([]byte("a\x00\x01\x00\x00"), 1000), []byte{0})...), false},
		"nothing":  {[]byte{1, 2, 3}, false},
		"a length": {order.AppendUint32(nil, 1<<31), false},
	} {
		d, err := debugData(t, 1<<20, section{name: ".debug_info", data: unit(0)}, section{name: ".debug_abbrev", data: abbreviations}, section{name: ".debug_line", data: c.text})
		if err != nil {
			t.Fatal(what, err)
		}
		entry, err := d.Reader().Next()
		if err != nil {
			t.Fatal(what, err)
		}
		read, err := d.LineReader(entry)
		if !c.sound {
			if err == nil {
				t.Errorf("%s is read", what)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		var row dwarf.LineEntry
		if err := read.Next(&row); err != nil || row.Address != 0x1000 || row.File == nil {
			t.Errorf("%s: %+v, %v", what, row, err)
		}
	}
}

func FuzzDebugData(f *testing.F) {
	f.Add(unit(0), abbreviations, lines(4, []byte("lib\x00\x00main.c\x00\x01\x00\x00\x00")...))
	f.Add(unit(0), abbreviations, lines(5, slices.Concat([]byte{1, 1, 0x08, 1}, []byte("/src\x00"), []byte{2, 1, 0x08, 2, 0x0b, 2}, []byte("main.c\x00\x00main.c\x00\x00"))...))
	f.Fuzz(func(t *testing.T, info, abbrev, line []byte) {
		d, err := debugData(t, 1<<20, section{name: ".debug_info", data: info}, section{name: ".debug_abbrev", data: abbrev}, section{name: ".debug_line", data: line})
		if err != nil {
			return
		}
		reader := d.Reader()
		defer func() { _ = recover() }() // the library's, from which who reads recovers
		if entry, err := reader.Next(); err == nil && entry != nil {
			_, _ = d.LineReader(entry)
		}
	})
}
