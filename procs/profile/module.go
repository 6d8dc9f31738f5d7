package profile

import (
	"bytes"
	"cmp"
	"debug/buildinfo"
	"debug/dwarf"
	"debug/elf"
	"debug/gosym"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/procs/object"
)

// module is a program or library with what it says of its functions.
type module struct {
	path string
	main bool     // the program itself
	file *os.File // nil: it could not be opened
	near func(name string) (io.ReaderAt, func())
	room *object.Room // what may still be read of all modules

	read     bool
	partly   bool // it holds more than is read of one
	loads    []elf.ProgHeader
	symbols  []symbol // by address
	language language
	lines    *debugInfo
	gotab    *gosym.Table
	goframes *goTable
	frames   *frames
	gomod    string // the Go module that the program is of
	crate    string // the crate that the Rust program is of
	bare     bool   // it has no symbols of its own: stripped
	cache    map[uint64][]place
}

// mapping is a range of addresses that hold code.
type mapping struct {
	start, end uint64
	offset     uint64 // of the file
	path       string // "" for code that was made while it ran
	module     *module
}

// symbol is a function as the linker knew it.
type symbol struct {
	start, size uint64
	name        string
}

// place is a function at an address, and those that it was inlined into after it.
type place struct {
	function string
	file     string
	line     int
	start    int    // the line at which the function begins
	column   int    // where on that line, from 1, where it is longer than people write; else 0
	assembly string // of .NET; "" where it is none of it
}

type language uint8

const (
	native language = iota
	goLanguage
	rustLanguage
	dotnetNative
	graalNative
)

// name is the module's file's name.
func (m *module) name() string { return path.Base(m.path) }

// mostOfModules bounds what is read of all that the processes of a profile have mapped, in
// bytes, and the names that are made of it. Of a program of 100 MB it is 80.
const mostOfModules = 512 << 20

// parse reads what a file says of its functions. What it lacks, or what is broken in it,
// is missing, and no reason to have nothing.
func (m *module) parse() {
	if m.read {
		return
	}
	m.read, m.bare, m.cache = true, true, map[uint64][]place{}
	if m.file == nil {
		return
	}
	defer func() {
		_ = recover() // a reader of the library that a broken file led astray: what was read until then counts
	}()
	if m.room == nil {
		m.room = &object.Room{Bytes: mostOfModules}
	}
	file, err := object.Open(m.file)
	if err != nil {
		return
	}
	for _, program := range file.Progs {
		if program.Type == elf.PT_LOAD {
			m.loads = append(m.loads, program.ProgHeader)
		}
	}
	functions, _ := m.addSymbols(file, elf.SHT_SYMTAB)
	m.bare = !functions
	_, _ = m.addSymbols(file, elf.SHT_DYNSYM)
	m.readGo(file)
	if m.goframes == nil {
		m.frames = readFrames(file, m.room)
	}
	beside, done := m.beside(file)
	if done != nil {
		defer done()
		before := len(m.symbols)
		_, _ = m.addSymbols(beside, elf.SHT_SYMTAB)
		m.bare = m.bare && len(m.symbols) == before
	}
	m.sortSymbols()
	m.guessLanguage()
	for _, one := range []*elf.File{file, beside} {
		if one == nil || m.lines != nil {
			continue
		}
		data, err := m.room.DebugData(one, object.Lines)
		if err == nil {
			m.lines = newDebugInfo(data)
		}
		m.partly = m.partly || errors.Is(err, object.ErrTooMuch)
	}
}

func isFunction(s elf.Symbol) bool {
	kind := elf.ST_TYPE(s.Info)
	return (kind == elf.STT_FUNC || kind == 10) && s.Section != elf.SHN_UNDEF // 10: chosen when it is loaded
}

// addSymbols adds the functions of a list of symbols, and says whether any is told to be one.
func (m *module) addSymbols(file *elf.File, kind elf.SectionType) (functions bool, err error) {
	err = m.room.Symbols(file, kind, func(one elf.Symbol) bool {
		// Functions written in assembly may have no type, but lie among code.
		code := isFunction(one)
		functions = functions || code
		if !code && elf.ST_TYPE(one.Info) == elf.STT_NOTYPE && int(one.Section) < len(file.Sections) && one.Section != elf.SHN_UNDEF {
			code = file.Sections[one.Section].Flags&elf.SHF_EXECINSTR != 0 && !strings.HasPrefix(one.Name, "$") && !strings.HasPrefix(one.Name, ".L")
		}
		if code && one.Name != "" && one.Value != 0 {
			m.symbols = append(m.symbols, symbol{one.Value, one.Size, one.Name})
		}
		return len(m.symbols) < object.MostSymbols
	})
	m.partly = m.partly || errors.Is(err, object.ErrTooMuch)
	return functions, err
}

// sortSymbols sorts by address; of several for the same code the one with the largest
// size, and of those the first by name without marks of its own.
func (m *module) sortSymbols() {
	slices.SortFunc(m.symbols, func(a, b symbol) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.size, a.size),
			cmp.Compare(len(a.name)-len(strings.TrimLeft(a.name, "_")), len(b.name)-len(strings.TrimLeft(b.name, "_"))), cmp.Compare(a.name, b.name))
	})
	m.symbols = slices.CompactFunc(m.symbols, func(a, b symbol) bool { return a.start == b.start })
}

// symbolAt is the function at an address of the file; one without a size reaches to the next.
func (m *module) symbolAt(address uint64) (symbol, bool) {
	at, exact := slices.BinarySearchFunc(m.symbols, address, func(s symbol, address uint64) int { return cmp.Compare(s.start, address) })
	if !exact {
		at--
	}
	if at < 0 || m.symbols[at].size > 0 && address >= m.symbols[at].start+m.symbols[at].size {
		return symbol{}, false
	}
	return m.symbols[at], true
}

// readGo reads Go's own table, which is there in stripped programs, too.
func (m *module) readGo(file *elf.File) {
	var section *elf.Section
	for _, name := range []string{".gopclntab", ".data.rel.ro.gopclntab"} {
		if section = file.Section(name); section != nil {
			break
		}
	}
	text := file.Section(".text")
	if section == nil || text == nil {
		return
	}
	data, err := m.room.Data(section)
	if err != nil {
		m.partly = m.partly || errors.Is(err, object.ErrTooMuch)
		return
	}
	m.language = goLanguage
	begin := text.Addr
	for _, one := range m.symbols {
		if one.name == "runtime.text" {
			begin = one.start
		}
	}
	m.goframes = newGoTable(data, file.ByteOrder, begin)
	if m.goframes != nil && !m.goframes.sound(m.room) {
		m.goframes, m.partly = nil, true
		return
	}
	if table, err := gosym.NewTable(nil, gosym.NewLineTable(data, begin)); err == nil {
		m.gotab, m.bare = table, false
	}
	if info, err := buildinfo.Read(m.file); err == nil {
		m.gomod = info.Main.Path
	}
}

// beside opens the file that holds a module's symbols apart: by its debug link, which
// .NET's native programs have too, or by its build id where systems keep them.
func (m *module) beside(file *elf.File) (*elf.File, func()) {
	if m.near == nil {
		return nil, nil
	}
	var names []string
	if id := buildID(file); len(id) > 1 {
		text := hex.EncodeToString(id)
		names = append(names, "/usr/lib/debug/.build-id/"+text[:2]+"/"+text[2:]+".debug")
	}
	if section := file.Section(".gnu_debuglink"); section != nil && section.Size < 4096 {
		if data, err := section.Data(); err == nil {
			name, _, _ := bytes.Cut(data, []byte{0})
			if link := string(name); link != "" && link == path.Base(link) && link != ".." && link != "." {
				folder := path.Dir(m.path)
				names = append(names, path.Join(folder, link), path.Join(folder, ".debug", link), path.Join("/usr/lib/debug", folder, link))
			}
		}
	}
	for _, name := range names {
		reader, done := m.near(name)
		if reader == nil {
			continue
		}
		beside, err := object.Open(reader)
		// It must be of this build, where both say which they are.
		if err == nil && (buildID(file) == nil || buildID(beside) == nil || bytes.Equal(buildID(file), buildID(beside))) {
			return beside, done
		}
		done()
	}
	return nil, nil
}

// buildID is the linker's id of a build; nil where it gave none.
func buildID(file *elf.File) []byte {
	section := file.Section(".note.gnu.build-id")
	if section == nil || section.Size > 4096 {
		return nil
	}
	data, err := section.Data()
	if err != nil || len(data) < 16 {
		return nil
	}
	named, described := file.ByteOrder.Uint32(data), file.ByteOrder.Uint32(data[4:])
	begin := 12 + (uint64(named)+3)/4*4
	if begin+uint64(described) > uint64(len(data)) {
		return nil
	}
	return data[begin : begin+uint64(described)]
}

// guessLanguage goes by the names that a language's runtime has.
func (m *module) guessLanguage() {
	if m.language != native {
		return
	}
	for _, one := range m.symbols {
		switch {
		case strings.HasPrefix(one.name, "S_P_CoreLib_"):
			m.language = dotnetNative
			return
		case strings.HasPrefix(one.name, "graal_create_isolate"), strings.HasPrefix(one.name, "com.oracle.svm."), strings.HasPrefix(one.name, "graal_attach_thread"):
			m.language = graalNative
			return
		case one.name == "rust_begin_unwind", strings.Contains(one.name, "__rust_alloc"), strings.Contains(one.name, "rust_panic"), strings.HasPrefix(one.name, "_ZN3std2rt10lang_start"):
			m.language = rustLanguage
		}
	}
	if m.language != rustLanguage {
		return
	}
	m.crate = strings.ReplaceAll(m.name(), "-", "_")
	for _, one := range m.symbols {
		// Its own crate is the one that has the program's beginning.
		if name, found := strings.CutSuffix(readable(one.name, rustLanguage), "::main"); found && name != "" && !strings.ContainsAny(name, ":<> ") {
			m.crate = name
			return
		}
	}
}

// address is where in the file's own addresses an address of a mapping lies.
func (m *module) address(in mapping, address uint64) (uint64, bool) {
	offset := address - in.start + in.offset
	for _, load := range m.loads {
		if load.Flags&elf.PF_X != 0 && offset >= load.Off && offset < load.Off+load.Filesz {
			return offset - load.Off + load.Vaddr, true
		}
	}
	return 0, false
}

// at are the function at an address of the file and those that it was inlined into, the
// innermost first; none where nobody knows.
func (m *module) at(address uint64) (places []place) {
	if known, ok := m.cache[address]; ok {
		return known
	}
	defer func() {
		if recover() != nil {
			places = nil
		}
		m.cache[address] = places
	}()
	if m.lines != nil {
		if places, err := m.lines.at(address); err == nil && len(places) > 0 {
			for i := range places {
				places[i] = m.named(places[i])
			}
			m.cache[address] = places
			return places
		}
	}
	if m.gotab != nil {
		if file, line, function := m.gotab.PCToLine(address); function != nil {
			start := 0
			if m.goframes != nil {
				start = m.goframes.startLine(address)
			}
			return []place{{function: function.Name, file: file, line: line, start: start}}
		}
	}
	if found, ok := m.symbolAt(address); ok {
		one := m.named(place{function: found.name})
		if m.lines != nil {
			one.file, one.line = m.lines.lineAt(address)
		}
		return []place{one}
	}
	return nil
}

// up is the caller's registers, by what the module tells of the frame at an address of it.
func (m *module) up(address uint64, now registers, stack stackPart) (caller registers, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	switch {
	case m.goframes != nil:
		above, ok := m.goframes.up(address)
		if !ok {
			return registers{}, false
		}
		caller.sp, caller.bp = now.sp+above+8, now.bp
		caller.pc, ok = stack.word(now.sp + above)
		return caller, ok
	case m.frames != nil:
		row, err := m.frames.row(address)
		if err != nil {
			return registers{}, false
		}
		return row.up(now, stack)
	}
	return registers{}, false
}

// named makes a place's function readable.
func (m *module) named(one place) place {
	if m.language == dotnetNative {
		if function, assembly, ok := dotnetNativeName(one.function, m.name()); ok {
			one.function, one.assembly = function, assembly
			return one
		}
	}
	one.function = readable(one.function, m.language)
	return one
}

var errNoUnit = errors.New("no compilation unit")

// debugInfo is DWARF, read where it is asked for.
type debugInfo struct {
	data  *object.DebugData
	units []*unit
	names map[dwarf.Offset]named
	left  debugBounds
}

// debugBounds is what may still be made of debug data, whose parts may be named over and
// over: a list of ranges by each function, a text by each entry.
type debugBounds struct {
	entries, text, ranges, calls, rows int
}

// The server of a large program in Rust has a million entries in the units that are looked
// at, and two million lines of 40 bytes each.
var mostDebug = debugBounds{entries: 16 << 20, text: 256 << 20, ranges: 4 << 20, calls: 4 << 20, rows: 4 << 20}

var errTooMuchDebug = errors.New("more of it than is read")

// unit is what one compilation made.
type unit struct {
	ranges    [][2]uint64
	files     []*dwarf.LineFile
	rows      []lineRow
	functions []function // by address
}

type lineRow struct {
	address uint64
	file    string
	line    int
	end     bool
}

// function is a range of a function's code; one that has several has an entry each.
type function struct {
	low, high uint64
	named
	inlined []inlined
}

// inlined is a range of code of a function that was inlined. Those in it come after it.
type inlined struct {
	ranges [][2]uint64
	named
	depth    int
	callFile string
	callLine int
}

type named struct {
	name, file string
	line       int
}

func newDebugInfo(data *object.DebugData) *debugInfo {
	return &debugInfo{data: data, names: map[dwarf.Offset]named{}, left: mostDebug}
}

// next is the next entry; nil at the end.
func (d *debugInfo) next(reader *dwarf.Reader) (*dwarf.Entry, error) {
	if d.left.entries--; d.left.entries < 0 || d.left.text < 0 {
		return nil, errTooMuchDebug
	}
	entry, err := reader.Next()
	d.left.text -= object.TextIn(entry)
	return entry, err
}

// ranges are an entry's.
func (d *debugInfo) ranges(entry *dwarf.Entry) ([][2]uint64, error) {
	if d.left.ranges < 0 {
		return nil, errTooMuchDebug
	}
	ranges, err := d.data.Ranges(entry)
	d.left.ranges -= len(ranges)
	return ranges, err
}

func in(ranges [][2]uint64, address uint64) bool {
	return slices.ContainsFunc(ranges, func(r [2]uint64) bool { return r[0] <= address && address < r[1] })
}

// unitAt is the unit that made the code at an address.
func (d *debugInfo) unitAt(address uint64) (*unit, error) {
	for _, one := range d.units {
		if in(one.ranges, address) {
			return one, nil
		}
	}
	reader := d.data.Reader()
	entry, err := reader.SeekPC(address)
	if err != nil {
		return nil, err
	}
	if entry == nil {
		return nil, errNoUnit
	}
	one := &unit{}
	if one.ranges, err = d.ranges(entry); err != nil {
		return nil, err
	}
	d.units = append(d.units, one)
	if lines, err := d.data.LineReader(entry); err == nil && lines != nil {
		one.readLines(lines, &d.left.rows)
	}
	d.readFunctions(one, reader)
	return one, nil
}

func (u *unit) readLines(lines *dwarf.LineReader, left *int) {
	var entry dwarf.LineEntry
	for ; *left > 0 && lines.Next(&entry) == nil; *left-- {
		row := lineRow{address: entry.Address, line: entry.Line, end: entry.EndSequence}
		if entry.File != nil {
			row.file = entry.File.Name
		}
		u.rows = append(u.rows, row)
	}
	u.files = lines.Files()
	slices.SortStableFunc(u.rows, func(a, b lineRow) int { return cmp.Compare(a.address, b.address) })
}

func (u *unit) lineAt(address uint64) (string, int) {
	at, _ := slices.BinarySearchFunc(u.rows, address, func(r lineRow, address uint64) int {
		if r.address <= address {
			return -1
		}
		return 1
	})
	if at == 0 || u.rows[at-1].end {
		return "", 0
	}
	return u.rows[at-1].file, u.rows[at-1].line
}

func (d *debugInfo) lineAt(address uint64) (string, int) {
	one, err := d.unitAt(address)
	if err != nil {
		return "", 0
	}
	return one.lineAt(address)
}

// readFunctions reads the functions of the unit whose first entry the reader is behind.
func (d *debugInfo) readFunctions(u *unit, reader *dwarf.Reader) {
	type level struct {
		function int // index of the last one of it, -1: of none
		count    int // how many ranges it has
		depth    int // of inlined functions
	}
	levels := []level{{function: -1}}
	for len(levels) > 0 {
		entry, err := d.next(reader)
		if err != nil || entry == nil {
			break
		}
		if entry.Tag == 0 {
			levels = levels[:len(levels)-1]
			continue
		}
		here := levels[len(levels)-1]
		switch entry.Tag {
		case dwarf.TagCompileUnit, dwarf.TagPartialUnit: // the next one
			levels = nil
			continue
		case dwarf.TagSubprogram:
			here = level{function: -1}
			if ranges, err := d.ranges(entry); err == nil && len(ranges) > 0 {
				name := d.nameOf(entry, u, 0)
				for _, one := range ranges {
					u.functions = append(u.functions, function{low: one[0], high: one[1], named: name})
				}
				here.function, here.count = len(u.functions)-1, len(ranges)
			}
		case dwarf.TagInlinedSubroutine:
			if here.function < 0 {
				break
			}
			ranges, err := d.ranges(entry)
			if err != nil || d.left.calls < here.count {
				break
			}
			d.left.calls -= here.count // a function in parts has them in each
			one := inlined{ranges: ranges, named: d.nameOf(entry, u, 0), depth: here.depth}
			if index, ok := entry.Val(dwarf.AttrCallFile).(int64); ok {
				one.callFile = u.fileName(index)
			}
			if line, ok := entry.Val(dwarf.AttrCallLine).(int64); ok {
				one.callLine = int(line)
			}
			for i := range here.count {
				u.functions[here.function-i].inlined = append(u.functions[here.function-i].inlined, one)
			}
			here.depth++
		}
		if entry.Children {
			levels = append(levels, here)
		}
	}
	slices.SortStableFunc(u.functions, func(a, b function) int { return cmp.Compare(a.low, b.low) })
}

func (u *unit) fileName(index int64) string {
	if index < 0 || index >= int64(len(u.files)) || u.files[index] == nil {
		return ""
	}
	return u.files[index].Name
}

// nameOf is a function's name and where it is declared, from the entry that it is an
// instance of, if it is one.
func (d *debugInfo) nameOf(entry *dwarf.Entry, u *unit, hops int) named {
	if known, ok := d.names[entry.Offset]; ok {
		return known
	}
	var own named
	if name, ok := entry.Val(dwarf.AttrLinkageName).(string); ok {
		own.name = name
	} else if name, ok := entry.Val(dwarf.AttrName).(string); ok {
		own.name = name
	}
	if index, ok := entry.Val(dwarf.AttrDeclFile).(int64); ok {
		own.file = u.fileName(index)
	}
	if line, ok := entry.Val(dwarf.AttrDeclLine).(int64); ok {
		own.line = int(line)
	}
	for _, attribute := range []dwarf.Attr{dwarf.AttrAbstractOrigin, dwarf.AttrSpecification} {
		offset, ok := entry.Val(attribute).(dwarf.Offset)
		if !ok || hops > 8 {
			continue
		}
		reader := d.data.Reader()
		reader.Seek(offset)
		if origin, err := d.next(reader); err == nil && origin != nil {
			from := d.nameOf(origin, u, hops+1)
			own.name, own.file, own.line = cmp.Or(own.name, from.name), cmp.Or(own.file, from.file), cmp.Or(own.line, from.line)
			if linkage, ok := origin.Val(dwarf.AttrLinkageName).(string); ok {
				own.name = linkage
			}
		}
	}
	d.names[entry.Offset] = own
	return own
}

// at are the function at an address and those that it was inlined into.
func (d *debugInfo) at(address uint64) ([]place, error) {
	one, err := d.unitAt(address)
	if err != nil {
		return nil, err
	}
	at, _ := slices.BinarySearchFunc(one.functions, address, func(f function, address uint64) int {
		if f.low <= address {
			return -1
		}
		return 1
	})
	if at == 0 || address >= one.functions[at-1].high || one.functions[at-1].name == "" {
		return nil, fmt.Errorf("no function at %#x", address)
	}
	outer := one.functions[at-1]
	places := []place{{function: outer.name, file: outer.file, start: outer.line}}
	for _, call := range outer.inlined {
		// One that is as deep as those found so far, and holds the address, is the next inner.
		if call.depth == len(places)-1 && in(call.ranges, address) && call.name != "" {
			last := &places[len(places)-1]
			last.file, last.line = cmp.Or(call.callFile, last.file), call.callLine
			places = append(places, place{function: call.name, file: call.file, start: call.line})
		}
	}
	if file, line := one.lineAt(address); file != "" {
		last := &places[len(places)-1]
		last.file, last.line = file, line
	}
	slices.Reverse(places)
	return places, nil
}
