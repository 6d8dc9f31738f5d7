package profile

import (
	"encoding/binary"
	"testing"
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
				table.up(0x1010)
				table.startLine(0x1010)
			}
		}
	})
}
