package choose

import (
	"github.com/benchtui/benchtui/tui/term"
)

// layout is where the parts of the choose screen are; an empty one is left out.
type layout struct{ title, list, workload, about, warnings, problem term.Rect }

// What the boxes of the choose screen take, borders and all.
const (
	workloadRows = 7
	leastList    = 12
	leastBelow   = 5 // of the boxes below: fewer lines say too little
	mostBelow    = 12
)

func layoutOf(area term.Rect, contenders int) layout {
	var l layout
	l.title, area = area.CutTop(1)
	area, l.problem = area.CutBottom(1)
	if area.H < 12 || area.W < 40 { // one column without the luxuries
		if area.H >= 6 {
			area, l.workload = area.CutBottom(3)
		}
		l.list = area
		return l
	}
	if area.W >= 130 {
		columns := area.Columns(3, 2)
		l.list = columns[0]
		l.workload, area = columns[1].CutTop(workloadRows)
		l.about, l.warnings = area.CutTop(min(mostBelow, area.H/3))
		return l
	}
	spare := area.H - workloadRows - max(leastList, min(contenders+2, area.H-workloadRows-leastBelow))
	if spare >= leastBelow && area.W >= 60 {
		var below term.Rect
		area, below = area.CutBottom(min(spare, mostBelow))
		columns := below.Columns(2, 3)
		l.about, l.warnings = columns[0], columns[1]
	}
	l.list, l.workload = area.CutBottom(min(workloadRows, max(5, area.H-leastList)))
	return l
}
