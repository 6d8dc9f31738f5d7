package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// secret stands in a file that no text of another file may lead to.
const (
	secret = "what-nobody-may-read"
	hidden = "hidden.txt"
)

// ofFile is a try of something that reads a file from outside.
func ofFile(what string, args ...string) try {
	return try{what: what, args: args, most: mostOfFile, memory: mostMemory, complain: func(said string) string {
		if strings.Contains(said, secret) {
			return "it tells of a file outside of its folder"
		}
		return ""
	}}
}

func fileFaults() []fault {
	return []fault{
		{name: "files: none is spoiled", noun: "recording", try: func(r *row) {
			demo := r.recording()
			for _, args := range readers(r, demo, r.path("good.json")) {
				one := ofFile("", args...)
				one.codes = []int{0}
				if slices.Contains(args, "--profile") {
					one.codes = []int{1} // none was taken
				}
				r.run(one)
			}
		}},
		{name: "files: recording, bytes changed", noun: "recording", try: func(r *row) { spoiledFiles(r, r.recording(), false) }},
		{name: "files: recording, text changed", noun: "recording", try: func(r *row) { spoiledFiles(r, r.recording(), true) }},
		{name: "files: recording, JSON changed", noun: "recording", try: changedEvents},
		{name: "files: result, text changed", noun: "result", try: func(r *row) {
			r.recording()
			spoiledFiles(r, r.path("good.json"), false)
		}},
		{name: "files: recording, a gzip bomb", noun: "gzip bomb", try: func(r *row) {
			for _, text := range []string{"{\"a\":[", "\n", "x", " ", "{\"kind\":\"log\",\"body\":{\"line\":\"x\"}}\n"} {
				r.read("bomb.btr", zipped(func(zip *gzip.Writer) {
					for range 100 {
						_, _ = zip.Write(bytes.Repeat([]byte(text), 1<<20/len(text)))
					}
				}))
			}
		}},
		{name: "files: recording, millions of small events", noun: "recording", long: true, alone: true, try: func(r *row) {
			good, _ := os.ReadFile(r.recording())
			begin := bytes.Join(bytes.SplitAfterN(unzipped(good), []byte("\n"), 3)[:2], nil)
			kinds := []string{"load", "process", "event_loop", "runtime", "log", "build_output", "phase", "finding", "notice", "ready", "search_step", "build_done", "contender_started", "round_done", "rate_fixed", "contender_done", "profile"}
			for _, kind := range []string{"log", "process", ""} {
				r.read("millions.btr", zipped(func(zip *gzip.Writer) {
					_, _ = zip.Write(begin)
					buffered := bufio.NewWriterSize(zip, 1<<20)
					for i := range r.times(3_000_000) {
						one := kind
						if kind == "" { // of each, and their names are all different
							one = kinds[i%len(kinds)]
						}
						fmt.Fprintf(buffered, "{\"seq\":%d,\"at_ns\":%d,\"contender\":\"mine\",\"kind\":%q,\"body\":{\"line\":\"x\",\"finding\":{\"ID\":\"%d\"}}}\n", i, i*1000, one, i)
					}
					_ = buffered.Flush()
				}))
			}
		}},
		{name: "files: result, lists of nothing", noun: "result", try: func(r *row) {
			r.recording()
			good, _ := os.ReadFile(r.path("good.json"))
			for _, one := range []string{"null", "{}", "0", `""`, "[]"} {
				for _, key := range []string{"contenders", "CONTENDERS", "rounds", "findings", "failures", "left", "tied_with", "statuses"} {
					crowd := strings.TrimSuffix(strings.Repeat(one+",", (15<<20)/(len(one)+1)), ",")
					text := bytes.Replace(good, []byte("{"), []byte(`{"`+key+`":[`+crowd+`],`), 1)
					if r.chance.IntN(3) == 0 {
						text = bytes.Replace(good, []byte(`"contenders": [`), []byte(`"contenders": [{"`+key+`":[`+crowd+`]},`), 1)
					}
					path := r.write("crowd.json", text)
					all := readers(r, path, r.path("good.json"))
					r.run(ofFile(one+" in "+key, all[r.chance.IntN(len(all))]...))
				}
			}
		}},
		{name: "files: recording, zipped many times", noun: "gzip bomb", try: func(r *row) {
			text := bytes.Repeat([]byte("x"), 50<<20)
			for range 5 {
				text = zipped(func(zip *gzip.Writer) { _, _ = zip.Write(text) })
			}
			r.read("bomb.btr", text)
			r.read("bomb.btr", bytes.Repeat(zipped(func(zip *gzip.Writer) { _, _ = zip.Write([]byte("\n")) }), 200_000)) // members without end
		}},
		{name: "files: nested 200,000 deep", noun: "deep nesting", try: func(r *row) {
			for _, open := range []string{"[", "{\"a\":", "[{\"contenders\":"} {
				deep := []byte(strings.Repeat(open, 200_000))
				r.read("deep.json", deep)
				r.read("deep.btr", r.withEvent(deep))
				r.read("deep.btr", r.withEvent([]byte(`{"seq":3,"kind":"run_done","body":`+string(deep))))
			}
		}},
		{name: "files: NaN, infinities, numbers beyond all bounds", noun: "NaN", try: func(r *row) { changedNumbers(r) }},
		{name: "files: a key twice", noun: "duplicate keys", try: func(r *row) {
			text, _ := os.ReadFile(r.recording())
			for _, twice := range []string{`"contenders":[],"schema":"x",`, `"schema":"benchtui/result/v1","schema":7,`, `"` + hostile + `":1,"` + hostile + `":2,`} {
				good, _ := os.ReadFile(r.path("good.json"))
				r.read("twice.json", bytes.Replace(good, []byte("{"), []byte("{"+strings.ToValidUTF8(twice, "?")), 1))
				r.read("twice.btr", rezipped(text, func(plain []byte) []byte {
					return bytes.ReplaceAll(plain, []byte(`"kind":`), []byte(`"seq":1,"kind":7,"kind":`))
				}))
			}
			r.manifests("a key twice", "id: mine\nid: yours\nname: x\n", "id: mine\nname: x\nlanguage: x\nrun: {command: [a], command: [b]}\n")
		}},
		{name: "files: manifest, text changed", noun: "manifest", try: func(r *row) {
			good, _ := os.ReadFile(r.manifest("mine", true))
			for range r.times(60) {
				r.manifests("changed", string(spoil(r.chance, good)))
			}
		}},
		{name: "files: manifest, bombs", noun: "YAML bomb", try: func(r *row) {
			bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
			for c := 'b'; c < 'k'; c++ {
				bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
			}
			merges := "a: &a {x: y}\n"
			for c := 'b'; c < 'z'; c++ {
				merges += fmt.Sprintf("%c: &%c {<<: [*%c, *%c]}\n", c, c, c-1, c-1)
			}
			r.manifests("a bomb", bomb, merges, "a: &a [*a]\n", "a: &a {<<: *a}\n", "id: mine\nname: \""+strings.Repeat("x", 2<<20)+"\"\n",
				strings.Repeat("id: mine\n---\n", 80_000), manyKeys(70_000), strings.Repeat("# x\n", 250_000), "id: "+strings.Repeat("&a ", 100_000)+"x", "id: "+strings.Repeat("!!str ", 100_000)+"x",
				"name: |\n"+strings.Repeat(" x\n", 300_000), strings.Repeat("? ", 100_000), "id: \""+strings.Repeat("\\", 900_001))
		}},
		{name: "files: manifest, nested deep", noun: "deep nesting", try: func(r *row) {
			r.manifests("deep", "id: "+strings.Repeat("[", 200_000), "id: "+strings.Repeat("{a: ", 100_000), strings.Repeat("- ", 200_000), strings.Repeat(" ", 900_000)+"a: b", steps(5000), "id: "+strings.Repeat("[{", 400))
		}},
		{name: "files: manifest, NaN and what is no number", noun: "NaN", try: func(r *row) {
			for _, value := range []string{".nan", ".inf", "-.inf", "1e999", "0x7fffffffffffffffff", "-1", "99999999999999999999", "2001-01-01", "!!binary x", "~", "[]", "{}", hostile} {
				r.manifests("value "+fmt.Sprintf("%q", value), "id: mine\nname: x\nlanguage: Go\nchecks: {status: "+value+"}\nrun: {command: [./x]}\n", "id: "+value+"\nname: "+value+"\nlanguage: "+value+"\nverified: "+value+"\n")
			}
		}},
		{name: "files: manifest, paths out of its folder", noun: "path outside the folder", try: func(r *row) {
			_ = os.WriteFile(filepath.Join(filepath.Dir(filepath.Dir(r.folder)), hidden), []byte(secret), 0o644)
			for _, path := range []string{"../../" + hidden, "{out}/../../../../" + hidden, "{out}/../" + hidden, "/etc/passwd", "..", "{out}/./../" + hidden, "../../", "{src}/../../" + hidden} {
				r.manifests("path "+path, fmt.Sprintf("id: mine\nname: x\nlanguage: x\nartifact: %q\nbuild:\n- name: x\n  run: [\"true\"]\nrun: {command: [\"true\"]}\n", path),
					fmt.Sprintf("id: mine\nname: x\nlanguage: x\nversion: {file: %q, pattern: \"(.*)\"}\nrun: {command: [\"true\"]}\n", path),
					fmt.Sprintf("id: mine\nname: x\nlanguage: x\nworkspace: %q\nrun: {command: [\"true\"]}\n", path),
					fmt.Sprintf("id: %q\nname: x\nlanguage: x\nrun: {command: [\"true\"]}\n", path), fmt.Sprintf("id: mine\nname: x\nbase: %q\n", path))
			}
			for _, name := range []string{"../../escaped", "../escaped", "a/../../../escaped", "/" + hidden} { // ids name files of logs and recordings
				r.run(ofFile("a name of --cmd", append([]string{"run", "--cmd", name + "=true {port}", "--start-timeout", "1s", "--no-record"}, steady("100ms")...)...))
			}
		}},
		{name: "files: recording, paths in its names", noun: "path outside the folder", try: func(r *row) {
			_ = os.WriteFile(filepath.Join(filepath.Dir(filepath.Dir(r.folder)), hidden), []byte(secret), 0o644)
			text, _ := os.ReadFile(r.recording())
			for _, path := range []string{"../../" + hidden, "../../../escaped", "/" + hidden} {
				r.read("named.btr", rezipped(text, func(plain []byte) []byte {
					return bytes.ReplaceAll(plain, []byte(`"mine"`), []byte(`"`+path+`"`))
				}))
			}
		}},
		{name: "files: manifest, escape sequences", noun: "escape sequences", try: func(r *row) {
			r.manifests("escapes", "id: mine\nname: \"\\e[2J\\e]0;X\\a\"\nbad: \"\\e[31m\"\n", "\x1b[2J", "id: \"\\e[2J\"\n", "id: mine\nname: \"\\e[2J\\e]0;X\\a\"\nlanguage: \"\\u202e\"\nrun: {command: [\"\\e[2J\"]}\n", "\"\\e[31m\": x\n")
		}},
		{name: "files: links", noun: "symlinks", try: links},
		{name: "files: bodies", noun: "body file", try: bodies},
		{name: "files: conditions and names on the command line, changed", noun: "configuration", try: changedArguments},
		{name: "files: variables of the environment, changed", noun: "configuration", try: func(r *row) {
			// benchtui reads no file of settings: these are what it is set by beside flags.
			names := []string{"HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "TERM", "LANG", "LC_ALL", "NO_COLOR", "COLORTERM", "JAVA_HOME", "GOROOT", "GOMAXPROCS", "GODEBUG", "COLUMNS", "LINES", "TZ", "PATH", "CARGO_HOME", "DOTNET_ROOT"}
			values := []string{"", "x", "..", "/dev/full", "/proc/self/mem", strings.ReplaceAll(hostile, "\x00", ""), "-1", "99999999999999999999", strings.Repeat("/x", 4000), "\xff\xfe"}
			for range r.times(40) {
				var env []string
				for range 1 + r.chance.IntN(4) {
					env = append(env, names[r.chance.IntN(len(names))]+"="+values[r.chance.IntN(len(values))])
				}
				one := ofFile(fmt.Sprintf("%.200q", env), [][]string{{"list"}, {"demo", "--plain"}, r.against("well", steady("100ms")...)}[r.chance.IntN(3)]...)
				one.env, one.codes = append(env, "GOTRACEBACK=single"), []int{0, 1, 2, 127}
				r.run(one)
			}
		}},
		{name: "files: scenarios", noun: "scenario", try: func(r *row) { r.notTried = "benchtui reads no files of scenarios" }},
	}
}

// readers are the commands that read a recording or a result.
func readers(r *row, path, other string) [][]string {
	all := [][]string{
		{"report", path, "--md", "-", "--csv", r.path("o.csv"), "--html", r.path("o.html"), "--svg", r.path("o.svg"), "--json", r.path("o.json")},
		{"compare", path, other},
	}
	if filepath.Ext(path) == ".btr" {
		all = append(all, []string{"replay", path, "--plain"}, []string{"report", path, "--profile", r.path("o.folded")})
	}
	return all
}

// read has a file read by all that read such.
func (r *row) read(name string, text []byte) {
	path := r.write(name, text)
	for _, args := range readers(r, path, path) {
		one := ofFile("", args...)
		if slices.Contains(args, "--profile") {
			one.codes = []int{0, 1, 2}
		}
		r.run(one)
		for _, file := range []string{"o.csv", "o.html", "o.svg", "o.json", "o.folded"} {
			r.harmless(file)
		}
	}
}

// harmless looks through a report that was written.
func (r *row) harmless(name string) {
	text, err := os.ReadFile(r.path(name))
	if err != nil {
		return
	}
	if found := escape.FindIndex(text); found != nil {
		r.trouble("%s has %q", name, text[max(0, found[0]-30):min(len(text), found[1]+30)])
	}
	if strings.Contains(string(text), secret) {
		r.trouble("%s tells of a file outside of the folder", name)
	}
	_ = os.Remove(r.path(name))
}

// manifests has each be run.
func (r *row) manifests(what string, texts ...string) {
	for _, text := range texts {
		_ = os.MkdirAll(r.path("manifest"), 0o755)
		path := r.write("manifest/contender.yaml", []byte(text))
		one := ofFile(what, append([]string{"run", path, "--no-record", "--warmup", "0s", "--start-timeout", "1s"}, steady("50ms")...)...)
		r.run(one)
	}
}

// manyKeys is a mapping of so many.
func manyKeys(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "k%d: v\n", i)
	}
	return text.String()
}

// steps is a manifest with so many of a build.
func steps(n int) string {
	return "id: mine\nname: x\nlanguage: x\nartifact: \"{out}/x\"\nbuild:\n" + strings.Repeat("- name: x\n  run: [\"false\"]\n", n) + "run: {command: [\"{artifact}\"]}\n"
}

func zipped(write func(*gzip.Writer)) []byte {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	write(zip)
	_ = zip.Close()
	return out.Bytes()
}

func unzipped(text []byte) []byte {
	zip, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return text
	}
	var plain bytes.Buffer
	_, _ = plain.ReadFrom(zip)
	return plain.Bytes()
}

func rezipped(text []byte, change func(plain []byte) []byte) []byte {
	plain := change(unzipped(text))
	return zipped(func(zip *gzip.Writer) { _, _ = zip.Write(plain) })
}

// withEvent is the good recording with a line after its first two.
func (r *row) withEvent(line []byte) []byte {
	text, _ := os.ReadFile(r.recording())
	return rezipped(text, func(plain []byte) []byte {
		lines := bytes.SplitN(plain, []byte("\n"), 3)
		if len(lines) < 3 {
			return plain
		}
		return bytes.Join([][]byte{lines[0], lines[1], line, lines[2]}, []byte("\n"))
	})
}

// spoiledFiles has a file read with bytes changed at places that chance picks.
func spoiledFiles(r *row, path string, within bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		r.trouble("%v", err)
		return
	}
	for range r.times(40) {
		spoilt := spoil(r.chance, text)
		if within {
			spoilt = rezipped(text, func(plain []byte) []byte { return spoil(r.chance, plain) })
		}
		name := r.write("spoiled"+filepath.Ext(path), spoilt)
		all := readers(r, name, path)
		r.run(ofFile("", all[r.chance.IntN(len(all))]...))
		for _, file := range []string{"o.csv", "o.html", "o.svg", "o.json", "o.folded"} {
			r.harmless(file)
		}
	}
}

// odd are values that are put in the place of others.
var odd = []any{nil, true, "", strings.ReplaceAll(hostile, "\x00", ""), "../../../x", -1, 0, 1e300, -1e300, 9223372036854775807.0, -9223372036854775808.0, 0.1, []any{}, map[string]any{}, []any{nil, nil}, "NaN", strings.Repeat("x", 100_000)}

// changed puts odd values into a value of JSON: one in so many, and takes others out.
func changed(chance *rand.Rand, value any, in int) any {
	if chance.IntN(in) == 0 {
		return odd[chance.IntN(len(odd))]
	}
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if chance.IntN(in) == 0 {
				delete(value, key)
				continue
			}
			value[key] = changed(chance, value[key], in)
		}
	case []any:
		for i := range value {
			value[i] = changed(chance, value[i], in)
		}
	}
	return value
}

// changedEvents has recordings and results read that are well-formed JSON of the wrong
// kinds, which gets further than text that was cut.
func changedEvents(r *row) {
	text, _ := os.ReadFile(r.recording())
	result, _ := os.ReadFile(r.path("good.json"))
	for range r.times(40) {
		in := []int{20, 100, 500}[r.chance.IntN(3)]
		change := func(plain []byte) []byte {
			lines := bytes.Split(plain, []byte("\n"))
			for i := range lines {
				var value any
				if i == 0 || json.Unmarshal(lines[i], &value) != nil {
					continue
				}
				lines[i], _ = json.Marshal(changed(r.chance, value, in))
			}
			return bytes.Join(lines, []byte("\n"))
		}
		paths := []string{r.write("changed.btr", rezipped(text, change)), r.write("changed.json", result)}
		var value any
		if json.Unmarshal(result, &value) == nil {
			out, _ := json.Marshal(changed(r.chance, value, in))
			r.write("changed.json", out)
		}
		for _, path := range paths {
			all := readers(r, path, r.path("good.json"))
			r.run(ofFile("", all[r.chance.IntN(len(all))]...))
			for _, file := range []string{"o.csv", "o.html", "o.svg", "o.json", "o.folded"} {
				r.harmless(file)
			}
		}
	}
}

// numbers are those of a JSON that stand for a key.
var numbers = regexp.MustCompile(`":-?[0-9][0-9.e+-]*`)

// changedNumbers puts what is no number, or too large a one, where numbers are.
func changedNumbers(r *row) {
	text, _ := os.ReadFile(r.recording())
	result, _ := os.ReadFile(r.path("good.json"))
	for _, value := range []string{"NaN", "Infinity", "-Infinity", "1e999", "-1e308", "1e308", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e-320", "0", "-0", "\"NaN\"", "null"} {
		for _, every := range []int{7, 50, 1}[:max(1, r.times(30)/10)] {
			change := func(plain []byte) []byte {
				n := 0
				return numbers.ReplaceAllFunc(plain, func(found []byte) []byte {
					if n++; (n+r.chance.IntN(3))%every != 0 && every > 1 {
						return found
					}
					return append(slices.Clone(found[:bytes.IndexByte(found, ':')+1]), value...)
				})
			}
			for _, path := range []string{r.write("number.btr", rezipped(text, change)), r.write("number.json", change(result))} {
				for _, args := range readers(r, path, r.path("good.json")) {
					if r.chance.IntN(3) != 0 {
						continue
					}
					r.run(ofFile(value, args...))
				}
			}
		}
	}
}

// links lead in circles, to devices, out of the folder and to nothing.
func links(r *row) {
	demo := r.recording()
	link := func(name, to string) string {
		_ = os.Remove(r.path(name))
		if err := os.Symlink(to, r.path(name)); err != nil {
			r.trouble("%v", err)
		}
		return r.path(name)
	}
	outside := filepath.Join(filepath.Dir(filepath.Dir(r.folder)), hidden)
	_ = os.WriteFile(outside, []byte(secret), 0o644)
	for _, to := range []string{"loop", "/dev/zero", "/dev/null", "/nonexistent", outside, "/proc/self/environ", "/", demo} {
		path := link("loop", to)
		for _, args := range [][]string{{"replay", path, "--plain"}, {"report", path, "--md", "-"}, {"compare", path, path}, {"run", path}, append(r.against("well", steady("100ms")...), "-D", path)} {
			one := ofFile("to "+to, args...)
			r.run(one)
		}
	}
	// A folder of recordings with everything in it.
	folder := r.path("data/benchtui/recordings")
	_ = os.MkdirAll(folder, 0o755)
	for name, to := range map[string]string{"2026-01-01T00-00-00-loop.btr": "2026-01-01T00-00-00-loop.btr", "2099-01-01T00-00-00-zero.btr": "/dev/zero", "2099-01-02T00-00-00-out.btr": outside, "2099-01-03T00-00-00-gone.btr": "/nonexistent"} {
		_ = os.Symlink(to, filepath.Join(folder, name))
	}
	_ = os.Mkdir(filepath.Join(folder, "2099-01-04T00-00-00-folder.btr"), 0o755)
	_ = syscall.Mkfifo(filepath.Join(folder, "2099-01-05T00-00-00-fifo.btr"), 0o644)
	for _, args := range [][]string{{"replay", "--list"}, {"replay", "--plain"}, {"replay", "1", "--plain"}, {"replay", "3", "--plain"}, {"report", "--md", "-"}} {
		r.run(ofFile("of a spoiled folder", args...))
	}
	args := append(append([]string{"run"}, r.serverOf("well")...), append(steady("200ms"), "--warmup", "0s")...)
	r.run(ofFile("into a spoiled folder", args...))
	// A manifest whose folder holds links out of it: they are no sources of it.
	path := r.manifest("linked", true)
	_ = os.Symlink(outside, filepath.Join(filepath.Dir(path), "out"))
	_ = os.Symlink("/", filepath.Join(filepath.Dir(path), "all"))
	_ = os.Symlink("round", filepath.Join(filepath.Dir(path), "round"))
	one := ofFile("sources with links", append([]string{"run", path, "--no-record", "--warmup", "0s"}, steady("100ms")...)...)
	one.memory = 0
	r.run(one)
	// What a report replaces is what was named, not where it leads.
	if text, _ := os.ReadFile(outside); string(text) != secret {
		r.trouble("a file outside of the folder was written")
	}
}

// bodies never end, claim to be huge, are no files.
func bodies(r *row) {
	send := func(path string, codes []int, meddle func(*started)) {
		one := ofFile("", append(r.against("well", steady("100ms")...), "-D", path)...)
		one.codes, one.meddle = codes, meddle
		r.run(one)
	}
	send("/dev/zero", []int{2}, nil)
	send("/dev/urandom", []int{2}, nil)
	send("/dev/null", []int{0}, nil)
	send(r.folder, []int{2}, nil)
	send("/proc/self/mem", []int{0, 1, 2}, nil)
	sparse := r.write("sparse", nil)
	if err := os.Truncate(sparse, 3<<30); err == nil {
		send(sparse, []int{2}, nil)
	}
	send(r.write("hostile", []byte(hostile+"\xff\x00\xfe")), []int{0}, nil)
	fifo := r.path("fifo")
	_ = syscall.Mkfifo(fifo, 0o644)
	send(fifo, []int{2, 130}, func(s *started) {
		select {
		case <-s.ended:
		case <-time.After(500 * time.Millisecond):
			_ = s.Process.Signal(syscall.SIGINT)
		}
	})
	for _, flag := range []string{"replay", "report", "run"} { // Ctrl-C ends each wait
		one := ofFile("a pipe", flag, fifo)
		one.codes = []int{1, 2, 130}
		one.meddle = func(s *started) {
			select {
			case <-s.ended:
			case <-time.After(500 * time.Millisecond):
				_ = s.Process.Signal(syscall.SIGINT)
			}
		}
		r.run(one)
	}
}

// changedArguments are what is read as small languages: conditions, tiers, CPUs, commands.
func changedArguments(r *row) {
	for range r.times(40) {
		some := func(text string) string {
			return strings.ReplaceAll(strings.ToValidUTF8(string(spoil(r.chance, []byte(text))), "\xff"), "\x00", "")
		}
		all := [][]string{
			{"--fail-if", some("p99>50ms")}, {"--objective", some("p99<50ms,failures<0.1%"), "-w", "capacity"}, {"--tiers", some("5ms,20ms,100ms")},
			{"--server-cpus", some("0-1,1")}, {"--load-cpus", some("0-1")}, {"--check-json", some("a.b.c")}, {"--header", some("Name: value")},
			{"--path", some("/hello?a=b")}, {"--url", some("http://127.0.0.1:1/hello")}, {"--method", some("GET")}, {"--duration", some("100ms")}, {"--rank-by", some("p99")},
			{"--cmd", some("mine=true {port}")}, {"--seed", some("12")}, {"--connections", some("10")}, {"--tick", some("1ms")},
		}
		args := append(append(r.against("well", "-w", "steady", "-c", "2", "-z", "100ms", "--plain"), "--start-timeout", "1s"), all[r.chance.IntN(len(all))]...)
		one := ofFile("", args...)
		one.place = place{unix.CLONE_NEWNET, []string{"network"}} // an address that chance made is nobody's
		r.run(one)
	}
}

var inserts = []string{hostile, "\x00", "NaN", "1e999", "-1", "9223372036854775808", "{", "[[[[[[[[", "\"", "null", "\xff\xfe", "../../../../etc/passwd", "18446744073709551615", ": ", "\n", "&a ", "*a", "\r\n", "%s%n"}

// spoil changes, takes away, doubles and inserts at places that chance picks.
func spoil(chance *rand.Rand, text []byte) []byte {
	text = slices.Clone(text)
	for range 1 + chance.IntN(8) {
		if len(text) == 0 {
			return text
		}
		at := chance.IntN(len(text))
		end := min(len(text), at+1+chance.IntN(64))
		switch chance.IntN(5) {
		case 0:
			text[at] ^= byte(1 << chance.IntN(8))
		case 1:
			text = slices.Delete(text, at, end)
		case 2:
			text = slices.Insert(text, at, text[at:end]...)
		case 3:
			text = slices.Insert(text, at, []byte(inserts[chance.IntN(len(inserts))])...)
		case 4:
			if chance.IntN(4) == 0 {
				text = text[:at]
			}
		}
	}
	return text
}
