package live

import (
	"math"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// The pauses from which on a sign is a larger one, ms.
const longPause, veryLongPause = 10, 100

// pauseSign is the sign of a pause by its length.
func pauseSign(ms float64) rune {
	switch {
	case ms >= veryLongPause:
		return '▼'
	case ms >= longPause:
		return '▾'
	}
	return '·'
}

// drawPauses marks the pauses of the server's runtime in the first line of a graph: of each
// column the longest. Short ones, which a collector may have twenty times a second, leave
// what else stands there.
func drawPauses(s *term.Surface, graph term.Rect, x chart.Axis, measuring *view.Measuring) {
	if graph.Empty() || measuring.Runtime.Pauses.Len() == 0 {
		return
	}
	longest := make([]float64, graph.W)
	pauses := &measuring.Runtime.Pauses
	for i := range pauses.Len() {
		pause := pauses.At(i)
		at := measuring.Seconds(pause.At)
		if at < x.Min || at > x.Max {
			continue
		}
		column := chart.Pixel(x.Place(at), graph.W*2) / 2
		longest[column] = max(longest[column], pause.MS)
	}
	for column, ms := range longest {
		r := s.At(graph.X+column, graph.Y)
		if ms >= longPause || ms > 0 && (r == ' ' || r == chart.Hatch) {
			s.Set(graph.X+column, graph.Y, pauseSign(ms), term.RolePause)
		}
	}
}

// pausedSpans say which share of the last second, or of that at the cursor, the server's
// runtime let none of its code run, or that it does not tell.
func pausedSpans(measuring *view.Measuring, charts chartView) []term.Span {
	if share, ok := measuring.Runtime.PausedOver(toldOver, toldBefore(measuring, charts)); ok {
		label := "  ▾ paused"
		if charts.in.W < 48 {
			label = "  ▾"
		}
		return []term.Span{term.Say(label, term.RolePause), term.Say(" "+figure.Percent(share), term.RoleText)}
	}
	if len(measuring.Runtime.Lacks) > 0 {
		return []term.Span{term.Say("  ▾ paused "+figure.Missing, term.RoleDim)}
	}
	for _, one := range measuring.Runtime.Untold {
		return []term.Span{term.Say(untoldWords(one, charts.in.W), term.RoleDim)}
	}
	return nil
}

// toldOver is the time over which the figures of a runtime are told, s.
const toldOver = 1

// toldBefore is the moment, s, before which they are told: the cursor's, or the last.
func toldBefore(measuring *view.Measuring, charts chartView) float64 {
	if charts.Reading() {
		return charts.Cursor - measuring.Seconds(0)
	}
	if last, ok := measuring.Runtime.Points.Last(); ok {
		return last.At
	}
	return math.Inf(1)
}

// waitingSpans say how many tasks of the server waited for a thread of its scheduler.
func waitingSpans(measuring *view.Measuring, charts chartView) []term.Span {
	waiting, ok := measuring.Runtime.RunQueueOver(toldOver, toldBefore(measuring, charts))
	if !ok {
		return nil
	}
	return []term.Span{term.Say("  run queue", term.RoleDim), term.Say(" "+figure.Digits(waiting, 1), term.RoleText)}
}

// untoldWords say of a runtime that does not tell of its pauses why, and what has it tell.
func untoldWords(one measure.Untold, width int) string {
	switch {
	case width < 48:
		return "  ▾ " + figure.Missing
	case one.Name == "":
		return "  ▾ no collector known"
	case one.Ask != "":
		return "  ▾ paused " + figure.Missing + ", tells by " + one.Ask
	}
	return "  ▾ paused " + figure.Missing + " (" + one.Name + ")"
}

// compiling is the share of a core that the server's runtime compiled for, over time, and
// the last of it; nothing where it has been less than a percent throughout.
func compiling(measuring *view.Measuring, charts chartView) (columns []chart.Column, last, high float64) {
	points := &measuring.Runtime.Points
	for i := range points.Len() {
		point := points.At(i)
		column := chart.Column{From: measuring.Seconds(point.From), To: measuring.Seconds(point.At), Value: point.Compiling.Value}
		if !point.Compiling.Known || column.To < charts.From {
			continue
		}
		columns = append(columns, column)
		last, high = column.Value, max(high, column.Value)
	}
	if high < 1 {
		return nil, 0, 0
	}
	return columns, last, high
}

// heapSpans say how full the heap is.
func heapSpans(measuring *view.Measuring) []term.Span {
	last, ok := measuring.Runtime.Points.Last()
	if !ok || !last.Heap.Known {
		return nil
	}
	told := figure.Whole(last.Heap.Value)
	if last.HeapLimit.Known {
		told += " of " + figure.Whole(last.HeapLimit.Value)
	}
	return []term.Span{term.Say("  heap", term.RoleDim), term.Say(" "+told, term.RoleText)}
}
