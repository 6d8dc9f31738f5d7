package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/foreign"
	prof "github.com/benchtui/benchtui/internal/profile"
)

// v8Profile is a profile as V8's inspector tells it: a tree of calls, and which of its
// nodes each sample found running. Times are in µs.
type v8Profile struct {
	Nodes      []v8Node `json:"nodes"`
	StartTime  int64    `json:"startTime"`
	EndTime    int64    `json:"endTime"`
	Samples    []int    `json:"samples"`
	TimeDeltas []int64  `json:"timeDeltas"`

	Workers []v8Worker `json:"workers"` // added by the probe
}

// v8Worker is a worker thread, which has a V8 of its own.
type v8Worker struct {
	TID     int       `json:"tid"`  // its number among the system's threads; 0: unknown
	Name    string    `json:"name"` // "worker 1, resize.js"
	Profile v8Profile `json:"profile"`
}

type v8Node struct {
	ID        int `json:"id"`
	CallFrame struct {
		FunctionName string `json:"functionName"`
		ScriptID     string `json:"scriptId"` // "0": in none, built into V8 or Node
		URL          string `json:"url"`
		LineNumber   int    `json:"lineNumber"`   // from 0
		ColumnNumber int    `json:"columnNumber"` // from 0
	} `json:"callFrame"`
	Children      []int    `json:"children"`
	PositionTicks []v8Line `json:"positionTicks"`
}

// v8Line is how many samples found a function at a line.
type v8Line struct {
	Line  int `json:"line"` // from 1
	Ticks int `json:"ticks"`
}

const (
	mostV8Nodes   = 1 << 20
	mostV8Samples = 1 << 24
	mostV8Workers = 1 << 10
	deepestV8     = 1 << 10
)

// NodeSource names the profiler of Node.
const NodeSource = "node:inspector"

// fromV8 reads a profile of the Node process pid, taken with a time between two samples,
// with those of its worker threads. The time in which a loop waited is no part of it.
func fromV8(text []byte, pid int, period time.Duration) (*prof.Profile, error) {
	var read v8Profile
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, fmt.Errorf("read node's profile: %w", err)
	}
	if !read.possible() {
		return nil, errors.New("read node's profile: it is not as V8 writes it")
	}
	var build prof.Builder
	build.Process(prof.Process{PID: pid, Name: "node"})
	r := v8Reader{build: &build, code: sources{}}
	r.read(&read, prof.Thread{PID: pid, ID: pid, Name: "event loop", Loop: true})
	for i, worker := range read.Workers[:min(len(read.Workers), mostV8Workers)] {
		if !worker.Profile.possible() {
			continue
		}
		// Without its number among the system's threads it has one that none of these has.
		id := worker.TID
		if id <= 0 {
			id = -1 - i
		}
		r.read(&worker.Profile, prof.Thread{PID: pid, ID: id, Name: strings.NewReplacer("[", "", "]", "").Replace(foreign.Line(worker.Name))})
	}
	length := time.Duration(max(0, read.EndTime-read.StartTime)) * time.Microsecond
	return build.Profile(prof.Profile{Source: NodeSource, Duration: length, Period: period}), nil
}

// possible says whether it is as V8 writes one.
func (p *v8Profile) possible() bool {
	return len(p.Nodes) > 0 && len(p.Nodes) <= mostV8Nodes && len(p.Samples) <= mostV8Samples && len(p.Samples) == len(p.TimeDeltas)
}

// v8Reader makes stacks of V8's trees of calls, of one thread after the other.
type v8Reader struct {
	build *prof.Builder
	code  sources
	maps  sourceMaps

	nodes     []v8Node
	parents   []int        // -1: the root
	runs      []prof.Frame // of each node: its function as Node runs it, with its column
	functions []prof.Frame // of each node: as somebody wrote it
}

// read adds what V8 saw in a thread.
func (r *v8Reader) read(read *v8Profile, of prof.Thread) {
	byID := make(map[int]int, len(read.Nodes))
	for i, node := range read.Nodes {
		byID[node.ID] = i
	}
	r.nodes, r.parents = read.Nodes, slices.Repeat([]int{-1}, len(read.Nodes))
	for i, node := range read.Nodes {
		for _, child := range node.Children {
			if at, known := byID[child]; known && at != i {
				r.parents[at] = i
			}
		}
	}
	r.find()
	self, counts := make([]time.Duration, len(read.Nodes)), make([]int, len(read.Nodes))
	for i, id := range read.Samples {
		at, known := byID[id]
		if !known || i == 0 { // the first has the time that the start of the profiler took
			continue
		}
		self[at] += time.Duration(min(max(0, read.TimeDeltas[i]), time.Hour.Microseconds())) * time.Microsecond
		counts[at]++
	}
	thread := r.build.Thread(of)
	var stack []int
	for i, node := range read.Nodes {
		if counts[i] == 0 || node.CallFrame.FunctionName == "(idle)" {
			continue
		}
		frames := r.stack(i)
		if slices.ContainsFunc(frames, ofProbe) {
			continue // what benchtui has Node do is no part of what the server does
		}
		stack = append(stack[:0], 0, 0) // room for the leaf, by line, and what it has work
		for _, frame := range frames[1:] {
			stack = append(stack, r.build.Frame(frame))
		}
		for _, part := range byLine(node.PositionTicks, self[i], counts[i]) {
			leaf, runs := frames[0], r.runs[i]
			if leaf.File != "" {
				leaf.Line = r.lineOf(i, part.line)
			}
			stack[1] = r.build.Frame(leaf)
			whole := stack[1:]
			if leaf.Kind == prof.Own && callsRegexp.MatchString(r.code.code(runs.File, part.line, runs.Start, runs.Column-1)) {
				stack[0], whole = r.build.Frame(regexpAt(leaf)), stack
			}
			r.build.Add(prof.Sample{Stack: whole, Thread: thread, Count: part.count, Weight: part.weight})
		}
	}
}

// find says of each node's function where somebody wrote it. The column is told of those
// that the line alone does not tell apart.
func (r *v8Reader) find() {
	type begin struct {
		file string
		line int
	}
	r.runs, r.functions = make([]prof.Frame, len(r.nodes)), make([]prof.Frame, len(r.nodes))
	columns := map[begin]map[int]bool{}
	for i, node := range r.nodes {
		runs := v8Frame(node)
		r.runs[i], r.functions[i] = runs, r.original(runs)
		if at := r.functions[i]; at.Column > 1 {
			if columns[begin{at.File, at.Start}] == nil {
				columns[begin{at.File, at.Start}] = map[int]bool{}
			}
			columns[begin{at.File, at.Start}][at.Column] = true
		}
	}
	for i := range r.functions {
		at := &r.functions[i]
		mapped := at.File != r.runs[i].File
		if at.Column <= 1 || len(columns[begin{at.File, at.Start}]) < 2 && (mapped || !r.code.minified(at.File, at.Start)) {
			at.Column = 0
		}
	}
}

// original is a function as somebody wrote it, as far as a map says.
func (r *v8Reader) original(runs prof.Frame) prof.Frame {
	if runs.Kind != prof.Own || runs.Start == 0 || runs.Column == 0 || runs.Start == 1 && runs.Column == 1 { // the code of the file itself
		return runs
	}
	at, found := r.maps.at(runs.File, runs.Start, runs.Column-1)
	if !found {
		return runs
	}
	function := runs
	function.File, function.Start, function.Column = at.file, at.line, at.column
	if name := r.maps.nameOf(runs.File, runs.Start, runs.Column-1, r.code.whole(runs.File, runs.Start), runs.Function); name != "" {
		function.Function = name
	}
	function.Kind, function.Module = bundled(at.file)
	return function
}

// lineOf is where somebody wrote a line of a node's function; 0 where that is not known.
func (r *v8Reader) lineOf(node, line int) int {
	runs, function := r.runs[node], r.functions[node]
	switch {
	case line == 0 || function.File == runs.File:
		return line
	case line == runs.Start:
		return function.Start
	}
	text := r.code.whole(runs.File, line)
	at, found := r.maps.at(runs.File, line, len(text)-len(strings.TrimLeft(text, " \t")))
	if !found || at.file != function.File {
		return 0
	}
	return at.line
}

// stack is the way from a node up to the root, without that. V8 tells where a function
// begins, and not where it calls: that its own code says.
func (r *v8Reader) stack(node int) []prof.Frame {
	frames := []prof.Frame{r.functions[node]}
	for below, at := node, r.parents[node]; at >= 0 && r.parents[at] >= 0 && len(frames) < deepestV8; below, at = at, r.parents[at] {
		frame := r.functions[at]
		if runs := r.runs[at]; runs.Kind == prof.Own {
			called := r.nodes[below].CallFrame.FunctionName
			line, name := r.code.callOf(runs.File, runs.Start, called)
			if line > 0 && wrappers[called] != nil {
				frames[len(frames)-1].Function, frames[len(frames)-1].Kind = name, prof.Library
			}
			frame.Line = r.lineOf(at, line)
		}
		frames = append(frames, frame)
	}
	ownMade(frames)
	return frames
}

// ownMade gives code that was made while the server ran, by eval or new Function, as
// templates and serializers are, to whom it was called by; frames begin with the leaf.
func ownMade(frames []prof.Frame) {
	whose := prof.Frame{Kind: prof.Own}
	for i, frame := range slices.Backward(frames) {
		switch {
		case frame.Kind == prof.Unknown:
			frames[i].Kind, frames[i].Module = whose.Kind, whose.Module
		case frame.Kind == prof.Own || frame.Module != "":
			whose = frame
		}
	}
}

// regexpAt stands for the regular expression at a line. V8 takes its time for the function
// that uses it, as it does with what is built into it: what such a line takes is taken for
// the expression's.
func regexpAt(leaf prof.Frame) prof.Frame {
	frame := prof.Frame{Function: "RegExp", File: leaf.File, Line: leaf.Line, Start: leaf.Line, Kind: prof.Library}
	if leaf.Line == leaf.Start {
		frame.Column = leaf.Column
	}
	return frame
}

// linePart is the time in a function that was spent at one of its lines.
type linePart struct {
	line, count int
	weight      time.Duration
}

// byLine parts the time in a function by the lines at which samples found it.
func byLine(ticks []v8Line, weight time.Duration, count int) []linePart {
	all := 0
	for _, one := range ticks {
		if one.Line <= 0 || one.Ticks <= 0 || one.Ticks > count {
			return []linePart{{0, count, weight}}
		}
		all += one.Ticks
	}
	if all == 0 || all > 2*count {
		return []linePart{{0, count, weight}}
	}
	parts := make([]linePart, 0, len(ticks))
	leftCount, leftWeight := count, weight
	for i, one := range ticks {
		part := linePart{one.Line, count * one.Ticks / all, time.Duration(float64(weight) * float64(one.Ticks) / float64(all))}
		if i == len(ticks)-1 {
			part.count, part.weight = leftCount, leftWeight
		}
		leftCount, leftWeight = leftCount-part.count, leftWeight-part.weight
		parts = append(parts, part)
	}
	return parts
}

func v8Frame(node v8Node) prof.Frame {
	call := node.CallFrame
	frame := prof.Frame{Function: foreign.Line(call.FunctionName), Start: max(0, call.LineNumber+1), Column: max(0, call.ColumnNumber+1), Kind: prof.Own}
	file := call.URL
	if parsed, err := url.Parse(file); err == nil && parsed.Scheme == "file" {
		file = parsed.Path
	}
	file = foreign.Line(file)
	frame.File = file
	switch {
	case strings.HasPrefix(frame.Function, "JSON.") && path.Base(file) == probeFile: // as the probe names what has no name of its own
		frame.File, frame.Start, frame.Kind = "", 0, prof.Library
	case file == "" && strings.HasPrefix(frame.Function, "("): // "(program)", "(garbage collector)"
		frame.Function, frame.Start, frame.Kind = strings.Trim(frame.Function, "()"), 0, prof.Runtime
		if frame.Function == "program" {
			frame.Function = "native code"
		}
	case file == "" && call.ScriptID != "" && call.ScriptID != "0": // eval, new Function: ownMade says whose it is
		frame.Kind = prof.Unknown
		if frame.Function == "" {
			frame.Function = "(anonymous, made by eval)"
		}
	case file == "": // what is built into V8 and Node, without a script of its own
		frame.Start, frame.Kind = 0, prof.Runtime
	case strings.HasPrefix(file, "node:"):
		frame.Kind = prof.Library
		if strings.HasPrefix(file, "node:internal/") && inLoop(file) {
			frame.Kind = prof.Runtime
		}
	case strings.Contains(file, "/node_modules/"):
		frame.Kind = prof.Library
		frame.Module = nodeModule(file)
	}
	if frame.File == "" {
		frame.Column = 0
	}
	if frame.Function == "" {
		frame.Function = "(anonymous)"
		if call.LineNumber == 0 && call.ColumnNumber == 0 && file != "" && frame.Kind == prof.Own {
			frame.Function = path.Base(file) // the code of the file itself
		}
	}
	return frame
}

// probeFile is the name of the script that takes profiles in Node, probeFolder begins that
// of its folder.
const (
	probeFile   = "probe.js"
	probeFolder = "benchtui-event-loop-"
)

// ofProbe says whether a frame is one of that script's.
func ofProbe(frame prof.Frame) bool {
	folder, file := path.Split(frame.File)
	return file == probeFile && strings.HasPrefix(path.Base(folder), probeFolder)
}

// inLoop says whether a script of Node's is the event loop's own.
func inLoop(file string) bool {
	switch strings.TrimPrefix(file, "node:internal/") {
	case "timers", "process/task_queues", "async_hooks", "priority_queue", "linkedlist", "process/promises":
		return true
	}
	return false
}

// bundled is whose code a file is that a bundle was made of, and of which package.
func bundled(file string) (prof.Kind, string) {
	_, inside, bundler := strings.Cut(file, "://")
	switch {
	case strings.Contains(file, "/node_modules/"):
		return prof.Library, nodeModule(file)
	case bundler && strings.Contains("/"+inside, "/webpack/"): // what it adds
		return prof.Library, "webpack"
	}
	return prof.Own, ""
}

// nodeModule is the package that a file in node_modules is of: "express", "@nestjs/core".
func nodeModule(file string) string {
	const folder = "/node_modules/"
	rest := file[strings.LastIndex(file, folder)+len(folder):]
	parts := strings.SplitN(rest, "/", 3)
	if strings.HasPrefix(rest, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}
