package object

import "debug/dwarf"

// mostFileNames bounds the bytes of the names of a unit's files, each with its folder's.
const mostFileNames = 16 << 20

// LineReader is the library's, of units whose list of files is as large as it claims: the
// library makes a list of as many as a number of the file says.
func (d *DebugData) LineReader(unit *dwarf.Entry) (*dwarf.LineReader, error) {
	at, ok := unit.Val(dwarf.AttrStmtList).(int64)
	if !ok || at < 0 || at >= int64(len(d.line)) {
		return nil, errBroken
	}
	folder, _ := unit.Val(dwarf.AttrCompDir).(string)
	if !d.soundFiles(d.line[at:], uint64(len(folder))) {
		return nil, ErrTooMuch
	}
	return d.Data.LineReader(unit)
}

// soundFiles says that the folders and files in the head of a unit's lines are there, and
// that their names take no more than names do.
func (d *DebugData) soundFiles(data []byte, folder uint64) bool {
	if len(data) < 16 {
		return false
	}
	length, wide := uint64(d.order.Uint32(data)), false
	r := numbers{data: data[4:]}
	if length == 0xffffffff {
		length, wide = d.order.Uint64(data[4:]), true
		r.skip(8)
	}
	if length > uint64(len(r.data)) || length < 16 {
		return false
	}
	r.data = r.data[:length]
	version := d.order.Uint16(r.data)
	r.skip(2)
	if version >= 5 {
		r.skip(2) // bytes of an address, and of a segment
	}
	r.skip(d.width(wide)) // how long the head is
	r.skip(1)             // bytes of an instruction
	if version >= 4 {
		r.skip(1) // and how many at once
	}
	r.skip(3)
	if len(r.data) == 0 {
		return false
	}
	codes := uint64(r.data[0])
	r.skip(max(codes, 1)) // and how many operands each has but for the first
	if version >= 5 {
		return d.soundList(&r, wide, folder)
	}
	room := Room{mostFileNames}
	folders := []uint64{folder}
	for !r.broken {
		name := r.text()
		if name == 0 {
			break
		}
		if folders = append(folders, uint64(name)+folder); room.take(uint64(name)+folder) != nil {
			return false
		}
	}
	for !r.broken {
		name := r.text()
		if name == 0 {
			break
		}
		in := r.next()
		r.next()
		r.next()
		if in >= uint64(len(folders)) || room.take(64+uint64(name)+folders[in]) != nil {
			return false
		}
	}
	return !r.broken
}

// soundList is the same of DWARF 5, which says how each list is written.
func (d *DebugData) soundList(r *numbers, wide bool, folder uint64) bool {
	const path, folderIndex = 1, 2
	room := Room{mostFileNames}
	var folders []uint64
	for list := range 2 {
		if len(r.data) == 0 {
			return false
		}
		formats := make([][2]uint64, r.data[0])
		r.skip(1)
		for i := range formats {
			formats[i] = [2]uint64{r.next(), r.next()}
		}
		count := r.next()
		if r.broken || count > 0 && len(formats) == 0 || count > uint64(len(r.data)) {
			return false
		}
		for range count {
			name, in := uint64(0), uint64(0)
			for _, one := range formats {
				length, value, ok := d.form(r, one[1], wide)
				switch {
				case !ok:
					return false
				case one[0] == path:
					name = length
				case one[0] == folderIndex:
					in = value
				}
			}
			if list == 0 {
				folders = append(folders, name)
			} else if in < uint64(len(folders)) {
				name += folders[in]
			}
			if r.broken || room.take(64+name+folder) != nil {
				return false
			}
		}
	}
	return true
}

// form reads a value of a list of files: how long a text it is, or which number.
func (d *DebugData) form(r *numbers, form uint64, wide bool) (length, value uint64, ok bool) {
	const (
		data2, data4, data8, text, data1, udata, strp, block, data16, lineStrp = 0x05, 0x06, 0x07, 0x08, 0x0b, 0x0f, 0x0e, 0x09, 0x1e, 0x1f
	)
	fixed := func(bytes uint64) (value uint64) {
		if uint64(len(r.data)) >= bytes {
			switch bytes {
			case 1:
				value = uint64(r.data[0])
			case 2:
				value = uint64(d.order.Uint16(r.data))
			case 4:
				value = uint64(d.order.Uint32(r.data))
			case 8:
				value = d.order.Uint64(r.data)
			}
		}
		r.skip(bytes)
		return value
	}
	switch form {
	case text:
		return uint64(r.text()), 0, true
	case strp, lineStrp:
		of := "str"
		if form == lineStrp {
			of = "line_str"
		}
		return uint64(len(TextAt(d.texts[of], fixed(d.width(wide))))), 0, true
	case data1:
		return 0, fixed(1), true
	case data2:
		return 0, fixed(2), true
	case data4:
		return 0, fixed(4), true
	case data8:
		return 0, fixed(8), true
	case data16:
		return 0, fixed(16), true
	case udata:
		return 0, r.next(), true
	case block:
		r.skip(r.next())
		return 0, 0, true
	}
	return 0, 0, false // one that no compiler writes there
}

func (d *DebugData) width(wide bool) uint64 {
	if wide {
		return 8
	}
	return 4
}
