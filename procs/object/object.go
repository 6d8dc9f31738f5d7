// Package object reads the files of programs and libraries: their sections, symbols and
// debug data. They are somebody else's, and the library's readers take a file at its word:
// a few bytes claim gigabytes. So what it claims is weighed before it is read. It knows
// files and what they hold; nothing of processes, nor of what is made of it.
package object

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"io"
)

// ErrTooMuch tells that a file claims more than is read of one.
var ErrTooMuch = errors.New("it holds more than is read of a program")

var errBroken = errors.New("its file is broken")

const (
	// mostSections and mostSectionNames bound the list of sections, and the bytes of all
	// their names as the library reads them; a program has 40, and names of 500 bytes.
	mostSections     = 4096
	mostSectionNames = 16 << 20
	// MostSymbols bounds the symbols of a file: the largest programs have a million.
	MostSymbols = 4 << 20
)

// Open reads a file's list of sections.
func Open(file io.ReaderAt) (*elf.File, error) {
	if err := weighSections(file); err != nil {
		return nil, err
	}
	return elf.NewFile(file)
}

// weighSections looks at the list of sections before the library does, which reads as many
// as are claimed, and of each a name as long as the table of names.
func weighSections(file io.ReaderAt) error {
	head := make([]byte, 64)
	if n, err := file.ReadAt(head, 0); n < 52 {
		return err
	}
	order := orderOf(head)
	// Where the list begins, how long an entry is, how many there are, which has the names;
	// and in that entry flags and size.
	list, numbers, flags, size, width := 32, 46, 8, 20, uint64(4)
	if elf.Class(head[elf.EI_CLASS]) == elf.ELFCLASS64 {
		list, numbers, flags, size, width = 40, 58, 8, 32, 8
	}
	word := func(text []byte) uint64 {
		if width == 4 {
			return uint64(order.Uint32(text))
		}
		return order.Uint64(text)
	}
	begin := word(head[list:])
	each, count, names := uint64(order.Uint16(head[numbers:])), uint64(order.Uint16(head[numbers+2:])), uint64(order.Uint16(head[numbers+4:]))
	switch {
	case begin == 0 && count == 0: // it has none
		return nil
	case count == 0 || count > mostSections || names >= count: // 0: more than fit into 16 bits
		return ErrTooMuch
	}
	entry := make([]byte, 64)
	if n, err := file.ReadAt(entry[:min(each, 64)], int64(begin+names*each)); n < 40 {
		return err
	}
	const compressed = uint64(elf.SHF_COMPRESSED)
	if length := word(entry[size:]); length > mostSectionNames || count*length > mostSectionNames || word(entry[flags:])&compressed != 0 {
		return ErrTooMuch
	}
	return nil
}

func orderOf(head []byte) binary.ByteOrder {
	if elf.Data(head[elf.EI_DATA]) == elf.ELFDATA2MSB {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// Room is what may still be read, in bytes as they are in memory.
type Room struct{ Bytes uint64 }

// take is the same with an error.
func (r *Room) take(bytes uint64) error {
	if !r.Take(bytes) {
		return ErrTooMuch
	}
	return nil
}

// Take takes so many bytes of the room, if it has them.
func (r *Room) Take(bytes uint64) bool {
	if bytes > r.Bytes {
		return false
	}
	r.Bytes -= bytes
	return true
}

// Size is how many bytes a section is once it is unpacked.
func Size(section *elf.Section) uint64 {
	// How large a .zdebug_ one of Go 1.18 becomes, the library knows once it is opened.
	section.Open()
	return section.Size
}

// Data is what a section holds, unpacked.
func (r *Room) Data(section *elf.Section) ([]byte, error) {
	if section.Type == elf.SHT_NOBITS {
		return nil, errBroken
	}
	if err := r.take(Size(section)); err != nil {
		return nil, err
	}
	return section.Data()
}

// Symbols hands over the symbols of a file, of those for the linker (SHT_SYMTAB) or for
// the loader (SHT_DYNSYM), until it is told that they are enough.
func (r *Room) Symbols(file *elf.File, kind elf.SectionType, add func(elf.Symbol) bool) error {
	section := file.SectionByType(kind)
	if section == nil || section.Link == 0 || int(section.Link) >= len(file.Sections) {
		return elf.ErrNoSymbols
	}
	data, err := r.Data(section)
	if err != nil {
		return err
	}
	names, err := r.Data(file.Sections[section.Link])
	if err != nil {
		return err
	}
	size := 24
	if file.Class == elf.ELFCLASS32 {
		size = 16
	}
	if len(data)/size > MostSymbols {
		return ErrTooMuch
	}
	for first := true; len(data) >= size; data, first = data[size:], false {
		if first { // stands for none
			continue
		}
		name := TextAt(names, uint64(file.ByteOrder.Uint32(data)))
		// Names may lie over each other, each as long as the table.
		if err := r.take(uint64(len(name))); err != nil {
			return err
		}
		one := elf.Symbol{Name: string(name)}
		if size == 24 {
			one.Info, one.Section = data[4], elf.SectionIndex(file.ByteOrder.Uint16(data[6:]))
			one.Value, one.Size = file.ByteOrder.Uint64(data[8:]), file.ByteOrder.Uint64(data[16:])
		} else {
			one.Value, one.Size = uint64(file.ByteOrder.Uint32(data[4:])), uint64(file.ByteOrder.Uint32(data[8:]))
			one.Info, one.Section = data[12], elf.SectionIndex(file.ByteOrder.Uint16(data[14:]))
		}
		if !add(one) {
			return nil
		}
	}
	return nil
}

// TextAt is the text that begins at a place and ends before a zero; none without one.
func TextAt(data []byte, at uint64) []byte {
	if at >= uint64(len(data)) {
		return nil
	}
	end := bytes.IndexByte(data[at:], 0)
	if end < 0 {
		return nil
	}
	return data[at : at+uint64(end)]
}
