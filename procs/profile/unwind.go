package profile

import (
	"cmp"
	"debug/elf"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/benchtui/benchtui/procs/object"
)

// Frame pointers miss the caller of a function that has no frame, as small ones often
// have none, and programs in Rust and C++ mostly keep none at all. What compilers tell of
// their frames for exceptions (.eh_frame, of DWARF's call frame information) finds what is
// missing, in the part of the stack that came with the sample.

// registers are those that a step up the stack needs, of amd64.
type registers struct{ pc, sp, bp uint64 }

// frames is what a module tells of its functions' frames.
type frames struct {
	functions []frameEntry // by address
}

type frameEntry struct {
	start, end uint64
	common     *commonEntry
	code       []byte
}

type commonEntry struct {
	codeAlign uint64
	dataAlign int64
	code      []byte
	encoding  byte
	augmented bool // entries say how long what the language added is
}

// What a file may tell of frames. Large programs have a million functions; compilers write
// some hundred bytes for one, and remember what they wrote a few times at most.
const (
	maxFrameBytes     = 128 << 20
	mostFrames        = 2 << 20
	mostFrameCode     = 64 << 10 // bytes, of one
	mostRemembered    = 64
	mostAugmentations = 16 // characters
)

// readFrames reads .eh_frame; nil where there is none.
func readFrames(file *elf.File, room *object.Room) *frames {
	section := file.Section(".eh_frame")
	if section == nil || section.Size > maxFrameBytes || file.Machine != elf.EM_X86_64 {
		return nil
	}
	data, err := room.Data(section)
	if err != nil {
		return nil
	}
	all := &frames{}
	commons := map[int]*commonEntry{}
	for at := 0; at+8 <= len(data) && len(all.functions) < mostFrames; {
		told := binary.LittleEndian.Uint32(data[at:])
		if told < 4 || uint64(told) > uint64(len(data)-at-4) { // 0 ends it; all ones is a longer form that nobody writes
			break
		}
		length := int(told)
		body := data[at+4 : at+4+length]
		pointer := int(binary.LittleEndian.Uint32(body))
		if pointer == 0 {
			commons[at] = readCommon(body[4:])
		} else if common := commons[at+4-pointer]; common != nil {
			r := &frameReader{data: body[4:], address: section.Addr + uint64(at) + 8}
			start, err1 := r.pointer(common.encoding)
			size, err2 := r.pointer(common.encoding & 0x0f)
			if common.augmented {
				r.skip(r.unsigned())
			}
			if err1 == nil && err2 == nil && !r.broken && size > 0 {
				all.functions = append(all.functions, frameEntry{start, start + size, common, r.data})
			}
		}
		at += 4 + length
	}
	slices.SortFunc(all.functions, func(a, b frameEntry) int { return cmp.Compare(a.start, b.start) })
	return all
}

func readCommon(body []byte) *commonEntry {
	r := &frameReader{data: body}
	version := r.byte()
	augmentation := ""
	for {
		c := r.byte()
		if c == 0 || r.broken {
			break
		}
		if len(augmentation) == mostAugmentations {
			return nil
		}
		augmentation += string(rune(c))
	}
	one := &commonEntry{codeAlign: r.unsigned(), dataAlign: r.signed()}
	if version == 1 {
		r.byte() // the register of the return address: always the same
	} else {
		r.unsigned()
	}
	if len(augmentation) > 0 && augmentation[0] == 'z' {
		one.augmented = true
		length := r.unsigned()
		if length > uint64(len(r.data)) {
			return nil
		}
		added := &frameReader{data: r.data[:length]}
		for _, c := range augmentation[1:] {
			switch c {
			case 'R':
				one.encoding = added.byte()
			case 'P':
				if _, err := added.pointer(added.byte() & 0x0f); err != nil {
					return nil
				}
			case 'L':
				added.byte()
			}
		}
		r.skip(length)
	}
	one.code = r.data
	if r.broken {
		return nil
	}
	return one
}

// frameReader reads the numbers of call frame information.
type frameReader struct {
	data    []byte
	address uint64 // of data, for what is relative to where it stands
	broken  bool
}

func (r *frameReader) skip(count uint64) {
	if count > uint64(len(r.data)) {
		r.broken, count = true, uint64(len(r.data))
	}
	r.data, r.address = r.data[count:], r.address+count
}

func (r *frameReader) byte() byte {
	if len(r.data) == 0 {
		r.broken = true
		return 0
	}
	b := r.data[0]
	r.skip(1)
	return b
}

func (r *frameReader) unsigned() uint64 {
	value := uint64(0)
	for shift := uint(0); ; shift += 7 {
		b := r.byte()
		if shift < 64 {
			value |= uint64(b&0x7f) << shift
		}
		if b < 0x80 {
			return value
		}
	}
}

func (r *frameReader) signed() int64 {
	value := int64(0)
	for shift := uint(0); ; {
		b := r.byte()
		if shift < 64 {
			value |= int64(b&0x7f) << shift
		}
		if shift += 7; b < 0x80 {
			if b&0x40 != 0 && shift < 64 {
				value |= -1 << shift
			}
			return value
		}
	}
}

var errFrames = errors.New("call frame information of a kind that is not known")

// pointer reads an address in one of the encodings of .eh_frame.
func (r *frameReader) pointer(encoding byte) (uint64, error) {
	base := uint64(0)
	switch encoding & 0x70 {
	case 0:
	case 0x10:
		base = r.address
	default:
		return 0, errFrames
	}
	size := map[byte]int{0: 8, 2: 2, 3: 4, 4: 8, 0xa: 2, 0xb: 4, 0xc: 8}[encoding&0x0f]
	if size == 0 || encoding&0x80 != 0 || len(r.data) < size {
		return 0, errFrames
	}
	var value uint64
	switch {
	case size == 2 && encoding&8 != 0:
		value = uint64(int64(int16(binary.LittleEndian.Uint16(r.data))))
	case size == 2:
		value = uint64(binary.LittleEndian.Uint16(r.data))
	case size == 4 && encoding&8 != 0:
		value = uint64(int64(int32(binary.LittleEndian.Uint32(r.data))))
	case size == 4:
		value = uint64(binary.LittleEndian.Uint32(r.data))
	default:
		value = binary.LittleEndian.Uint64(r.data)
	}
	r.skip(uint64(size))
	return base + value, nil
}

// DWARF's numbers of amd64's registers.
const (
	dwarfBP = 6
	dwarfSP = 7
	dwarfPC = 16
)

// frameRow says where a frame begins, and where in it the caller's registers lie.
type frameRow struct {
	register uint64
	offset   int64
	saved    map[uint64]int64 // of a register, from where the frame begins
	lost     bool             // it is told by a program of its own
}

// row runs what is told of a function's frame up to an address.
func (f *frames) row(address uint64) (frameRow, error) {
	at, exact := slices.BinarySearchFunc(f.functions, address, func(e frameEntry, address uint64) int { return cmp.Compare(e.start, address) })
	if !exact {
		at--
	}
	if at < 0 || address >= f.functions[at].end {
		return frameRow{}, errFrames
	}
	entry := f.functions[at]
	if len(entry.code)+len(entry.common.code) > mostFrameCode {
		return frameRow{}, errFrames
	}
	now := frameRow{saved: map[uint64]int64{}}
	if err := runFrames(entry.common.code, entry, ^uint64(0), &now, nil); err != nil {
		return frameRow{}, err
	}
	first := now.clone()
	if err := runFrames(entry.code, entry, address, &now, &first); err != nil {
		return frameRow{}, err
	}
	if now.lost {
		return frameRow{}, errFrames
	}
	return now, nil
}

func (row frameRow) clone() frameRow {
	saved := make(map[uint64]int64, len(row.saved))
	for register, offset := range row.saved {
		saved[register] = offset
	}
	row.saved = saved
	return row
}

func runFrames(code []byte, entry frameEntry, address uint64, now, first *frameRow) error {
	r := &frameReader{data: code}
	at := entry.start
	var remembered []frameRow
	restore := func(register uint64) {
		delete(now.saved, register)
		if first != nil {
			if offset, ok := first.saved[register]; ok {
				now.saved[register] = offset
			}
		}
	}
	for len(r.data) > 0 && !r.broken {
		op := r.byte()
		low := uint64(op & 0x3f)
		step := uint64(0)
		switch op >> 6 {
		case 1:
			step = low
		case 2:
			now.saved[low] = int64(r.unsigned()) * entry.common.dataAlign
			continue
		case 3:
			restore(low)
			continue
		default:
			switch op {
			case 0: // nothing
			case 0x01:
				return errFrames
			case 0x02:
				step = uint64(r.byte())
			case 0x03:
				step = uint64(r.byte()) | uint64(r.byte())<<8
			case 0x04:
				step = uint64(r.byte()) | uint64(r.byte())<<8 | uint64(r.byte())<<16 | uint64(r.byte())<<24
			case 0x05:
				register := r.unsigned()
				now.saved[register] = int64(r.unsigned()) * entry.common.dataAlign
			case 0x06:
				restore(r.unsigned())
			case 0x07, 0x08: // undefined, the same
				delete(now.saved, r.unsigned())
			case 0x09:
				r.unsigned()
				r.unsigned()
			case 0x0a:
				if len(remembered) == mostRemembered {
					return errFrames
				}
				remembered = append(remembered, now.clone())
			case 0x0b:
				if len(remembered) == 0 {
					return errFrames
				}
				*now, remembered = remembered[len(remembered)-1], remembered[:len(remembered)-1]
			case 0x0c:
				now.register, now.offset, now.lost = r.unsigned(), int64(r.unsigned()), false
			case 0x0d:
				now.register = r.unsigned()
			case 0x0e:
				now.offset = int64(r.unsigned())
			case 0x0f:
				now.lost = true
				r.skip(r.unsigned())
			case 0x10, 0x16:
				delete(now.saved, r.unsigned())
				r.skip(r.unsigned())
			case 0x11:
				register := r.unsigned()
				now.saved[register] = r.signed() * entry.common.dataAlign
			case 0x12:
				now.register, now.offset, now.lost = r.unsigned(), r.signed()*entry.common.dataAlign, false
			case 0x13:
				now.offset = r.signed() * entry.common.dataAlign
			case 0x2e: // the size of arguments
				r.unsigned()
			default:
				return errFrames
			}
		}
		if step > 0 {
			if at += step * entry.common.codeAlign; at > address {
				return nil
			}
		}
	}
	if r.broken {
		return errFrames
	}
	return nil
}

// stackPart is the part of a stack that came with a sample, from where the stack pointer stood.
type stackPart struct {
	begin uint64
	data  []byte
}

func (s stackPart) word(address uint64) (uint64, bool) {
	if address < s.begin || address-s.begin+8 > uint64(len(s.data)) {
		return 0, false
	}
	return binary.LittleEndian.Uint64(s.data[address-s.begin:]), true
}

// up is the caller's registers, by what a function's module tells of its frame.
func (row frameRow) up(now registers, stack stackPart) (registers, bool) {
	var base uint64
	switch row.register {
	case dwarfSP:
		base = now.sp
	case dwarfBP:
		base = now.bp
	default:
		return registers{}, false
	}
	base += uint64(row.offset)
	caller := registers{sp: base, bp: now.bp}
	where, ok := row.saved[dwarfPC]
	if !ok {
		return registers{}, false // a thread's first function
	}
	if caller.pc, ok = stack.word(base + uint64(where)); !ok {
		return registers{}, false
	}
	if where, ok := row.saved[dwarfBP]; ok {
		if caller.bp, ok = stack.word(base + uint64(where)); !ok {
			return registers{}, false
		}
	}
	return caller, caller.sp > now.sp
}
