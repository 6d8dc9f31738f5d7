package sample

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v3/mem"
	"github.com/shirou/gopsutil/v3/process"

	"github.com/benchtui/benchtui/internal/figure"
)

// heapRoom remembers how much a process may take before its runtime collects anything.
type heapRoom struct {
	pid  int
	room figure.Value
}

// of is the room of a process in bytes; unknown where no runtime is known to have one.
func (h *heapRoom) of(pid int) figure.Value {
	if h.pid != pid {
		*h = heapRoom{pid: pid}
		if p, err := process.NewProcess(int32(pid)); err == nil {
			if args, err := p.CmdlineSlice(); err == nil {
				var memory uint64
				if machine, err := mem.VirtualMemory(); err == nil {
					memory = machine.Total
				}
				h.room = heapRoomOf(args, memory)
			}
		}
	}
	return h.room
}

// heapRoomOf is the heap that a JVM begins with: until it is full, every page is new, and
// the memory grows evenly whatever becomes of the objects. It is 1/64 of the machine's
// memory (-XX:InitialRAMPercentage, 1.5625), or what the arguments say.
func heapRoomOf(args []string, memory uint64) figure.Value {
	const initialPart = 1.0 / 64
	if len(args) == 0 || strings.TrimSuffix(filepath.Base(args[0]), ".exe") != "java" {
		return figure.Value{}
	}
	room, most := float64(memory)*initialPart, 0.0
	for _, arg := range args[1:] {
		if size, ok := cutSize(arg, "-Xms", "-XX:InitialHeapSize="); ok {
			room = size
		}
		if size, ok := cutSize(arg, "-Xmx", "-XX:MaxHeapSize="); ok {
			most = size
		}
		if text, ok := strings.CutPrefix(arg, "-XX:InitialRAMPercentage="); ok {
			if percent, err := strconv.ParseFloat(text, 64); err == nil {
				room = float64(memory) * percent / 100
			}
		}
		if arg == "-jar" {
			break // what follows is the program's own
		}
	}
	if most > 0 {
		room = min(room, most)
	}
	if room <= 0 {
		return figure.Value{}
	}
	return figure.Of(room)
}

// cutSize reads a size as the JVM takes it ("512m", "2G") behind one of the flags.
func cutSize(arg string, flags ...string) (bytes float64, ok bool) {
	for _, flag := range flags {
		text, found := strings.CutPrefix(arg, flag)
		if !found || text == "" {
			continue
		}
		unit := 1.0
		if shift := strings.IndexByte("kmgt", text[len(text)-1]|0x20); shift >= 0 {
			unit = float64(uint64(1) << (10 * (shift + 1)))
			text = text[:len(text)-1]
		}
		n, err := strconv.ParseFloat(text, 64)
		return n * unit, err == nil && n > 0
	}
	return 0, false
}
