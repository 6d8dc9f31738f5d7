package chart

import "github.com/benchtui/benchtui/internal/scale"

// Axis is a range of values and what is named beside it. Labels are ASCII: the chart
// library measures them in bytes.
type Axis = scale.Scale

// Steps is how many steps the y axis of a graph of so many rows has: its labels stand on
// the lines between rows, from the x axis up, or else on the rows themselves.
func (p *Plot) Steps(rows int) int {
	if p.HideX {
		return rows - 1
	}
	return rows
}

// Moments is how many labels of moments there is room for.
func Moments(columns int) int { return max(1, columns/8) }
