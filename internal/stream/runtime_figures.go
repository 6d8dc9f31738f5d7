package stream

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
)

// NamedValue is a figure under its name.
type NamedValue struct{ Name, Value string }

// RuntimeFigures are what the language runtimes of a server told of their pauses, their heap and
// their compiler, or why they did not; nothing where that is not known.
func (p *ProcessResult) RuntimeFigures() (told []NamedValue) {
	if p == nil {
		return nil
	}
	r := p.Runtime
	if r == nil {
		r = &RuntimeResult{}
	}
	note := foreign.Text(p.RuntimeNote)
	if r.Pauses == nil && note != "" {
		told, note = append(told, NamedValue{"pauses", "not known; " + note}), ""
	}
	if r.Pauses != nil {
		words := figure.Whole(*r.Pauses)
		if r.PauseShare != nil {
			words += ", " + figure.Percent(*r.PauseShare) + " of the time"
		}
		if r.PauseMSMax != nil {
			words += ", the longest " + figure.MS(*r.PauseMSMax)
		}
		told = append(told, NamedValue{"pauses", words})
	}
	add := func(name string, value *float64, write func(float64) string) {
		if value != nil {
			told = append(told, NamedValue{name, write(*value)})
		}
	}
	add("heap, at most", r.HeapMBMax, func(v float64) string {
		if r.HeapLimitMB == nil {
			return figure.MB(v)
		}
		return figure.MB(v) + " of " + figure.MB(*r.HeapLimitMB)
	})
	add("compiling", r.CompilingPercentMean, figure.OfCore)
	lacks := foreign.Text(p.RunQueueNote)
	switch {
	case r.RunQueueMean == nil && lacks != "":
		told = append(told, NamedValue{"run queue", "not known; " + lacks})
	case lacks != "":
		told = append(told, NamedValue{"run queue", figure.Digits(*r.RunQueueMean, 1) + ", and what is not known of some processes: " + lacks})
	default:
		add("run queue", r.RunQueueMean, func(v float64) string { return figure.Digits(v, 1) })
	}
	if note != "" {
		told = append(told, NamedValue{"note", note})
	}
	return told
}
