package profile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// The parts of Speedscope's file format that a sampled profile needs
// (https://www.speedscope.app/file-format-schema.json).
type (
	speedscopeFile struct {
		Schema   string              `json:"$schema"`
		Exporter string              `json:"exporter"`
		Name     string              `json:"name"`
		Active   int                 `json:"activeProfileIndex"`
		Shared   speedscopeShared    `json:"shared"`
		Profiles []speedscopeProfile `json:"profiles"`
	}
	speedscopeShared struct {
		Frames []speedscopeFrame `json:"frames"`
	}
	speedscopeFrame struct {
		Name string `json:"name"`
		File string `json:"file,omitempty"`
		Line int    `json:"line,omitempty"`
		Col  int    `json:"col,omitempty"`
	}
	speedscopeProfile struct {
		Type       string  `json:"type"`
		Name       string  `json:"name"`
		Unit       string  `json:"unit"`
		StartValue int64   `json:"startValue"`
		EndValue   int64   `json:"endValue"`
		Samples    [][]int `json:"samples"`
		Weights    []int64 `json:"weights"`
	}
)

// WriteSpeedscope writes a profile as speedscope.app opens it: first all threads in one,
// then each for itself, the busiest first.
func WriteSpeedscope(w io.Writer, p *Profile) error {
	file := speedscopeFile{Schema: "https://www.speedscope.app/file-format-schema.json", Exporter: "benchtui", Name: cmp.Or(p.Source, "profile"),
		Shared: speedscopeShared{Frames: []speedscopeFrame{}}}
	lines := map[Function]int{}
	for _, hot := range p.Hottest(BySelf) {
		lines[hot.Function] = cmp.Or(hot.Start, hot.Line)
	}
	functions := map[Function]int{}
	frames := make([]int, len(p.Frames)) // of each frame, its function among the file's frames
	for i, frame := range p.Frames {
		index, known := functions[frame.Of()]
		if !known {
			index = len(file.Shared.Frames)
			functions[frame.Of()] = index
			file.Shared.Frames = append(file.Shared.Frames, speedscopeFrame{Name: frame.Function, File: frame.File, Line: lines[frame.Of()], Col: frame.Column})
		}
		frames[i] = index
	}
	all := speedscopeOf("all threads")
	byThread := make([]*speedscopeProfile, len(p.Threads))
	for _, sample := range p.Samples {
		stack := make([]int, 0, len(sample.Stack))
		for _, index := range slices.Backward(sample.Stack) {
			stack = append(stack, frames[index])
		}
		all.add(stack, sample.Weight)
		if sample.Thread < 0 {
			continue
		}
		if byThread[sample.Thread] == nil {
			thread := p.Threads[sample.Thread]
			byThread[sample.Thread] = speedscopeOf(fmt.Sprintf("%s (pid %d, thread %d)", cmp.Or(thread.Name, "thread"), thread.PID, thread.ID))
		}
		byThread[sample.Thread].add(stack, sample.Weight)
	}
	byThread = slices.DeleteFunc(byThread, func(one *speedscopeProfile) bool { return one == nil })
	slices.SortStableFunc(byThread, func(a, b *speedscopeProfile) int { return cmp.Compare(b.EndValue, a.EndValue) })
	file.Profiles = append(file.Profiles, *all)
	if len(byThread) > 1 {
		for _, one := range byThread {
			file.Profiles = append(file.Profiles, *one)
		}
	}
	if err := json.NewEncoder(w).Encode(file); err != nil {
		return fmt.Errorf("write a profile for Speedscope: %w", err)
	}
	return nil
}

func speedscopeOf(name string) *speedscopeProfile {
	return &speedscopeProfile{Type: "sampled", Name: name, Unit: "nanoseconds", Samples: [][]int{}, Weights: []int64{}}
}

func (s *speedscopeProfile) add(stack []int, weight time.Duration) {
	s.Samples = append(s.Samples, stack)
	s.Weights = append(s.Weights, weight.Nanoseconds())
	s.EndValue += weight.Nanoseconds()
}
