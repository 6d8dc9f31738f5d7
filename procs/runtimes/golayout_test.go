package runtimes

import (
	"bytes"
	"compress/zlib"
	"debug/elf"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
)

// debugWriter writes the debug data of a program whose scheduler lies as it is told to.
type debugWriter struct {
	info   []byte
	places map[string]uint32
	refers map[int]string // places in info that refer to others
	word   int
}

const (
	unitEntry = iota + 1
	variableEntry
	structEntry
	memberEntry
	baseEntry
	pointerEntry
	typedefEntry
)

// abbreviations are how those entries are written, by DWARF 4.
var abbreviations = []byte{
	unitEntry, 0x11, 1, 0x03, 0x08, 0x13, 0x0b, 0, 0, // name: text, language: byte
	variableEntry, 0x34, 0, 0x03, 0x08, 0x02, 0x0a, 0x49, 0x10, 0, 0, // name, location: block, type: reference
	structEntry, 0x13, 1, 0x03, 0x08, 0x0b, 0x0f, 0, 0, // name, size: number
	memberEntry, 0x0d, 0, 0x03, 0x08, 0x38, 0x0f, 0x49, 0x10, 0, 0, // name, offset: number, type
	baseEntry, 0x24, 0, 0x03, 0x08, 0x0b, 0x0b, 0, 0, // name, size: byte
	pointerEntry, 0x0f, 0, 0x03, 0x08, 0x49, 0x10, 0, 0, // name, type
	typedefEntry, 0x16, 0, 0x03, 0x08, 0x49, 0x10, 0, 0, // name, type
	0,
}

func (w *debugWriter) begin(name string, language byte) (finish func()) {
	at := len(w.info)
	w.info = append(w.info, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte(w.word))
	binary.LittleEndian.PutUint16(w.info[at+4:], 4)
	w.entry(unitEntry, name)
	w.info = append(w.info, language)
	return func() {
		w.end()
		binary.LittleEndian.PutUint32(w.info[at:], uint32(len(w.info)-at-4))
	}
}

func (w *debugWriter) entry(kind byte, name string) {
	w.places[name] = uint32(len(w.info))
	w.info = append(append(append(w.info, kind), name...), 0)
}

func (w *debugWriter) end() { w.info = append(w.info, 0) }

func (w *debugWriter) refer(name string) {
	w.refers[len(w.info)] = name
	w.info = append(w.info, 0, 0, 0, 0)
}

func (w *debugWriter) variable(name string, address uint64, of string) {
	w.entry(variableEntry, name)
	w.info = append(w.info, byte(1+w.word), 0x03)
	if w.word == 4 {
		w.info = binary.LittleEndian.AppendUint32(w.info, uint32(address))
	} else {
		w.info = binary.LittleEndian.AppendUint64(w.info, address)
	}
	w.refer(of)
}

type debugField struct {
	name   string
	offset uint64
	of     string
}

func (w *debugWriter) structure(name string, fields ...debugField) {
	w.entry(structEntry, name)
	w.info = binary.AppendUvarint(w.info, 1<<14)
	for _, field := range fields {
		place, known := w.places[field.name]
		w.entry(memberEntry, field.name)
		if delete(w.places, field.name); known {
			w.places[field.name] = place
		}
		w.info = binary.AppendUvarint(w.info, field.offset)
		w.refer(field.of)
	}
	w.end()
}

func (w *debugWriter) base(name string, size byte) {
	w.entry(baseEntry, name)
	w.info = append(w.info, size)
}

func (w *debugWriter) named(kind byte, name, of string) {
	w.entry(kind, name)
	w.refer(of)
}

// goVersion is how a version of Go has its scheduler.
type goVersion struct {
	class    elf.Class
	atomic   bool // since 1.19
	inQueue  bool // since 1.25
	without  string
	language byte
}

// goFile is a program of that version.
func goFile(v goVersion) []byte {
	w := &debugWriter{places: map[string]uint32{}, refers: map[int]string{}, word: 8}
	if v.class == elf.ELFCLASS32 {
		w.word = 4
	}
	word := uint64(w.word)
	finish := w.begin("github.com/somebody/else", 0x0c) // a package in C
	w.base("char", 1)
	finish()
	finish = w.begin("runtime", v.language)
	w.base("int32", 4)
	w.base("uint32", 4)
	w.base("int", byte(word))
	w.base("uintptr", byte(word))
	w.named(typedefEntry, "runtime.guintptr", "uintptr")
	w.structure("atomic.Int32", debugField{"noCopy", 0, "uintptr"}, debugField{"value", 0, "int32"})
	w.structure("runtime.gQueue", debugField{"head", 0, "runtime.guintptr"}, debugField{"tail", word, "runtime.guintptr"}, debugField{"size", 2 * word, "int32"})
	idle := "uint32"
	if v.atomic {
		idle = "atomic.Int32"
	}
	scheduler := []debugField{{"npidle", 88, idle}, {"runq", 96, "runtime.gQueue"}}
	if !v.inQueue {
		w.structure("runtime.gQueue", debugField{"head", 0, "runtime.guintptr"}, debugField{"tail", word, "runtime.guintptr"})
		scheduler = append(scheduler, debugField{"runqsize", 96 + 2*word, "int32"})
	}
	processor := []debugField{{"id", 0, "int32"}, {"runqhead", 400, "uint32"}, {"runqtail", 404, "uint32"}, {"runnext", 408 + 256*word, "runtime.guintptr"}}
	gone := func(field debugField) bool { return field.name == v.without }
	w.structure("runtime.schedt", slices.DeleteFunc(scheduler, gone)...)
	w.structure("runtime.p", slices.DeleteFunc(processor, gone)...)
	w.named(pointerEntry, "*runtime.p", "runtime.p")
	w.named(pointerEntry, "**runtime.p", "*runtime.p")
	w.structure("[]*runtime.p", debugField{"array", 0, "**runtime.p"}, debugField{"len", word, "int"}, debugField{"cap", 2 * word, "int"})
	for _, one := range []struct {
		name    string
		address uint64
		of      string
	}{{"runtime.sched", 0x1000, "runtime.schedt"}, {"runtime.allp", 0x2000, "[]*runtime.p"}, {"runtime.gomaxprocs", 0x3000, "int32"}} {
		if one.name != v.without {
			w.variable(one.name, one.address, one.of)
		}
	}
	finish()
	for at, name := range w.refers {
		binary.LittleEndian.PutUint32(w.info[at:], w.places[name])
	}
	return elfFile(v.class, w.info)
}

// elfFile is a program that has nothing but debug data.
func elfFile(class elf.Class, info []byte) []byte { return elfFileWith(class, ".debug_info", info) }

// elfFileWith is the same whose entries are in a section of that name.
func elfFileWith(class elf.Class, of string, info []byte) []byte {
	names := "\x00.shstrtab\x00.debug_abbrev\x00" + of + "\x00"
	sections := []struct {
		name string
		kind uint32
		data []byte
	}{{".shstrtab", uint32(elf.SHT_STRTAB), []byte(names)}, {".debug_abbrev", uint32(elf.SHT_PROGBITS), abbreviations}, {of, uint32(elf.SHT_PROGBITS), info}}
	order := binary.LittleEndian
	file := append([]byte{0x7f, 'E', 'L', 'F', byte(class), 1, 1}, make([]byte, 9)...)
	var data []byte
	headerSize, sectionSize := 64, 64
	if class == elf.ELFCLASS32 {
		headerSize, sectionSize = 52, 40
	}
	tableAt := headerSize
	dataAt := tableAt + (1+len(sections))*sectionSize
	table := make([]byte, sectionSize)
	for _, one := range sections {
		at := uint64(dataAt + len(data))
		name := uint32(bytes.Index([]byte(names), []byte(one.name+"\x00")))
		data = append(data, one.data...)
		if class == elf.ELFCLASS32 {
			for _, field := range []uint32{name, one.kind, 0, 0, uint32(at), uint32(len(one.data)), 0, 0, 1, 0} {
				table = order.AppendUint32(table, field)
			}
			continue
		}
		table = order.AppendUint32(order.AppendUint32(table, name), one.kind)
		for _, field := range []uint64{0, 0, at, uint64(len(one.data)), 0, 1, 0} {
			table = order.AppendUint64(table, field)
		}
	}
	file = order.AppendUint16(order.AppendUint16(file, uint16(elf.ET_EXEC)), uint16(elf.EM_X86_64))
	file = order.AppendUint32(file, 1)
	if class == elf.ELFCLASS32 {
		for _, field := range []uint32{0x401000, 0, uint32(tableAt), 0} {
			file = order.AppendUint32(file, field)
		}
	} else {
		for _, field := range []uint64{0x401000, 0, uint64(tableAt)} {
			file = order.AppendUint64(file, field)
		}
		file = order.AppendUint32(file, 0)
	}
	for _, field := range []uint16{uint16(headerSize), 0, 0, uint16(sectionSize), uint16(1 + len(sections)), 1} {
		file = order.AppendUint16(file, field)
	}
	return append(append(file, table...), data...)
}

// Where each version of Go has it, by its runtime2.go.
func TestSchedulerIsFoundInEveryVersion(t *testing.T) {
	wide := goLayout{entry: 0x401000, fixed: true, order: binary.LittleEndian, word: 8, global: 0x1000 + 112, idle: 0x1000 + 88, count: 0x3000, all: 0x2000, head: 400, tail: 404, next: 408 + 2048}
	narrow := wide
	narrow.word, narrow.global, narrow.next = 4, 0x1000+104, 408+1024
	for name, c := range map[string]struct {
		version goVersion
		want    goLayout
	}{
		"1.18":         {goVersion{class: elf.ELFCLASS64, language: languageGo}, wide},
		"1.19 to 1.24": {goVersion{class: elf.ELFCLASS64, language: languageGo, atomic: true}, wide},
		"1.25":         {goVersion{class: elf.ELFCLASS64, language: languageGo, atomic: true, inQueue: true}, wide},
		"32 bits":      {goVersion{class: elf.ELFCLASS32, language: languageGo, atomic: true}, narrow},
	} {
		if got, err := readGoLayout(bytes.NewReader(goFile(c.version))); err != nil || *got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

func TestProgramWithoutASchedulerHasNoRunQueue(t *testing.T) {
	version := goVersion{class: elf.ELFCLASS64, language: languageGo, atomic: true}
	for _, without := range []string{"runtime.sched", "runtime.allp", "runtime.gomaxprocs", "runqsize", "npidle", "runqhead", "runqtail", "runnext"} {
		version.without = without
		if got, err := readGoLayout(bytes.NewReader(goFile(version))); !errors.Is(err, errNoScheduler) {
			t.Errorf("without %s: %+v, %v", without, got, err)
		}
	}
	version.without, version.language = "", 0x0c
	if got, err := readGoLayout(bytes.NewReader(goFile(version))); !errors.Is(err, errNoScheduler) {
		t.Errorf("in C: %+v, %v", got, err)
	}
	if got, err := readGoLayout(bytes.NewReader(elfFile(elf.ELFCLASS64, nil))); !errors.Is(err, errNoDebugData) {
		t.Errorf("without debug data: %+v, %v", got, err)
	}
	for _, garbage := range []string{"", "#!/bin/sh\n", "\x7fELF\x02\x01\x01"} {
		if got, err := readGoLayout(bytes.NewReader([]byte(garbage))); !errors.Is(err, errDebugData) {
			t.Errorf("%q: %+v, %v", garbage, got, err)
		}
	}
}

// The linker of Go 1.18 compresses debug data in a way of its own, of which the library
// knows only as it opens a section how large that becomes.
func TestCompressedDebugDataIsBoundedByWhatItBecomes(t *testing.T) {
	plain, err := elf.NewFile(bytes.NewReader(goFile(goVersion{class: elf.ELFCLASS64, language: languageGo})))
	if err != nil {
		t.Fatal(err)
	}
	info, err := plain.Section(".debug_info").Data()
	if err != nil {
		t.Fatal(err)
	}
	compressed := bytes.NewBuffer(binary.BigEndian.AppendUint64([]byte("ZLIB"), uint64(len(info))))
	zip := zlib.NewWriter(compressed)
	_, _ = zip.Write(info) // memory takes all
	_ = zip.Close()
	program := elfFileWith(elf.ELFCLASS64, ".zdebug_info", compressed.Bytes())
	if _, err := readGoLayout(bytes.NewReader(program)); err != nil {
		t.Errorf("as Go 1.18 writes it: %v", err)
	}
	file, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	room := len(abbreviations) + len(info) - 1
	if compressed.Len() >= len(info) {
		t.Fatalf("%d bytes became %d", len(info), compressed.Len())
	}
	if _, err := debugData(file, uint64(room)); !errors.Is(err, errDebugData) {
		t.Errorf("with a byte too little room for what it becomes: %v", err)
	}
}

// A program is the file of somebody else: whatever it says, nothing is read outside of a
// structure of the size that they may have.
func FuzzGoLayout(f *testing.F) {
	for _, class := range []elf.Class{elf.ELFCLASS32, elf.ELFCLASS64} {
		f.Add(goFile(goVersion{class: class, language: languageGo, atomic: true, inQueue: class == elf.ELFCLASS32}))
	}
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, program []byte) {
		layout, err := readGoLayout(bytes.NewReader(program))
		if err != nil {
			return
		}
		for _, offset := range []uint64{layout.head, layout.tail, layout.next} {
			if offset > 3*mostOffset {
				t.Errorf("%+v", layout)
			}
		}
		memory := bytes.Repeat([]byte{1}, 1<<16)
		queue := &goQueue{layout: layout, base: func() (uint64, error) { return 0, nil }, memory: func(into []byte, from []memoryPart) error {
			for _, one := range from {
				copy(into[:one.size], memory)
				into = into[one.size:]
			}
			return nil
		}}
		queue.read()
	})
}

// The library's reader goes as deep as a file says, and a stack that is too deep can't be
// recovered from.
func TestDebugDataMayBeNestedWithoutAnEnd(t *testing.T) {
	w := &debugWriter{places: map[string]uint32{}, refers: map[int]string{}, word: 8}
	finish := w.begin("somebody/else", languageGo)
	w.info = append(w.info, bytes.Repeat([]byte{structEntry, 0, 0}, 16<<20)...) // nested, each without a name
	finish()
	if got, err := readGoLayout(bytes.NewReader(elfFile(elf.ELFCLASS64, w.info))); !errors.Is(err, errNoScheduler) {
		t.Errorf("%+v, %v", got, err)
	}
}
