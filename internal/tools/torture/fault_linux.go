package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// What must hold after each fault.
const (
	mostTime   = 30 * time.Second
	mostMemory = 200 << 20 // bytes, of what reads files from outside
)

func main() {
	if role := os.Getenv(roleVariable); role != "" {
		play(role, os.Args[1])
	}
	t := torture{counts: map[string]*outcome{}}
	flag.StringVar(&t.program, "benchtui", "./benchtui", "the program to try them on")
	flag.BoolVar(&t.short, "short", false, "a few of each kind, in about a minute")
	seed := flag.Uint64("seed", 1, "of what is left to chance")
	soak := flag.Duration("soak", 0, "instead, load a server at a constant rate for so long")
	flag.Parse()
	t.chance = rand.New(rand.NewPCG(*seed, *seed))
	var err error
	if t.program, err = filepath.Abs(t.program); err == nil {
		t.folder, err = os.MkdirTemp("", "torture")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	good := false
	if *soak > 0 {
		good = t.soak(*soak)
	} else {
		began := time.Now()
		t.servers()
		t.signals()
		t.machine()
		t.files()
		good = t.table(time.Since(began))
	}
	os.RemoveAll(t.folder)
	if !good {
		os.Exit(1)
	}
}

type torture struct {
	program, folder string
	short           bool
	chance          *rand.Rand
	order           []string
	counts          map[string]*outcome
	tries           int
}

// outcome is what came of a fault.
type outcome struct {
	tried    int
	codes    map[int]int
	longest  time.Duration
	memory   int64 // bytes, at most
	troubles []string
}

// try is one start of the program.
type try struct {
	args    []string
	env     []string
	prepare func(*exec.Cmd)
	meddle  func(*exec.Cmd) // after the start
	memory  int64           // bytes that it may take; 0: as many as it likes
	traced  bool            // a trace is what was asked for
	codes   []int           // that it may end with; nil: 0, 1, 2 and 130
}

var (
	trace  = regexp.MustCompile(`(?m)^(panic: |fatal error: |goroutine \d+ \[)`)
	escape = regexp.MustCompile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\u009b|\u009d|[\u202a-\u202e\u2066-\u2069]")
)

func (t *torture) run(fault string, one try) {
	o := t.counts[fault]
	if o == nil {
		o = &outcome{codes: map[int]int{}}
		t.counts[fault], t.order = o, append(t.order, fault)
	}
	o.tried++
	t.tries++
	mark := fmt.Sprintf("TORTURE=%d-%d", os.Getpid(), t.tries)
	cmd := exec.Command(t.program, one.args...)
	cmd.Env = append(append(os.Environ(), mark, "XDG_DATA_HOME="+filepath.Join(t.folder, "data")), one.env...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if one.prepare != nil {
		one.prepare(cmd)
	}
	trouble := func(format string, args ...any) {
		o.troubles = append(o.troubles, fmt.Sprintf(format, args...)+": "+strings.Join(one.args, " "))
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		trouble("it does not start: %v", err)
		return
	}
	if one.meddle != nil {
		go one.meddle(cmd)
	}
	hung := time.AfterFunc(mostTime, func() { _ = cmd.Process.Signal(syscall.SIGQUIT); time.Sleep(time.Second); _ = cmd.Process.Kill() })
	_ = cmd.Wait()
	took := time.Since(began)
	if !hung.Stop() {
		trouble("it had not ended after %s", mostTime)
	}
	o.longest = max(o.longest, took)
	code := cmd.ProcessState.ExitCode()
	o.codes[code]++
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		most := int64(usage.Maxrss) << 10 // 32 bits wide on some
		o.memory = max(o.memory, most)
		if one.memory > 0 && most > one.memory {
			trouble("it took %d MB", usage.Maxrss>>10)
		}
	}
	allowed := one.codes
	if allowed == nil {
		allowed = []int{0, 1, 2, 3, 130}
	}
	if !slices.Contains(allowed, code) {
		trouble("exit code %d", code)
	}
	if found := trace.Find(said.Bytes()); found != nil && !one.traced {
		trouble("it printed a trace: %.300s", said.Bytes()[bytes.Index(said.Bytes(), found):])
	}
	if found := escape.Find(said.Bytes()); found != nil && !one.traced {
		trouble("it printed %q", found)
	}
	for until := time.Now().Add(8 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		left := leftBy(mark)
		if len(left) == 0 {
			break
		}
		if time.Now().After(until) {
			trouble("%d processes are left", len(left))
			for _, pid := range left {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			break
		}
	}
}

// leftBy are the processes that carry the mark and are no zombies.
func leftBy(mark string) (pids []int) {
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range all {
		text, err := os.ReadFile(path)
		if err != nil || !slices.Contains(strings.Split(string(text), "\x00"), mark) {
			continue
		}
		var pid int
		_, _ = fmt.Sscanf(path, "/proc/%d/environ", &pid)
		pids = append(pids, pid)
	}
	return pids
}

// table prints what came of all, and says whether all is well.
func (t *torture) table(took time.Duration) bool {
	fmt.Printf("%-44s %5s  %-22s %8s %7s  %s\n", "fault", "tried", "exit codes", "longest", "MB", "outcome")
	well := true
	for _, fault := range t.order {
		o := t.counts[fault]
		var codes []string
		for _, code := range slices.Sorted(maps.Keys(o.codes)) {
			codes = append(codes, fmt.Sprintf("%d×%d", code, o.codes[code]))
		}
		outcome := "survived"
		if len(o.troubles) > 0 {
			outcome, well = fmt.Sprintf("FAILED %d times", len(o.troubles)), false
		}
		fmt.Printf("%-44s %5d  %-22s %7.1fs %7d  %s\n", fault, o.tried, strings.Join(codes, " "), o.longest.Seconds(), o.memory>>20, outcome)
		for i, trouble := range o.troubles {
			if i < 3 {
				fmt.Printf("    %.500s\n", trouble)
			}
		}
	}
	fmt.Printf("%d faults, %d tries in %s\n", len(t.order), t.tries, took.Round(time.Second))
	return well
}

// serverOf is the flags for a server that misbehaves.
func serverOf(role string) []string {
	return []string{"run", "--cmd", fmt.Sprintf("mine=sh -c \"exec env '%s=%s' '%s' {port}\"", roleVariable, role, os.Args[0]), "--start-timeout", "3s", "--timeout", "1s", "--warmup", "0s", "--no-record"}
}

// pick leaves some out of a short run, others each time.
func (t *torture) pick(all []string, some int) []string {
	if !t.short {
		return all
	}
	all = slices.Clone(all)
	t.chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(some, len(all))]
}

// servers misbehave.
func (t *torture) servers() {
	roles := append(slices.Sorted(maps.Keys(replies)), behaviours...)
	for _, role := range t.pick(roles, 10) {
		loads := [][]string{
			{"-w", "steady", "-c", "8", "-z", "500ms", "--plain", "--check-body", "ok"},
			{"-w", "rate", "-q", "200", "-c", "8", "-z", "500ms", "--quiet", "--http2"},
			{"-w", "burst", "--users", "50", "--ramp", "300ms", "--repeat", "2", "--plain", "--json", "-"},
		}
		if t.short {
			loads = loads[:1]
		}
		for _, load := range loads {
			t.run("server: "+role, try{args: append(serverOf(role), load...)})
		}
	}
}

// signals come in every phase: at moments that chance picks in a run of about a second.
func (t *torture) signals() {
	times := 6
	if t.short {
		times = 1
	}
	for _, one := range []struct {
		name   string
		signal syscall.Signal
		codes  []int
	}{
		{"INT", syscall.SIGINT, nil}, {"TERM", syscall.SIGTERM, []int{0, 130, -1}}, {"HUP", syscall.SIGHUP, []int{0, 130, -1}},
		{"QUIT", syscall.SIGQUIT, []int{0, 2}}, {"KILL", syscall.SIGKILL, []int{0, -1}}, {"STOP and CONT", syscall.SIGSTOP, nil}, {"INT twice", syscall.SIGINT, []int{0, 1, 130, -1}},
	} {
		for range times {
			after := time.Duration(t.chance.IntN(1600)) * time.Millisecond
			meddle := func(cmd *exec.Cmd) {
				time.Sleep(after)
				_ = cmd.Process.Signal(one.signal)
				switch one.name {
				case "STOP and CONT":
					time.Sleep(300 * time.Millisecond)
					_ = cmd.Process.Signal(syscall.SIGCONT)
				case "INT twice":
					time.Sleep(50 * time.Millisecond)
					_ = cmd.Process.Signal(one.signal)
				}
			}
			codes := one.codes
			if codes == nil {
				codes = []int{0, 130, -1} // -1: before it could take the signal
			}
			t.run("signal: "+one.name, try{
				args:   append(serverOf("ignores SIGTERM"), "-w", "steady", "-c", "4", "-z", "600ms", "--plain"),
				meddle: meddle, codes: codes, traced: one.signal == syscall.SIGQUIT,
			})
		}
	}
}

// machine lacks something.
func (t *torture) machine() {
	load := []string{"-w", "steady", "-c", "8", "-z", "300ms", "--plain"}
	shell := func(before string) func(*exec.Cmd) {
		return func(cmd *exec.Cmd) {
			args := append([]string{"sh", "-c", before + `; exec "$@"`, "sh"}, append([]string{cmd.Path}, cmd.Args[1:]...)...)
			cmd.Args, cmd.Path = args, "/bin/sh"
		}
	}
	gone := filepath.Join(t.folder, "gone")
	all := map[string]try{
		"machine: 40 descriptors":            {prepare: shell("ulimit -n 40")},
		"machine: 64 descriptors, 500 users": {prepare: shell("ulimit -n 64"), args: []string{"-w", "burst", "--users", "500", "--ramp", "100ms", "--repeat", "1", "--plain"}},
		"machine: one core":                  {prepare: shell("taskset -p 1 $$ >/dev/null")},
		"machine: no HOME, no TMPDIR":        {env: []string{"HOME=/nonexistent", "TMPDIR=/nonexistent", "XDG_CACHE_HOME=/nonexistent", "XDG_DATA_HOME=/nonexistent"}},
		"machine: relative folders":          {env: []string{"HOME=.", "TMPDIR=.", "XDG_CACHE_HOME=x", "XDG_DATA_HOME=y"}},
		"machine: TERM dumb, no UTF-8":       {env: []string{"TERM=dumb", "LC_ALL=C"}},
		"machine: no TERM":                   {env: []string{"TERM="}},
		"machine: the working directory is gone": {prepare: func(cmd *exec.Cmd) {
			_ = os.Mkdir(gone, 0o755)
			cmd.Dir = gone
		}, meddle: func(*exec.Cmd) { _ = os.RemoveAll(gone) }},
		"machine: stdout is full": {prepare: func(cmd *exec.Cmd) { cmd.Stdout, _ = os.OpenFile("/dev/full", os.O_WRONLY, 0) }},
		"machine: stdout is closed": {prepare: func(cmd *exec.Cmd) {
			read, write, err := os.Pipe()
			if err == nil {
				read.Close()
				cmd.Stdout = write
			}
		}},
		"machine: report and recording on a full disk": {args: append(load[:len(load):len(load)], "--json", "/dev/full", "--csv", "/dev/full2/x")},
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		one := all[name]
		if t.short && t.chance.IntN(2) == 0 {
			continue
		}
		args := one.args
		if args == nil {
			args = load
		}
		one.args = append(serverOf("well"), args...)
		t.run(name, one)
	}
}

// files come from outside: recordings, results, manifests, bodies.
func (t *torture) files() {
	recording, result := filepath.Join(t.folder, "good.btr"), filepath.Join(t.folder, "good.json")
	args := slices.DeleteFunc(serverOf("well"), func(arg string) bool { return arg == "--no-record" })
	t.run("files: none is spoiled", try{args: append(args, "-w", "steady", "-c", "2", "-z", "400ms", "--quiet", "--record", recording, "--json", result), codes: []int{0}})
	times := 60
	if t.short {
		times = 4
	}
	for _, kind := range []struct {
		name, path string
		zipped     bool
	}{{"files: recording, bytes changed", recording, false}, {"files: recording, text changed", recording, true}, {"files: result, text changed", result, false}} {
		text, err := os.ReadFile(kind.path)
		if err != nil {
			continue
		}
		if kind.zipped {
			if from, err := gzip.NewReader(bytes.NewReader(text)); err == nil {
				var plain bytes.Buffer
				_, _ = plain.ReadFrom(from)
				text = plain.Bytes()
			}
		}
		for range times {
			spoiled := t.spoil(text)
			if kind.zipped {
				var zipped bytes.Buffer
				zip := gzip.NewWriter(&zipped)
				_, _ = zip.Write(spoiled)
				zip.Close()
				spoiled = zipped.Bytes()
			}
			path := filepath.Join(t.folder, "spoiled"+filepath.Ext(kind.path))
			_ = os.WriteFile(path, spoiled, 0o644)
			for _, args := range [][]string{{"replay", path, "--plain", "--speed", "1000"}, {"report", path, "--md", "-", "--csv", filepath.Join(t.folder, "o.csv")}, {"compare", path, kind.path}}[:3-2*t.chance.IntN(2)] {
				t.run(kind.name, try{args: args, memory: mostMemory})
			}
		}
	}
	manifest := func(name, text string) {
		path := filepath.Join(t.folder, "contender.yaml")
		_ = os.WriteFile(path, []byte(text), 0o644)
		t.run("files: manifest, "+name, try{args: []string{"run", path, "--no-record", "-z", "100ms", "-w", "steady", "--plain"}, memory: mostMemory})
	}
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
	}
	manifest("aliases that multiply", bomb)
	manifest("nested 200,000 deep", "id: "+strings.Repeat("[", 200_000))
	manifest("a key twice", "id: mine\nid: yours\nname: x\n")
	manifest("NaN and what is no number", "id: mine\nname: x\nready: {status: .nan}\n")
	manifest("a path out of its folder", "id: mine\nname: x\nlanguage: x\nrun: {command: [\"../../../../bin/true\"]}\nsource: ../../../etc\n")
	manifest("escape sequences", "id: mine\nname: \"\\e[2J\\e]0;X\\a\"\nbad: \"\\e[31m\"\n")
	var huge bytes.Buffer
	zip := gzip.NewWriter(&huge)
	for range 40 {
		_, _ = zip.Write(bytes.Repeat([]byte("{\"a\":["), 1<<20))
	}
	zip.Close()
	path := filepath.Join(t.folder, "bomb.btr")
	_ = os.WriteFile(path, huge.Bytes(), 0o644)
	t.run("files: recording, a gzip bomb", try{args: []string{"replay", path, "--plain"}, memory: mostMemory})
	link := filepath.Join(t.folder, "loop")
	_ = os.Symlink(link, link)
	t.run("files: a link to itself", try{args: []string{"replay", link, "--plain"}, memory: mostMemory})
	t.run("files: a body that never ends", try{args: append(serverOf("well"), "-D", "/dev/zero", "-z", "100ms", "-w", "steady", "--plain"), memory: mostMemory, codes: []int{2}})
}

// spoil changes, takes away, doubles and inserts at places that chance picks.
func (t *torture) spoil(text []byte) []byte {
	text = slices.Clone(text)
	inserts := []string{hostile, "\x00", "NaN", "1e999", "-1", "9223372036854775808", "{", "[[[[[[[[", "\"", "null", "\xff\xfe", "../../../../etc/passwd", "18446744073709551615"}
	for range 1 + t.chance.IntN(8) {
		if len(text) == 0 {
			return text
		}
		at := t.chance.IntN(len(text))
		end := min(len(text), at+1+t.chance.IntN(64))
		switch t.chance.IntN(5) {
		case 0:
			text[at] ^= byte(1 << t.chance.IntN(8))
		case 1:
			text = slices.Delete(text, at, end)
		case 2:
			text = slices.Insert(text, at, text[at:end]...)
		case 3:
			text = slices.Insert(text, at, []byte(inserts[t.chance.IntN(len(inserts))])...)
		case 4:
			if t.chance.IntN(4) == 0 {
				text = text[:at]
			}
		}
	}
	return text
}
