package profile

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/benchtui/benchtui/procs/object"
)

// The frame of a function that pushes rbp and then works with it, as gcc tells it:
//
//	0: CFA = rsp+8, the return address at CFA-8
//	1: CFA = rsp+16, rbp at CFA-16
//	4: CFA = rbp+16
//	9: CFA = rsp+8
func TestFrameOfAFunctionByItsAddress(t *testing.T) {
	common := &commonEntry{codeAlign: 1, dataAlign: -8, code: []byte{0x0c, 7, 8, 0x90, 1}}
	all := &frames{functions: []frameEntry{{start: 0x1000, end: 0x1010, common: common,
		code: []byte{0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x45, 0x0c, 7, 8, 0xc6, 0, 0}}}}
	stack := stackPart{begin: 0x8000, data: make([]byte, 64)}
	for i := range 8 {
		binary.LittleEndian.PutUint64(stack.data[8*i:], uint64(0x100*(i+1)))
	}
	for address, want := range map[uint64]registers{
		0x1000: {pc: 0x100, sp: 0x8008, bp: 0x8010},
		0x1001: {pc: 0x200, sp: 0x8010, bp: 0x100},
		0x1004: {pc: 0x400, sp: 0x8020, bp: 0x300},
		0x1009: {pc: 0x100, sp: 0x8008, bp: 0x8010},
	} {
		row, err := all.row(address)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := row.up(registers{pc: address, sp: 0x8000, bp: 0x8010}, stack); !ok || got != want {
			t.Errorf("at %#x: %+v, want %+v", address, got, want)
		}
	}
	if _, err := all.row(0x1010); err == nil {
		t.Error("behind the function there is a frame")
	}
	row, _ := all.row(0x1004)
	if _, ok := row.up(registers{sp: 0x8000, bp: 0x9000}, stack); ok {
		t.Error("a frame outside of what is known of the stack")
	}
}

// Each of these would take the memory or the hours that its file claims.
func TestFramesThatNoCompilerWritesAreRefused(t *testing.T) {
	remember := bytes.Repeat([]byte{0x0a}, mostRemembered+1)
	fine := []byte{0x0c, 7, 8, 0x90, 1}
	for what, code := range map[string][]byte{"remembered without end": append(remember, fine...), "code without end": make([]byte, mostFrameCode+1)} {
		all := &frames{functions: []frameEntry{{start: 0x1000, end: 0x2000, common: &commonEntry{codeAlign: 1, dataAlign: -8, code: fine}, code: code}}}
		if row, err := all.row(0x1010); err == nil {
			t.Errorf("%s: %+v", what, row)
		}
	}
	if common := readCommon(append(append([]byte{1, 'z'}, bytes.Repeat([]byte("R"), 1<<10)...), 0, 1, 0x78, 16, 1, 0x1b, 0x0c, 7, 8)); common != nil {
		t.Errorf("an augmentation of 1,025 letters: %+v", common)
	}
}

// goTableOf is Go's table of a program with so many functions, whose names begin a byte
// after the other in a text.
func goTableOf(functions int, names string) *goTable {
	order := binary.LittleEndian
	const head, one = 8 + 8*8, 44
	data := append(order.AppendUint32(nil, 0xfffffff1), 0, 0, 1, 8)
	begin := uint64(head)
	for _, word := range []uint64{uint64(functions), 0, 0, begin, begin, begin, begin, begin + uint64(len(names))} {
		data = order.AppendUint64(data, word)
	}
	data = append(data, names...)
	for i := range functions {
		data = order.AppendUint32(order.AppendUint32(data, uint32(16*i)), uint32(8*functions+one*i))
	}
	for i := range functions {
		told := make([]byte, one)
		order.PutUint32(told[4:], uint32(i))
		data = append(data, told...)
	}
	return newGoTable(data, order, 0)
}

func TestNamesOfGoFunctionsHaveRoom(t *testing.T) {
	long := string(bytes.Repeat([]byte("x"), 10_000)) + "\x00"
	for what, c := range map[string]struct {
		table *goTable
		sound bool
	}{
		"a few":           {goTableOf(10, "main.serve\x00"), true},
		"over each other": {goTableOf(1000, long), false},
		"too many":        {goTableOf(mostGoFunctions+1, "x\x00"), false},
	} {
		if c.table == nil {
			t.Fatal(what, "is no table")
		}
		if sound := c.table.sound(&object.Room{Bytes: 1 << 20}); sound != c.sound {
			t.Errorf("%s: %t", what, sound)
		}
	}
}

// What is told of frames is a file of others.
func FuzzFramesOfOthers(f *testing.F) {
	f.Add([]byte{0x0c, 7, 8, 0x90, 1}, []byte{0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x0a, 0x45, 0x0b})
	f.Add([]byte{1, 'z', 'R', 0, 1, 0x78, 16, 1, 0x1b, 0x0c, 7, 8}, []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8})
	f.Fuzz(func(t *testing.T, common, code []byte) {
		readCommon(common)
		all := &frames{functions: []frameEntry{{start: 0x1000, end: 0x2000, common: &commonEntry{codeAlign: 1, dataAlign: -8, code: common}, code: code}}}
		if row, err := all.row(0x1010); err == nil {
			row.up(registers{pc: 0x1010, sp: 0x8000, bp: 0x8010}, stackPart{begin: 0x8000, data: code})
		}
		for _, text := range []uint64{0, 0x1000} {
			if table := newGoTable(code, binary.LittleEndian, text); table != nil {
				table.sound(&object.Room{Bytes: 1 << 20})
				table.up(0x1010)
				table.startLine(0x1010)
			}
		}
	})
}
