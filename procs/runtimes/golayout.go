package runtimes

import (
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/benchtui/benchtui/procs/object"
)

// goLayout says where a Go program keeps what is read of its scheduler: addresses as its
// file has them, and offsets into what lies there. It is of the program's own debug data,
// for they change from one version of Go to the next.
type goLayout struct {
	entry uint64 // where the program begins
	fixed bool   // it lies in memory where the file says
	order binary.ByteOrder
	word  uint64 // bytes of an address

	global     uint64 // int32: goroutines in the queue that all processors share
	idle       uint64 // int32: processors without work
	count      uint64 // int32: processors, GOMAXPROCS
	all        uint64 // slice of addresses: each processor
	head, tail uint64 // uint32, of a processor: between these two lies its own queue
	next       uint64 // address, of a processor: the goroutine that comes before those
}

var (
	errNoDebugData = errors.New("built without debug data: go run and -ldflags=-s leave it out, go build keeps it")
	errNoScheduler = errors.New("its debug data has no scheduler as Go has had it since 1.18")
	errDebugData   = errors.New("its debug data can't be read")
)

const (
	// mostDebugData bounds the debug data that is read: a program of 100 MB has 60.
	mostDebugData = 256 << 20
	// mostEntries bounds what is looked at of it: of the runtime there are some 100,000.
	mostEntries = 4 << 20
	// mostFields and mostOffset bound a structure of the runtime: a processor has 60 fields,
	// and takes 10 kB.
	mostFields, mostOffset = 1000, 1 << 20
	// languageGo is Go in the list of languages of debug data.
	languageGo = 0x16
)

// readGoLayout reads the debug data of a program. It is the file of somebody else: what is
// odd in it is an error.
func readGoLayout(program io.ReaderAt) (layout *goLayout, err error) {
	defer func() {
		if recover() != nil { // a reader of the library that a broken file led astray
			layout, err = nil, errDebugData
		}
	}()
	file, err := object.Open(program)
	if err != nil {
		return nil, errDebugData
	}
	layout = &goLayout{entry: file.Entry, fixed: file.Type == elf.ET_EXEC, order: file.ByteOrder, word: 8}
	if file.Class == elf.ELFCLASS32 {
		layout.word = 4
	}
	data, err := debugData(file, mostDebugData)
	if err != nil {
		return nil, err
	}
	d := goDebug{data: data, order: file.ByteOrder, word: layout.word}
	scheduler, processors, count, err := d.variables()
	if err != nil {
		return nil, err
	}
	// Since 1.25 the queue itself knows how long it is.
	if layout.global, err = d.number(scheduler, 4, "runqsize"); err != nil {
		layout.global, err = d.number(scheduler, 4, "runq", "size")
	}
	of := func(to *uint64, in goPlace, size uint64, path ...string) {
		if err == nil {
			*to, err = d.number(in, size, path...)
		}
	}
	of(&layout.idle, scheduler, 4, "npidle")
	of(&layout.count, count, 4)
	of(&layout.all, processors, layout.word, "array")
	var length uint64
	if of(&length, processors, layout.word, "len"); err == nil && length != layout.all+layout.word {
		err = errNoScheduler
	}
	if err != nil {
		return nil, err
	}
	one, err := d.processor(processors)
	of(&layout.head, one, 4, "runqhead")
	of(&layout.tail, one, 4, "runqtail")
	of(&layout.next, one, layout.word, "runnext")
	if err != nil {
		return nil, err
	}
	return layout, nil
}

// debugData reads of a program's debug data what names and places variables, and not the
// lines and the frames, which are most of it. It is refused if it takes more than room, in
// bytes.
func debugData(file *elf.File, room uint64) (*object.DebugData, error) {
	data, err := (&object.Room{Bytes: room}).DebugData(file, object.Names)
	switch {
	case errors.Is(err, object.ErrNoDebugData):
		return nil, errNoDebugData
	case err != nil:
		return nil, errDebugData
	}
	return data, nil
}

// goDebug is the debug data of a program in Go.
type goDebug struct {
	data    *object.DebugData
	order   binary.ByteOrder
	word    uint64
	entries int // that were looked at
	names   int // bytes of their names
}

// goPlace is where something lies, and of which type it is.
type goPlace struct {
	address uint64 // of the file, or the offset into a structure
	of      dwarf.Offset
}

// next is the next entry; nil at the end.
func (d *goDebug) next(reader *dwarf.Reader) (*dwarf.Entry, error) {
	if d.entries++; d.entries > mostEntries {
		return nil, errDebugData
	}
	entry, err := reader.Next()
	if err != nil {
		return nil, errDebugData
	}
	// The names of a file's entries may be one and the same text, as long as all of it.
	if d.names += object.TextIn(entry); d.names > mostDebugData {
		return nil, errDebugData
	}
	return entry, nil
}

// variables are the runtime's scheduler, the slice of its processors, and their number. Of
// all packages only the runtime is read, one entry after the other: the library's way to
// skip what is within one calls itself, as deep as a file says.
func (d *goDebug) variables() (scheduler, processors, count goPlace, err error) {
	wanted := map[string]*goPlace{"runtime.sched": &scheduler, "runtime.allp": &processors, "runtime.gomaxprocs": &count}
	for _, unit := range d.data.Units() {
		reader := d.data.Reader()
		reader.Seek(unit)
		depth := 0
		for first := true; first || depth > 0; first = false {
			entry, err := d.next(reader)
			if err != nil {
				return scheduler, processors, count, err
			}
			if entry == nil || first && !ofRuntime(entry) {
				break
			}
			if entry.Tag == dwarf.TagVariable && depth == 1 {
				name, _ := entry.Val(dwarf.AttrName).(string)
				if to := wanted[name]; to != nil {
					if *to, err = d.place(entry); err != nil {
						return scheduler, processors, count, err
					}
					if delete(wanted, name); len(wanted) == 0 {
						return scheduler, processors, count, nil
					}
				}
			}
			switch {
			case entry.Children:
				depth++
			case entry.Tag == 0:
				depth--
			}
		}
	}
	return scheduler, processors, count, errNoScheduler
}

// ofRuntime says that a unit is Go's package runtime.
func ofRuntime(unit *dwarf.Entry) bool {
	name, _ := unit.Val(dwarf.AttrName).(string)
	language, _ := unit.Val(dwarf.AttrLanguage).(int64)
	return unit.Tag == dwarf.TagCompileUnit && name == "runtime" && language == languageGo
}

// place is where a variable lies.
func (d *goDebug) place(entry *dwarf.Entry) (place goPlace, err error) {
	const atAddress = 0x03 // DW_OP_addr
	location, _ := entry.Val(dwarf.AttrLocation).([]byte)
	of, ok := entry.Val(dwarf.AttrType).(dwarf.Offset)
	if !ok || uint64(len(location)) != 1+d.word || location[0] != atAddress {
		return place, errNoScheduler
	}
	return goPlace{d.address(location[1:]), of}, nil
}

// address is one as the program has it in its memory and its debug data.
func (d *goDebug) address(text []byte) uint64 { return addressIn(text, d.order) }

// addressIn is an address of four or eight bytes.
func addressIn(text []byte, order binary.ByteOrder) uint64 {
	if len(text) == 4 {
		return uint64(order.Uint32(text))
	}
	return order.Uint64(text)
}

// number is where a number of so many bytes lies in something, by the names of the fields
// that lead there. One that is changed atomically is a structure of its own.
func (d *goDebug) number(in goPlace, size uint64, path ...string) (uint64, error) {
	for _, name := range path {
		var err error
		if in, err = d.field(in, name); err != nil {
			return 0, err
		}
	}
	entry, _, err := d.typeAt(in.of)
	if err == nil && entry.Tag == dwarf.TagStructType {
		if in, err = d.field(in, "value"); err == nil {
			entry, _, err = d.typeAt(in.of)
		}
	}
	if err != nil {
		return 0, err
	}
	has, _ := entry.Val(dwarf.AttrByteSize).(int64)
	switch {
	case entry.Tag == dwarf.TagPointerType && has == 0:
		has = int64(d.word)
	case entry.Tag != dwarf.TagBaseType && entry.Tag != dwarf.TagPointerType:
		return 0, errNoScheduler
	}
	if has < 0 || uint64(has) != size {
		return 0, errNoScheduler
	}
	return in.address, nil
}

// field is where a field of a structure lies.
func (d *goDebug) field(in goPlace, name string) (goPlace, error) {
	entry, reader, err := d.typeAt(in.of)
	if err != nil {
		return goPlace{}, err
	}
	if entry.Tag != dwarf.TagStructType || !entry.Children {
		return goPlace{}, errNoScheduler
	}
	for range mostFields {
		field, err := d.next(reader)
		switch {
		case err != nil:
			return goPlace{}, err
		case field == nil || field.Tag == 0:
			return goPlace{}, errNoScheduler
		case field.Tag == dwarf.TagMember && field.Val(dwarf.AttrName) == name:
			offset, known := field.Val(dwarf.AttrDataMemberLoc).(int64)
			of, typed := field.Val(dwarf.AttrType).(dwarf.Offset)
			if !known || !typed || offset < 0 || offset > mostOffset {
				return goPlace{}, errNoScheduler
			}
			return goPlace{in.address + uint64(offset), of}, nil
		}
		if field.Children {
			return goPlace{}, errNoScheduler
		}
	}
	return goPlace{}, errNoScheduler
}

// processor is the type of what the addresses in the slice of processors lead to.
func (d *goDebug) processor(processors goPlace) (goPlace, error) {
	array, err := d.field(processors, "array")
	of := array.of
	for range 2 { // the array's address, and those in it
		if err != nil {
			return goPlace{}, err
		}
		var entry *dwarf.Entry
		if entry, _, err = d.typeAt(of); err != nil {
			return goPlace{}, err
		}
		to, ok := entry.Val(dwarf.AttrType).(dwarf.Offset)
		if entry.Tag != dwarf.TagPointerType || !ok {
			return goPlace{}, errNoScheduler
		}
		of = to
	}
	return goPlace{of: of}, nil
}

// typeAt is a type behind the names that it has, and a reader of what it consists of.
func (d *goDebug) typeAt(at dwarf.Offset) (*dwarf.Entry, *dwarf.Reader, error) {
	reader := d.data.Reader()
	const mostNames = 8
	for range mostNames {
		reader.Seek(at)
		entry, err := d.next(reader)
		if err != nil {
			return nil, nil, err
		}
		if entry == nil || !slices.Contains([]dwarf.Tag{dwarf.TagTypedef, dwarf.TagStructType, dwarf.TagBaseType, dwarf.TagPointerType}, entry.Tag) {
			return nil, nil, errNoScheduler
		}
		if entry.Tag != dwarf.TagTypedef {
			return entry, reader, nil
		}
		of, ok := entry.Val(dwarf.AttrType).(dwarf.Offset)
		if !ok {
			return nil, nil, errNoScheduler
		}
		at = of
	}
	return nil, nil, errNoScheduler
}
