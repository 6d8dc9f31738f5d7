package profile

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// several is a profile with all that one may hold.
func several(t testing.TB) *Profile {
	p := written(t, "O:main@1;O:busy@5 300ms", "O:main@2;L:parse@12;K:write@0 500ms", "R:gc@0 150ms", "?:0x1234@0 1ms")
	for i := range p.Frames {
		p.Frames[i].Start, p.Frames[i].Module = i, []string{"app", "libc.so.6", ""}[i%3]
	}
	p.Start, p.Lost = 12*time.Second, 3
	p.Notes = []Note{{Lacks: "kernel frames", Fix: "sudo sysctl kernel.perf_event_paranoid=1"}}
	p.Threads = append(p.Threads, Thread{PID: 8, ID: 9, Name: "worker"})
	p.Processes = append(p.Processes, Process{PID: 8, Name: "worker"})
	p.Samples[2].Thread, p.Samples[3].Thread = 1, -1
	return p
}

func pprofOf(t testing.TB, p *Profile) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WritePprof(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPprofIsReadAsItWasWritten(t *testing.T) {
	for name, p := range map[string]*Profile{"several": several(t), "empty": {Source: "test"}, "merged": Merge(several(t), several(t))} {
		got, err := ReadPprof(bytes.NewReader(pprofOf(t, p)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got, p) {
			t.Errorf("%s: read\n%+v\nwant\n%+v", name, got, p)
		}
	}
}

func TestGoToolPprofOpensAProfile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.pb.gz")
	if err := os.WriteFile(file, pprofOf(t, several(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", "tool", "pprof", "-top", "-lines", file)
	command.Env = append(os.Environ(), "PPROF_TMPDIR="+t.TempDir())
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("go tool pprof: %v\n%s", err, out)
	}
	for _, want := range []string{"Type: cpu", "Duration: 2s", "500ms 52.58%", "300ms 31.55%", "busy /srv/app.js:5"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("go tool pprof -top does not say %q:\n%s", want, out)
		}
	}
}

// Go's own profiles have lines that were inlined, labels, and no kinds.
func TestProfilesOfOthersAreRead(t *testing.T) {
	busy := &profile.Function{ID: 1, Name: "main.busy\x1b[31m", Filename: "main.go"}
	handler := &profile.Function{ID: 2, Name: "main.handler", Filename: "main.go"}
	mapping := &profile.Mapping{ID: 1, File: "/srv/server"}
	inlined := &profile.Location{ID: 1, Mapping: mapping, Line: []profile.Line{{Function: busy, Line: 5}, {Function: handler, Line: 14}}}
	nameless := &profile.Location{ID: 2, Mapping: mapping, Address: 0x1234}
	var out bytes.Buffer
	err := (&profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "milliseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "milliseconds"}, Period: 10, DurationNanos: int64(time.Second),
		Sample: []*profile.Sample{
			{Value: []int64{3, 30}, Location: []*profile.Location{inlined, nameless}, Label: map[string][]string{"route": {"/"}}},
			{Value: []int64{1, -10}, Location: []*profile.Location{inlined}},
		},
		Location: []*profile.Location{inlined, nameless}, Function: []*profile.Function{busy, handler}, Mapping: []*profile.Mapping{mapping},
	}).Write(&out)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadPprof(&out)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Samples) != 1 || p.Samples[0].Weight != 30*time.Millisecond || p.Samples[0].Count != 3 || p.Samples[0].Thread != -1 || p.Period != 10*time.Millisecond {
		t.Fatalf("samples: %+v of %+v", p.Samples, p)
	}
	var stack []string
	for _, frame := range p.Samples[0].Stack {
		stack = append(stack, p.Frames[frame].Function+" "+p.Frames[frame].Place())
	}
	if got, want := strings.Join(stack, "; "), "main.busy main.go:5; main.handler main.go:14; 0x1234 "; got != want {
		t.Errorf("stack %q, want %q", got, want)
	}
}

func TestPprofThatIsNoneOrTooLargeIsRefused(t *testing.T) {
	packed := func(data []byte) []byte {
		var out bytes.Buffer
		w, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
		_, _ = w.Write(data)
		_ = w.Close()
		return out.Bytes()
	}
	whole := pprofOf(t, several(t))
	var heap bytes.Buffer
	if err := (&profile.Profile{SampleType: []*profile.ValueType{{Type: "space", Unit: "bytes"}}}).Write(&heap); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"text":            []byte("this is not a profile"),
		"cut off":         whole[:len(whole)/2],
		"a bomb":          packed(make([]byte, maxPprofBytes+1)),
		"many samples":    packed(bytes.Repeat([]byte{2<<3 | 2, 0}, maxPprofParts+1)),
		"many numbers":    packed(append([]byte{2<<3 | 2, 0x80, 0xda, 0xc4, 0x09}, append([]byte{1<<3 | 2, 0xfa, 0xd9, 0xc4, 0x09}, make([]byte, 20_000_000)...)...)),
		"a heap's":        heap.Bytes(),
		"a stray pointer": packed([]byte{2<<3 | 2, 4, 1<<3 | 2, 2, 99, 98}),
	} {
		if p, err := ReadPprof(bytes.NewReader(data)); err == nil || !strings.HasPrefix(err.Error(), "read a profile: ") {
			t.Errorf("%s: read as %+v, %v", name, p, err)
		}
	}
}

func FuzzReadPprof(f *testing.F) {
	unpacked := func(data []byte) []byte {
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			f.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			f.Fatal(err)
		}
		return raw
	}
	f.Add(unpacked(pprofOf(f, several(f))))
	f.Add([]byte{2<<3 | 2, 4, 1<<3 | 2, 2, 99, 98})
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPprof(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, sample := range p.Samples {
			if sample.Weight <= 0 || sample.Count < 0 || sample.Thread >= len(p.Threads) || len(sample.Stack) > maxDepth {
				t.Fatalf("sample %+v", sample)
			}
		}
		for _, frame := range p.Frames {
			if strings.ContainsAny(frame.Function+frame.File+frame.Module, "\x1b\n\x00") || frame.Line < 0 {
				t.Fatalf("frame %+v", frame)
			}
		}
		p.Tree()
		Diff(p, p)
		for _, format := range Formats {
			if err := format.Write(io.Discard, p); err != nil {
				t.Fatalf("%s: %v", format.Name, err)
			}
		}
		if _, err := ReadPprof(bytes.NewReader(pprofOf(t, p))); err != nil {
			t.Fatalf("what was read can't be written: %v", err)
		}
	})
}

func TestCollapsedStacks(t *testing.T) {
	p := written(t, "O:main@1;O:busy@5 300ms", "O:main@2;O:busy@6 1ms", "R:gc@0 150ms")
	p.Frames[0].Function = "main;\nof all"
	for i := range p.Frames {
		if p.Frames[i].Function == "main" {
			p.Frames[i].Function = "main;\nof all"
		}
	}
	var out bytes.Buffer
	if err := WriteCollapsed(&out, p); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "gc 150000\nmain: of all;busy 301000\n"; got != want {
		t.Errorf("collapsed %q, want %q", got, want)
	}
}

// speedscopeSchema is what https://www.speedscope.app/file-format-schema.json asks of a
// file with sampled profiles, and that it holds nothing else.
const speedscopeSchema = `{
  "type": "object", "additionalProperties": false, "required": ["$schema", "profiles", "shared"],
  "properties": {
    "$schema": {"const": "https://www.speedscope.app/file-format-schema.json"},
    "activeProfileIndex": {"type": "number"}, "exporter": {"type": "string"}, "name": {"type": "string"},
    "shared": {"type": "object", "additionalProperties": false, "required": ["frames"], "properties": {"frames": {"type": "array", "items": {
      "type": "object", "additionalProperties": false, "required": ["name"],
      "properties": {"name": {"type": "string"}, "file": {"type": "string"}, "line": {"type": "number"}, "col": {"type": "number"}}}}}},
    "profiles": {"type": "array", "items": {
      "type": "object", "additionalProperties": false, "required": ["endValue", "name", "samples", "startValue", "type", "unit", "weights"],
      "properties": {
        "type": {"const": "sampled"}, "name": {"type": "string"}, "unit": {"enum": ["bytes", "microseconds", "milliseconds", "nanoseconds", "none", "seconds"]},
        "startValue": {"type": "number"}, "endValue": {"type": "number"},
        "samples": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
        "weights": {"type": "array", "items": {"type": "number"}}}}}
  }
}`

func TestSpeedscopeHoldsToItsSchema(t *testing.T) {
	raw, err := jsonschema.UnmarshalJSON(strings.NewReader(speedscopeSchema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("speedscope.json", raw); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("speedscope.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*Profile{"several": several(t), "empty": {}} {
		var out bytes.Buffer
		if err := WriteSpeedscope(&out, p); err != nil {
			t.Fatal(err)
		}
		if to := os.Getenv("BENCHTUI_TEST_KEEP"); to != "" { // for a look with speedscope.app itself
			_ = os.WriteFile(filepath.Join(to, name+".speedscope.json"), out.Bytes(), 0o600)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
		var file speedscopeFile
		if err := json.Unmarshal(out.Bytes(), &file); err != nil {
			t.Fatal(err)
		}
		for _, one := range file.Profiles {
			sum := int64(0)
			for i, stack := range one.Samples {
				sum += one.Weights[i]
				for _, frame := range stack {
					if frame >= len(file.Shared.Frames) {
						t.Errorf("%s: frame %d of %d", name, frame, len(file.Shared.Frames))
					}
				}
			}
			if sum != one.EndValue || len(one.Samples) != len(one.Weights) {
				t.Errorf("%s: %s: %d of %d ns in %d and %d", name, one.Name, sum, one.EndValue, len(one.Samples), len(one.Weights))
			}
		}
	}
}

func TestFormatIsToldByTheSuffix(t *testing.T) {
	for name, want := range map[string]string{
		"a.pb.gz": "pprof", "dir.txt/A.PPROF": "pprof", "a.speedscope.json": "Speedscope", "a.json": "Speedscope",
		"a.folded": "collapsed stacks", `C:\x\a.txt`: "collapsed stacks", "a.svg": "", "a": "", ".json": "",
	} {
		format, err := FormatOf(name)
		if format.Name != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", name, format.Name, err)
		}
	}
	if _, err := FormatOf("a.svg"); fmt.Sprint(err) != "a.svg: a profile's format is told by its suffix: .pb.gz or .pprof (pprof), .speedscope.json or .json (Speedscope), .folded or .collapsed or .txt (collapsed stacks)" {
		t.Error(err)
	}
}
