package profile

import (
	"encoding/binary"
	"sort"

	"github.com/benchtui/benchtui/procs/object"
)

// goTable is the part of Go's own table (runtime/symtab.go) that says how far the return
// address lies from the stack pointer, which debug/gosym does not tell. Of Go 1.18 and newer.
type goTable struct {
	data      []byte
	order     binary.ByteOrder
	text      uint64
	quantum   uint64
	functions []byte // pairs of where each begins, from text, and where it is told of
	count     int
	told      []byte
	steps     []byte
}

func newGoTable(data []byte, order binary.ByteOrder, text uint64) *goTable {
	if len(data) < 8+8*8 {
		return nil
	}
	magic := order.Uint32(data)
	if magic != 0xfffffff0 && magic != 0xfffffff1 || data[7] != 8 {
		return nil
	}
	word := func(i int) uint64 { return order.Uint64(data[8+8*i:]) }
	t := &goTable{data: data, order: order, text: text, quantum: uint64(data[6]), count: int(word(0))}
	steps, told := word(6), word(7)
	if steps > uint64(len(data)) || told > uint64(len(data)) || t.count < 0 || uint64(t.count) > (uint64(len(data))-told)/8 {
		return nil
	}
	t.steps, t.told = data[steps:], data[told:]
	t.functions = t.told[:t.count*8]
	return t
}

// mostGoFunctions bounds the functions of a program: the library makes 150 bytes of each.
const mostGoFunctions = 1 << 20

// sound says that there are no more functions than programs have, and that their names
// have room: they may lie over each other, each as long as all of them, and the library
// copies them.
func (t *goTable) sound(room *object.Room) bool {
	names := t.order.Uint64(t.data[8+8*3:])
	if t.count > mostGoFunctions || names > uint64(len(t.data)) {
		return false
	}
	for i := range t.count {
		where := uint64(t.order.Uint32(t.functions[8*i+4:]))
		if where+8 > uint64(len(t.told)) {
			continue
		}
		name := object.TextAt(t.data[names:], uint64(t.order.Uint32(t.told[where+4:])))
		if !room.Take(uint64(len(name))) {
			return false
		}
	}
	return true
}

// function is where the function at an address begins, and where it is told of.
func (t *goTable) function(from uint64) (begin, where uint64, ok bool) {
	after := sort.Search(t.count, func(i int) bool { return uint64(t.order.Uint32(t.functions[8*i:])) > from })
	if after == 0 {
		return 0, 0, false
	}
	begin, where = uint64(t.order.Uint32(t.functions[8*(after-1):])), uint64(t.order.Uint32(t.functions[8*(after-1)+4:]))
	return begin, where, where+40 <= uint64(len(t.told))
}

// startLine is the line at which the function at an address begins; 0: unknown.
func (t *goTable) startLine(address uint64) int {
	if address < t.text || t.order.Uint32(t.data) != 0xfffffff1 {
		return 0
	}
	_, where, ok := t.function(address - t.text)
	if !ok {
		return 0
	}
	return int(int32(t.order.Uint32(t.told[where+36:])))
}

// up is how many bytes above the stack pointer the return address lies.
func (t *goTable) up(address uint64) (uint64, bool) {
	if address < t.text || t.count == 0 {
		return 0, false
	}
	from := address - t.text
	begin, where, ok := t.function(from)
	if !ok {
		return 0, false
	}
	steps := uint64(t.order.Uint32(t.told[where+16:]))
	if steps == 0 || steps >= uint64(len(t.steps)) {
		return 0, false
	}
	r := &frameReader{data: t.steps[steps:]}
	value, pc := int64(-1), begin
	for first := true; !r.broken; first = false {
		delta := r.unsigned()
		if delta == 0 && !first {
			return 0, false
		}
		if delta&1 != 0 {
			value += ^int64(delta >> 1)
		} else {
			value += int64(delta >> 1)
		}
		pc += r.unsigned() * t.quantum
		if from < pc {
			return uint64(value), value >= 0 && value < 1<<20
		}
	}
	return 0, false
}
