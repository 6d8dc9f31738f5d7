package profile

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// written is a profile from lines of "frame;frame;… milliseconds", the root first. A
// frame is a function's name, with @line, and with a letter of its kind before it: "O:busy@5".
func written(t testing.TB, lines ...string) *Profile {
	t.Helper()
	var build Builder
	thread := build.Thread(Thread{PID: 7, ID: 7, Name: "main", Loop: true})
	build.Process(Process{PID: 7, Name: "server"})
	for _, line := range lines {
		stack, weight, found := strings.Cut(line, " ")
		took, err := time.ParseDuration(weight)
		if !found || err != nil {
			t.Fatalf("not a stack: %q", line)
		}
		var frames []int
		for _, one := range strings.Split(stack, ";") {
			frame := Frame{File: "/srv/app.js", Module: "app"}
			if len(one) > 2 && one[1] == ':' {
				frame.Kind, one = kindOf(one[0]), one[2:]
			}
			name, at, _ := strings.Cut(one, "@")
			for _, digit := range at {
				frame.Line = frame.Line*10 + int(digit-'0')
			}
			frame.Function = name
			frames = append(frames, build.Frame(frame))
		}
		slices.Reverse(frames)
		build.Add(Sample{Stack: frames, Thread: thread, Count: int(took / time.Millisecond), Weight: took})
	}
	return build.Profile(Profile{Source: "test", Duration: 2 * time.Second, Period: time.Millisecond})
}

func names(hottest []Hot) []string {
	var list []string
	for _, hot := range hottest {
		list = append(list, hot.Name)
	}
	return list
}

func find(t *testing.T, hottest []Hot, name string) Hot {
	t.Helper()
	for _, hot := range hottest {
		if hot.Name == name {
			return hot
		}
	}
	t.Fatalf("no %s among %v", name, names(hottest))
	return Hot{}
}

func TestOwnCodeComesBeforeLibrariesRuntimeAndKernel(t *testing.T) {
	p := written(t, "O:main@1;O:busy@5 300ms", "O:main@2;K:write@0 500ms", "R:gc@0 140ms", "O:main@3;L:tiny@9 5ms", "O:main@4;L:parse@12 55ms")
	for order, want := range map[Order][]string{
		OwnFirst: {"busy", "parse", "gc", "write", "tiny", "main"},
		BySelf:   {"write", "busy", "gc", "parse", "tiny", "main"},
		ByTotal:  {"main", "write", "busy", "gc", "parse", "tiny"},
	} {
		if got := names(p.Hottest(order)); !slices.Equal(got, want) {
			t.Errorf("order %d: %v, want %v", order, got, want)
		}
	}
	busy := find(t, p.Hottest(OwnFirst), "busy")
	if busy.SelfShare != 0.3 || busy.Place() != "app.js:5" || busy.Kind.Letter() != "O" {
		t.Errorf("busy is %+v at %s", busy, busy.Place())
	}
	if main := find(t, p.Hottest(OwnFirst), "main"); main.Self != 0 || main.Line != 2 {
		t.Errorf("main is %+v, and calls most from line 2", main)
	}
}

// In a minified file every function begins at line 1.
func TestFunctionsOfOneLineAreToldApartByTheirColumns(t *testing.T) {
	var build Builder
	add := func(name string, line, start, column int, took time.Duration) {
		frame := build.Frame(Frame{Function: name, File: "/srv/bundle.js", Line: line, Start: start, Column: column, Kind: Own})
		build.Add(Sample{Stack: []int{frame}, Thread: -1, Count: 10, Weight: took})
	}
	add("(anonymous)", 1, 1, 2345, 3*time.Millisecond)
	add("(anonymous)", 1, 1, 99, 2*time.Millisecond)
	add("long", 7, 1, 50, time.Millisecond)
	p := build.Profile(Profile{Source: "test"})
	read, err := ReadPprof(bytes.NewReader(pprofOf(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Profile{p, read, Merge(p, p)} {
		hot := p.Hottest(OwnFirst)
		var places []string
		for _, one := range hot {
			places = append(places, one.Place()+" "+one.Function.Place())
		}
		if want := []string{"bundle.js:1:2345 bundle.js:1:2345", "bundle.js:1:99 bundle.js:1:99", "bundle.js:7 bundle.js:1:50"}; !slices.Equal(places, want) {
			t.Errorf("%q, want %q", places, want)
		}
		if evidence := p.Reasons()[0].Evidence("the loop's time"); evidence != "of the loop's time 50 % in (anonymous) (bundle.js:1:2345)" {
			t.Error(evidence)
		}
		if len(p.Tree().Children) != 3 || p.Tree().Children[0].Where() != "bundle.js:1:2345" {
			t.Errorf("the tree has %d, the first at %s", len(p.Tree().Children), p.Tree().Children[0].Where())
		}
	}
}

func TestRecursionCountsOnceInTotal(t *testing.T) {
	p := written(t, "O:main@1;O:fib@3;O:fib@3;O:fib@3 80ms", "O:main@1;O:fib@3 20ms")
	fib := find(t, p.Hottest(OwnFirst), "fib")
	if fib.Self != 100*time.Millisecond || fib.Total != 100*time.Millisecond || fib.TotalShare != 1 {
		t.Errorf("fib is %+v", fib)
	}
}

func TestTreeHasItsOrderFromTimeAndNames(t *testing.T) {
	lines := []string{"O:main@1;O:a@2 10ms", "O:main@1;O:b@2 10ms", "O:main@1;O:c@2 30ms", "O:main@1 5ms", "R:gc@0 20ms"}
	var drawn []string
	for range 2 {
		var walk func(n *Node, depth int) string
		walk = func(n *Node, depth int) string {
			text := strings.Repeat(" ", depth) + n.Name + " " + n.Total.String() + "/" + n.Self.String() + "\n"
			for _, child := range n.Children {
				text += walk(child, depth+1)
			}
			return text
		}
		drawn = append(drawn, walk(written(t, lines...).Tree(), 0))
		slices.Reverse(lines)
	}
	want := "all 75ms/0s\n main 55ms/5ms\n  c 30ms/30ms\n  a 10ms/10ms\n  b 10ms/10ms\n gc 20ms/20ms\n"
	if drawn[0] != want || drawn[1] != want {
		t.Errorf("trees\n%s\n%s\nwant\n%s", drawn[0], drawn[1], want)
	}
	if depth := written(t, lines...).Tree().Depth(); depth != 2 {
		t.Errorf("depth %d, want 2", depth)
	}
}

func TestCallerIsTheNearestOwnCode(t *testing.T) {
	p := written(t, "O:main@1;O:handler@14;L:wrap@3;L:pbkdf2@99 60ms", "O:main@1;O:other@30;L:pbkdf2@99 30ms", "L:pbkdf2@99 10ms")
	callers := p.CalledFrom(find(t, p.Hottest(BySelf), "pbkdf2").Function)
	if len(callers) != 2 || callers[0].Function != "handler" || callers[0].Place() != "app.js:14" || callers[0].Share != 0.6 || callers[1].Function != "other" {
		t.Errorf("callers are %+v", callers)
	}
}

func TestMergeAddsUpAndKeepsProcessesApart(t *testing.T) {
	a := written(t, "O:main@1;O:busy@5 30ms")
	b := written(t, "O:main@1;O:busy@5 10ms", "R:gc@0 10ms")
	b.Threads[0].PID, b.Processes[0].PID, b.Notes = 8, 8, []Note{{Lacks: "names"}}
	merged := Merge(a, nil, b)
	if len(merged.Processes) != 2 || len(merged.Threads) != 2 || len(merged.Frames) != 3 || len(merged.Samples) != 3 || len(merged.Notes) != 1 {
		t.Errorf("merged: %+v", merged)
	}
	if merged.Total() != 50*time.Millisecond || merged.Count() != 50 || merged.Source != "test" || merged.Period != time.Millisecond {
		t.Errorf("merged: %v, %d samples of %s", merged.Total(), merged.Count(), merged.Source)
	}
	only := merged.OfThreads(func(thread Thread) bool { return thread.PID == 8 })
	if only.Total() != 20*time.Millisecond || merged.Total() != 50*time.Millisecond {
		t.Errorf("of the second process %v", only.Total())
	}
	if again := Merge(merged); !reflect.DeepEqual(again, merged) {
		t.Errorf("a merge of one changed it: %+v", again)
	}
}

func TestDiffTellsWhatIsMoreThanNoise(t *testing.T) {
	before := written(t, "O:main@1;O:busy@5 100ms", "O:main@1;O:idle@9 880ms", "O:main@1;O:gone@11 20ms")
	after := written(t, "O:main@1;O:busy@6 400ms", "O:main@1;O:idle@9 585ms", "O:main@1;O:new@12 15ms")
	byName := map[string]Change{}
	for _, change := range Diff(before, after) {
		byName[change.Name] = change
	}
	if busy := byName["busy"]; !busy.Real || busy.Grew() < 0.299 || busy.Grew() > 0.301 {
		t.Errorf("busy grew by 30 points at another line: %+v", busy)
	}
	if idle := byName["idle"]; !idle.Real || idle.Grew() > 0 {
		t.Errorf("idle shrank: %+v", idle)
	}
	if first := Diff(before, after)[0]; first.Name != "busy" {
		t.Errorf("the largest change first: %+v", first)
	}
	few := Diff(written(t, "O:busy@5 3ms", "O:idle@9 7ms"), written(t, "O:busy@5 5ms", "O:idle@9 5ms"))
	for _, change := range few {
		if change.Real {
			t.Errorf("of ten samples each, 3 and 5 are noise: %+v", change)
		}
	}
	for _, change := range Diff(before, before) {
		if change.Real || change.Grew() != 0 {
			t.Errorf("nothing changed: %+v", change)
		}
	}
	if len(Diff(&Profile{}, &Profile{})) != 0 {
		t.Error("nothing has no functions")
	}
}
