package profile

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/foreign"
	prof "github.com/benchtui/benchtui/internal/profile"
)

// profile looks up the names of all that was seen.
func (s *sampling) profile() *prof.Profile {
	r := resolver{sampling: s, jit: map[int][]jitSymbol{}, threads: map[thread]int{}, frames: map[placeKey][]int{}, programs: map[int]string{}}
	if s.kernel {
		r.kernel = readKernelSymbols()
		if r.kernel == nil {
			s.note(prof.Note{Lacks: "the names of the kernel's functions (kernel.kptr_restrict)", Fix: "sudo sysctl kernel.kptr_restrict=0"})
		}
	}
	for _, pid := range s.order {
		one := s.processes[pid]
		one.look()
		r.jit[pid] = one.jitted()
		r.programs[pid] = programOf(one.command)
		r.build.Process(prof.Process{PID: pid, Name: foreign.Line(one.name)})
	}
	if s.ended {
		s.note(prof.Note{Lacks: fmt.Sprintf("the last %s of %s: the server ended", (s.target.Duration - s.took).Round(time.Millisecond), s.target.Duration)})
	}
	keys := make([]string, 0, len(s.stacks))
	for key := range s.stacks {
		keys = append(keys, key)
	}
	slices.Sort(keys) // so that the same samples make the same profile
	each := period(s.target.Hz)
	for _, key := range keys {
		r.add([]byte(key), s.stacks[key], each)
	}
	if !s.kernel {
		r.addKernel(each)
	}
	r.tellMissing()
	for _, note := range s.notes {
		r.build.Note(note)
	}
	return r.build.Profile(prof.Profile{Source: outsideSource, Start: s.target.Start, Duration: s.took, Period: each, Lost: s.lost})
}

// resolver turns addresses into frames.
type resolver struct {
	*sampling
	build    prof.Builder
	threads  map[thread]int
	jit      map[int][]jitSymbol
	programs map[int]string
	kernel   []kernelSymbol
	frames   map[placeKey][]int
	chain    []int
	user     []uint64

	nameless map[*module]int // samples whose leaf was in a stripped module
	alone    map[*module]int // samples in which a program's function had no caller
	leaves   map[*module]int // samples whose leaf was in it
	jitted   int             // samples in code that a runtime made and told nobody of
}

type placeKey struct {
	pid     int
	address uint64
}

func (r *resolver) thread(t thread) int {
	if index, known := r.threads[t]; known {
		return index
	}
	name := ""
	if comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/comm", t.pid, t.tid)); err == nil {
		name = foreign.Line(strings.TrimSpace(string(comm)))
	}
	index := r.build.Thread(prof.Thread{PID: t.pid, ID: t.tid, Name: name})
	r.threads[t] = index
	return index
}

// add adds the samples of a stack.
func (r *resolver) add(key []byte, count int, each time.Duration) {
	of := thread{int(nativeUint32(key)), int(nativeUint32(key[4:]))}
	number := nativeUint64(key[8:])
	chain, stack := key[16:16+8*number], key[16+8*number:]
	process := r.processes[of.pid]
	r.chain = r.chain[:0]
	inKernel := false
	r.user = r.user[:0]
	for rest := chain; len(rest) >= 8; rest = rest[8:] {
		address := nativeUint64(rest)
		switch {
		case address >= lowestMark:
			inKernel = address == kernelMark
		case inKernel:
			r.chain = append(r.chain, r.kernelFrame(address)...)
		default:
			r.user = append(r.user, address)
		}
	}
	r.unwind(process, stack)
	reached := 0
	for i, address := range r.user {
		// But for the leaf an address is where the call returns to: the call stands before it.
		look := address
		if i > 0 {
			look--
		}
		frames, ok := r.userFrames(process, look)
		if !ok {
			break // no code is there: the frame pointer was something else
		}
		reached++
		r.chain = append(r.chain, frames...)
	}
	if reached > 0 {
		r.leaf(process, r.user[0], count)
	}
	if reached == 1 {
		if m := r.moduleOf(process, r.user[0]); m != nil {
			tally(&r.alone, m, count)
		}
	}
	if len(r.chain) == 0 {
		r.chain = append(r.chain, r.build.Frame(prof.Frame{Function: "[unknown]"}))
	}
	r.build.Add(prof.Sample{Stack: r.chain, Thread: r.thread(of), Count: count, Weight: time.Duration(count) * each})
}

const deepest = 512 // steps up a stack

// unwind completes a chain of frame pointers by what modules tell of their frames, as far
// as the part of the stack reaches that came with the sample.
func (r *resolver) unwind(process *process, sample []byte) {
	if len(sample) < 3*8 || len(r.user) == 0 || process == nil {
		return
	}
	now := registers{bp: nativeUint64(sample), sp: nativeUint64(sample[8:]), pc: nativeUint64(sample[16:])}
	stack := stackPart{begin: now.sp, data: sample[24:]}
	if now.pc != r.user[0] {
		return
	}
	var steps []uint64
	for len(steps) < deepest {
		look := now.pc
		if len(steps) > 0 {
			look--
		}
		found, ok := process.mappingOf(look)
		if !ok || found.module == nil {
			break
		}
		if _, made := jitAt(r.jit[process.pid], look); made {
			break
		}
		found.module.parse()
		address, ok := found.module.address(found, look)
		if !ok {
			break
		}
		caller, ok := found.module.up(address, now, stack)
		if !ok {
			break
		}
		if into, ok := process.mappingOf(caller.pc - 1); !ok || into.module == nil && into.path != "" {
			break
		}
		// Where the chain has it, too, the chain goes on: frame pointers reach further.
		if at := slices.Index(r.user[1:], caller.pc); at >= 0 {
			rest := slices.Clone(r.user[1+at:])
			r.user = append(append(r.user[:1], steps...), rest...)
			return
		}
		steps = append(steps, caller.pc)
		now = caller
	}
	switch {
	case len(steps) == 0:
	case process.frameless:
		r.user = append(r.user[:1], steps...)
	default: // a function without a frame: its caller is what the chain lacks
		r.user = slices.Insert(r.user, 1, steps[0])
	}
}

func tally(counts *map[*module]int, m *module, count int) {
	if *counts == nil {
		*counts = map[*module]int{}
	}
	(*counts)[m] += count
}

func (r *resolver) moduleOf(process *process, address uint64) *module {
	if process == nil {
		return nil
	}
	found, _ := process.mappingOf(address)
	return found.module
}

// leaf counts what was seen in code whose names nobody told.
func (r *resolver) leaf(process *process, address uint64, count int) {
	found, _ := process.mappingOf(address)
	if _, known := jitAt(r.jit[process.pid], address); known {
		return
	}
	if found.module == nil {
		if !strings.HasPrefix(found.path, "[") {
			r.jitted += count
		}
		return
	}
	tally(&r.leaves, found.module, count)
	if found.module.parse(); found.module.bare {
		tally(&r.nameless, found.module, count)
	}
}

// userFrames are the frames at an address of a process, the innermost first; none if no
// code is there.
func (r *resolver) userFrames(process *process, address uint64) ([]int, bool) {
	if process == nil {
		return nil, false
	}
	key := placeKey{process.pid, address}
	if known, ok := r.frames[key]; ok {
		return known, known != nil
	}
	frames := r.lookUp(process, address)
	r.frames[key] = frames
	return frames, frames != nil
}

func (r *resolver) lookUp(process *process, address uint64) []int {
	program := r.programs[process.pid]
	// What a runtime told comes before files: its code may lie in a mapped one.
	if name, ok := jitAt(r.jit[process.pid], address); ok {
		one, module, ofRuntime := jitPlace(name)
		return []int{r.frame(one, cmp.Or(module, "JIT"), jitKind(one, module, program, ofRuntime))}
	}
	found, ok := process.mappingOf(address)
	if !ok {
		return nil
	}
	m := found.module
	if m == nil {
		switch {
		case found.path == "[vdso]", found.path == "[vsyscall]":
			return []int{r.frame(place{function: found.path}, found.path, prof.Kernel)}
		}
		return []int{r.frame(place{function: "[code made while it ran]"}, "JIT", prof.Unknown)}
	}
	m.parse()
	if m.loads == nil && m.file == nil && strings.HasPrefix(m.path, "/memfd:") {
		return []int{r.frame(place{function: "[code made while it ran]"}, "JIT", prof.Unknown)}
	}
	var places []place
	if inFile, ok := m.address(found, address); ok {
		places = m.at(inFile)
	}
	if len(places) == 0 { // code without a name: of its file is all that can be said
		one := place{function: "[" + m.name() + "]"}
		kind := kindOf(m, one)
		if strings.HasSuffix(m.path, ".dll") {
			kind = dotnetKind(strings.TrimSuffix(m.name(), ".dll"), program)
		} else if kind == prof.Own && !m.bare {
			kind = prof.Unknown
		}
		return []int{r.frame(one, m.name(), kind)}
	}
	frames := make([]int, 0, len(places))
	for _, one := range places {
		frames = append(frames, r.frame(one, cmp.Or(one.assembly, m.name()), kindOf(m, one)))
	}
	return frames
}

const longestName = 400 // characters: templates make some of thousands

func (r *resolver) frame(one place, module string, kind prof.Kind) int {
	name := foreign.Line(one.function)
	if runes := []rune(name); len(runes) > longestName {
		name = string(runes[:longestName]) + "…"
	}
	return r.build.Frame(prof.Frame{Function: name, File: foreign.Line(one.file), Line: max(0, one.line), Start: max(0, one.start), Column: max(0, one.column),
		Module: foreign.Line(module), Kind: kind})
}

// addKernel adds the time in which the kernel counted a thread and was not seen in its
// program: it was in the kernel, which tells no more than that.
func (r *resolver) addKernel(each time.Duration) {
	frame := -1
	threads := make([]thread, 0, len(r.spent))
	for thread := range r.spent {
		threads = append(threads, thread)
	}
	slices.SortFunc(threads, func(a, b thread) int { return cmp.Or(cmp.Compare(a.pid, b.pid), cmp.Compare(a.tid, b.tid)) })
	for _, thread := range threads {
		spent := r.spent[thread]
		rest := spent.counted - time.Duration(spent.samples)*each
		count := int(rest / each)
		if count < 1 {
			continue
		}
		if frame < 0 {
			frame = r.build.Frame(prof.Frame{Function: "[kernel]", Module: "kernel", Kind: prof.Kernel})
		}
		r.build.Add(prof.Sample{Stack: []int{frame}, Thread: r.thread(thread), Count: count, Weight: time.Duration(count) * each})
	}
}

// worthTelling is the share of samples from which on something that is missing is told.
const worthTelling = 0.05

// tellMissing says which names and callers could not be had, and how to have them.
func (r *resolver) tellMissing() {
	all := 0
	for _, count := range r.stacks {
		all += count
	}
	most := func(counts map[*module]int) []*module {
		var list []*module
		for m, count := range counts {
			if float64(count) >= worthTelling*float64(all) {
				list = append(list, m)
			}
		}
		slices.SortFunc(list, func(a, b *module) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.path, b.path)) })
		return list
	}
	for _, m := range most(r.nameless) {
		if !m.main || interpreter(m.name()) {
			continue // a system's library, or an interpreter: little of it is the server's
		}
		what := m.name() + " is stripped: its functions have no names"
		switch {
		case m.file == nil:
			r.note(prof.Note{Lacks: "the names of functions: " + m.path + " could not be read"})
		default:
			r.note(prof.Note{Lacks: what, Fix: "build it without strip: no -s for the linker, strip = false in Cargo.toml, StripSymbols=false for .NET"})
		}
	}
	for _, m := range most(r.leaves) {
		if m.partly {
			r.note(prof.Note{Lacks: "lines and inlined functions of " + m.name() + ": it holds more debug data than is read"})
		}
	}
	for _, m := range most(r.alone) {
		if m.main && 2*r.alone[m] > r.leaves[m] && m.language != goLanguage {
			fix := "build it with -fno-omit-frame-pointer"
			if m.language == rustLanguage {
				fix = "RUSTFLAGS='-C force-frame-pointers=yes' cargo build --release"
			}
			r.note(prof.Note{Lacks: "who called what in " + m.name() + ": it has no frame pointers", Fix: fix})
		}
	}
	r.tellInterpreters(worthTelling * float64(all))
	if float64(r.jitted) >= worthTelling*float64(all) && r.jitted > 0 {
		r.note(prof.Note{Lacks: lacksJIT, Fix: r.jitFix()})
	}
}

// tellInterpreters says of runtimes that were seen at work, in at least so many samples, and
// tell nothing of what they run, that it has no names here.
func (r *resolver) tellInterpreters(least float64) {
	samples := map[string]int{} // by runtime
	fixes := map[string]string{}
	busiest := map[string]int{} // the process with most of them
	most := map[string]int{}
	for _, pid := range r.order {
		for _, m := range r.processes[pid].files {
			if m == nil || r.leaves[m] == 0 {
				continue
			}
			runtime, fix := interpreted(m.name())
			samples[runtime] += r.leaves[m]
			fixes[runtime] = fix
			if r.leaves[m] > most[runtime] {
				busiest[runtime], most[runtime] = pid, r.leaves[m]
			}
		}
	}
	delete(samples, "")
	for _, runtime := range slices.Sorted(maps.Keys(samples)) {
		if float64(samples[runtime]) < least {
			continue
		}
		note := prof.Note{Lacks: "the functions of the server's own code: " + runtime + " runs it, and only its own functions are seen", Fix: fixes[runtime]}
		if strings.Contains(note.Fix, "%d") {
			note.Fix = fmt.Sprintf(note.Fix, busiest[runtime])
		}
		r.note(note)
	}
}

// jitFix is how the runtime is asked to tell of its code.
func (r *resolver) jitFix() string {
	for _, pid := range r.order {
		p := r.processes[pid]
		name := strings.ToLower(p.exe)
		switch {
		case strings.HasSuffix(name, "/java"):
			return "jcmd " + strconv.Itoa(pid) + " Compiler.perfmap"
		case strings.HasSuffix(name, "/node") && r.target.NodeNames != "":
			return r.target.NodeNames
		case strings.HasSuffix(name, "/node"):
			return "node --perf-basic-prof-only-functions …"
		case strings.HasSuffix(name, "/deno"):
			return "deno run --v8-flags=--perf-basic-prof-only-functions …"
		case strings.HasSuffix(name, "/beam.smp"):
			return "ERL_FLAGS='+JPperf true' in the server's environment"
		case strings.HasSuffix(name, "/dotnet"), slices.ContainsFunc(p.maps, func(m mapping) bool { return strings.HasSuffix(m.path, "/libcoreclr.so") }):
			return "DOTNET_PerfMapEnabled=1 in the server's environment"
		case strings.Contains(name, "/python"):
			return "python -X perf …"
		}
	}
	return ""
}

// kernelSymbol is a function of the kernel.
type kernelSymbol struct {
	start uint64
	name  string
}

// readKernelSymbols is nil where the kernel does not tell where its functions are.
func readKernelSymbols() []kernelSymbol {
	f, err := os.Open("/proc/kallsyms")
	if err != nil {
		return nil
	}
	defer f.Close()
	var symbols []kernelSymbol
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 3 || fields[1] != "t" && fields[1] != "T" && fields[1] != "w" && fields[1] != "W" {
			continue
		}
		start, err := strconv.ParseUint(fields[0], 16, 64)
		if err != nil || start == 0 {
			continue
		}
		symbols = append(symbols, kernelSymbol{start, fields[2]})
	}
	slices.SortStableFunc(symbols, func(a, b kernelSymbol) int { return cmp.Compare(a.start, b.start) })
	return symbols
}

// kernelFrame is the function of the kernel at an address; without names one frame stands
// for all of it.
func (r *resolver) kernelFrame(address uint64) []int {
	at, exact := slices.BinarySearchFunc(r.kernel, address, func(s kernelSymbol, address uint64) int { return cmp.Compare(s.start, address) })
	if !exact {
		at--
	}
	if at < 0 {
		frame := r.build.Frame(prof.Frame{Function: "[kernel]", Module: "kernel", Kind: prof.Kernel})
		if len(r.chain) > 0 && r.chain[len(r.chain)-1] == frame {
			return nil
		}
		return []int{frame}
	}
	return []int{r.build.Frame(prof.Frame{Function: r.kernel[at].name, Module: "kernel", Kind: prof.Kernel})}
}
