package profile

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// WritePprof writes a profile as `go tool pprof` opens it: google/pprof's profile.proto,
// compressed. What the format has no place for stands in a comment, for ReadPprof.
func WritePprof(w io.Writer, p *Profile) error {
	out := &profile.Profile{
		SampleType:    []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType:    &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:        int64(p.Period),
		DurationNanos: int64(p.Duration),
	}
	mappings := map[string]*profile.Mapping{}
	functions := map[Function]*profile.Function{}
	var kinds strings.Builder
	var columns []int
	anyColumn := false
	for i, frame := range p.Frames {
		mapping := mappings[frame.Module]
		if mapping == nil {
			// Nobody shall look for the names again, nor for the files on another machine.
			mapping = &profile.Mapping{ID: uint64(len(mappings) + 1), File: frame.Module, HasFunctions: true, HasFilenames: true, HasLineNumbers: true, HasInlineFrames: true}
			mappings[frame.Module] = mapping
			out.Mapping = append(out.Mapping, mapping)
		}
		function := functions[frame.Of()]
		if function == nil {
			function = &profile.Function{ID: uint64(len(functions) + 1), Name: frame.Function, SystemName: frame.Function, Filename: frame.File, StartLine: int64(frame.Start)}
			functions[frame.Of()] = function
			out.Function = append(out.Function, function)
			kinds.WriteString(frame.Kind.Letter())
			columns, anyColumn = append(columns, frame.Column), anyColumn || frame.Column > 0
		}
		out.Location = append(out.Location, &profile.Location{ID: uint64(i + 1), Mapping: mapping, Line: []profile.Line{{Function: function, Line: int64(frame.Line), Column: int64(frame.Of().columnAt(frame.Line))}}})
	}
	for _, sample := range p.Samples {
		one := &profile.Sample{Value: []int64{int64(sample.Count), int64(sample.Weight)}, Location: make([]*profile.Location, 0, len(sample.Stack))}
		for _, frame := range sample.Stack {
			one.Location = append(one.Location, out.Location[frame])
		}
		if sample.Thread >= 0 {
			thread := p.Threads[sample.Thread]
			one.Label = map[string][]string{labelThread: {thread.Name}}
			one.NumLabel = map[string][]int64{labelPID: {int64(thread.PID)}, labelTID: {int64(thread.ID)}}
		}
		out.Sample = append(out.Sample, one)
	}
	if !anyColumn {
		columns = nil
	}
	rest, err := json.Marshal(besides{Source: p.Source, StartNanos: int64(p.Start), Processes: p.Processes, Threads: p.Threads, Lost: p.Lost, Notes: p.Notes, Kinds: kinds.String(), Columns: columns})
	if err != nil {
		return fmt.Errorf("write what a profile is of: %w", err)
	}
	out.Comments = []string{commentMark + string(rest)}
	if err := out.Write(w); err != nil {
		return fmt.Errorf("write a profile for pprof: %w", err)
	}
	return nil
}

const (
	labelThread = "thread"
	labelPID    = "pid"
	labelTID    = "tid"
	commentMark = "benchtui/profile/v1 "
)

// besides is what profile.proto has no place for.
type besides struct {
	Source     string    `json:"source"`
	StartNanos int64     `json:"start_ns,omitempty"`
	Processes  []Process `json:"processes,omitempty"`
	Threads    []Thread  `json:"threads,omitempty"`
	Lost       int       `json:"lost,omitempty"`
	Notes      []Note    `json:"notes,omitempty"`
	Kinds      string    `json:"kinds,omitempty"`   // a letter for each function
	Columns    []int     `json:"columns,omitempty"` // of each function; none: no line is that of several
}

// Format is one of the formats in which a profile can be written.
type Format struct {
	Name     string
	Suffixes []string
	Write    func(io.Writer, *Profile) error
}

// Formats are all of them.
var Formats = []Format{
	{"pprof", []string{".pb.gz", ".pprof"}, WritePprof},
	{"Speedscope", []string{".speedscope.json", ".json"}, WriteSpeedscope},
	{"collapsed stacks", []string{".folded", ".collapsed", ".txt"}, WriteCollapsed},
}

// FormatOf is the format that a file's name asks for by its suffix.
func FormatOf(name string) (Format, error) {
	lower, all := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/"))), []string{}
	for _, format := range Formats {
		for _, suffix := range format.Suffixes {
			if strings.HasSuffix(lower, suffix) && lower != suffix {
				return format, nil
			}
		}
		all = append(all, strings.Join(format.Suffixes, " or ")+" ("+format.Name+")")
	}
	return Format{}, fmt.Errorf("%s: a profile's format is told by its suffix: %s", name, strings.Join(all, ", "))
}

// longest is how long a profile of ours may be; one that says it lasted longer is none.
const longest = 30 * 24 * time.Hour
