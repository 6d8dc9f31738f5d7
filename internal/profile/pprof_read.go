package profile

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"github.com/benchtui/benchtui/internal/foreign"
)

// What a profile may hold that somebody else wrote. A profile of ours has some ten
// thousand stacks at most.
const (
	maxPprofBytes   = 32 << 20 // uncompressed
	maxPprofParts   = 500_000  // messages and texts
	maxPprofNumbers = 8_000_000
	maxDepth        = 2048 // frames of a stack, counted from the leaf
	maxText         = 2000 // characters of a name
)

var errPprofTooLarge = errors.New("a profile larger than any that a run takes")

// ReadPprof reads what WritePprof wrote, and any other CPU profile of the format, whose
// frames are of no known kind. What the text in it could do to a screen it can no more.
func ReadPprof(r io.Reader) (*Profile, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPprofBytes+1))
	if err == nil && len(data) > 1 && data[0] == 0x1f && data[1] == 0x8b {
		var packed *gzip.Reader
		if packed, err = gzip.NewReader(bytes.NewReader(data)); err == nil {
			data, err = io.ReadAll(io.LimitReader(packed, maxPprofBytes+1))
		}
	}
	if err == nil {
		err = pprofBounds(data)
	}
	if err != nil {
		return nil, fmt.Errorf("read a profile: %w", err)
	}
	in, err := profile.ParseUncompressed(data)
	if err == nil {
		err = in.CheckValid()
	}
	if err != nil {
		return nil, fmt.Errorf("read a profile: %w", err)
	}
	return fromPprof(in)
}

// pprofBounds counts what a profile would become before it is: its messages two levels
// deep, and the numbers in them.
func pprofBounds(data []byte) error {
	if len(data) > maxPprofBytes {
		return errPprofTooLarge
	}
	parts, numbers := 0, 0
	var walk func(data []byte, depth int) error
	walk = func(data []byte, depth int) error {
		for len(data) > 0 {
			tag, size := binary.Uvarint(data)
			if size <= 0 {
				return errors.New("not in the format of pprof")
			}
			data = data[size:]
			length := 0
			switch tag & 7 {
			case 0:
				if _, length = binary.Uvarint(data); length <= 0 {
					return errors.New("not in the format of pprof")
				}
				numbers++
			case 1:
				length = 8
			case 5:
				length = 4
			case 2:
				said, size := binary.Uvarint(data)
				if size <= 0 || said > uint64(len(data)-size) {
					return errors.New("not in the format of pprof, or cut off")
				}
				data, length = data[size:], int(said)
				parts++
				switch {
				case depth == 0 && tag>>3 >= 1 && tag>>3 <= 5: // types, samples, mappings, locations, functions
					if err := walk(data[:length], 1); err != nil {
						return err
					}
				case depth == 0 && tag>>3 == 6: // a text
				default:
					numbers += length // packed, a byte each at least
				}
			default:
				return errors.New("not in the format of pprof")
			}
			if length > len(data) {
				return errors.New("not in the format of pprof, or cut off")
			}
			data = data[length:]
			if parts > maxPprofParts || numbers > maxPprofNumbers {
				return errPprofTooLarge
			}
		}
		return nil
	}
	return walk(data, 0)
}

func fromPprof(in *profile.Profile) (*Profile, error) {
	count, weight, unit, err := pprofValues(in)
	if err != nil {
		return nil, fmt.Errorf("read a profile: %w", err)
	}
	rest := pprofRest(in)
	about := Profile{Source: rest.Source, Start: time.Duration(rest.StartNanos), Duration: time.Duration(in.DurationNanos), Lost: max(0, rest.Lost)}
	if in.PeriodType != nil && in.Period > 0 {
		about.Period = min(time.Duration(in.Period)*nanosecondsOf(in.PeriodType.Unit), time.Hour)
	}
	for _, span := range []*time.Duration{&about.Start, &about.Duration, &about.Period} {
		if *span < 0 || *span > longest {
			*span = 0
		}
	}
	functions := map[*profile.Function]besidesOf{}
	for i, function := range in.Function {
		var one besidesOf
		if i < len(rest.Kinds) {
			one.kind = kindOf(rest.Kinds[i])
		}
		if i < len(rest.Columns) {
			one.column = lineNumber(int64(rest.Columns[i]))
		}
		functions[function] = one
	}
	var build Builder
	for _, process := range rest.Processes {
		build.Process(process)
	}
	for _, note := range rest.Notes {
		build.Note(note)
	}
	threads := map[threadKey]int{}
	for _, thread := range rest.Threads {
		threads[threadKey{thread.PID, thread.ID, thread.Name}] = build.Thread(thread)
	}
	frames := make(map[*profile.Location][]int, len(in.Location))
	for _, location := range in.Location {
		frames[location] = pprofFrames(&build, location, functions)
	}
	var stack []int
	var total time.Duration
	for _, sample := range in.Sample {
		one := Sample{Thread: -1, Count: 1, Weight: time.Duration(sample.Value[weight])}
		if count >= 0 {
			one.Count = int(min(max(sample.Value[count], -1), math.MaxInt32))
		}
		if one.Weight <= 0 || one.Count < 0 || one.Weight > 1000*longest/unit {
			continue // a difference of two profiles has those
		}
		one.Weight *= unit
		if total += one.Weight; total > 1000*longest {
			return nil, fmt.Errorf("read a profile: %w", errPprofTooLarge)
		}
		stack = stack[:0]
		for _, location := range sample.Location {
			stack = append(stack, frames[location]...)
		}
		one.Stack = stack[:min(len(stack), maxDepth)]
		if key := pprofThread(sample); key != (threadKey{}) {
			index, known := threads[key]
			if !known {
				index = build.Thread(Thread{PID: key.pid, ID: key.tid, Name: key.name})
				threads[key] = index
			}
			one.Thread = index
		}
		build.Add(one)
	}
	return build.Profile(about), nil
}

// pprofValues says which of a sample's values are how often it was seen, -1 if none is,
// and its time, and in which unit.
func pprofValues(in *profile.Profile) (count, weight int, unit time.Duration, err error) {
	count, weight = -1, -1
	for i, kind := range in.SampleType {
		switch {
		case kind.Unit == "count" && kind.Type == "samples":
			count = i
		case kind.Type == "cpu" || kind.Type == "wall" && weight < 0:
			if nanosecondsOf(kind.Unit) > 0 {
				weight = i
			}
		}
	}
	switch {
	case weight >= 0:
		return count, weight, nanosecondsOf(in.SampleType[weight].Unit), nil
	case count >= 0 && in.PeriodType != nil && in.Period > 0 && in.Period < int64(time.Hour) && nanosecondsOf(in.PeriodType.Unit) == 1:
		return count, count, time.Duration(in.Period), nil
	}
	return 0, 0, 0, errors.New("it is of something else than CPU time")
}

func nanosecondsOf(unit string) time.Duration {
	switch unit {
	case "nanoseconds", "ns":
		return time.Nanosecond
	case "microseconds", "us":
		return time.Microsecond
	case "milliseconds", "ms":
		return time.Millisecond
	}
	return 0
}

// pprofRest is what our own comment says, made harmless.
func pprofRest(in *profile.Profile) besides {
	var rest besides
	for _, comment := range in.Comments {
		if said, ours := strings.CutPrefix(comment, commentMark); ours {
			var read besides
			if json.Unmarshal([]byte(said), &read) == nil {
				rest = read
			}
		}
	}
	rest.Source = text(rest.Source)
	for i := range rest.Processes {
		rest.Processes[i].Name = text(rest.Processes[i].Name)
	}
	for i := range rest.Threads {
		rest.Threads[i].Name = text(rest.Threads[i].Name)
	}
	for i := range rest.Notes {
		rest.Notes[i] = Note{Lacks: text(rest.Notes[i].Lacks), Fix: text(rest.Notes[i].Fix)}
	}
	return rest
}

// pprofFrames are a location's frames, the innermost of those inlined into each other
// first. A location without a name is told by its address.
func pprofFrames(build *Builder, location *profile.Location, functions map[*profile.Function]besidesOf) []int {
	module := ""
	if location.Mapping != nil {
		module = text(location.Mapping.File)
	}
	var list []int
	for _, line := range location.Line[:min(len(location.Line), maxDepth)] {
		frame := Frame{Module: module, Line: lineNumber(line.Line)}
		if line.Function != nil {
			frame.Function, frame.File, frame.Start = text(line.Function.Name), text(line.Function.Filename), lineNumber(line.Function.StartLine)
			frame.Kind, frame.Column = functions[line.Function].kind, functions[line.Function].column
		}
		list = append(list, build.Frame(frame))
	}
	if len(list) == 0 {
		list = append(list, build.Frame(Frame{Function: fmt.Sprintf("%#x", location.Address), Module: module}))
	}
	return list
}

// besidesOf is what our own comment says of a function.
type besidesOf struct {
	kind   Kind
	column int
}

type threadKey struct {
	pid, tid int
	name     string
}

func pprofThread(sample *profile.Sample) threadKey {
	var key threadKey
	if names := sample.Label[labelThread]; len(names) > 0 {
		key.name = text(names[0])
	}
	if numbers := sample.NumLabel[labelPID]; len(numbers) > 0 {
		key.pid = int(numbers[0])
	}
	if numbers := sample.NumLabel[labelTID]; len(numbers) > 0 {
		key.tid = int(numbers[0])
	}
	return key
}

func lineNumber(line int64) int {
	if line < 0 || line > 1<<31-1 {
		return 0
	}
	return int(line)
}

// text makes what others named harmless, and bounds it.
func text(given string) string {
	given = foreign.Line(given)
	if len(given) <= maxText {
		return given
	}
	return strings.ToValidUTF8(given[:maxText], "") + "…"
}
