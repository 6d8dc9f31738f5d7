//go:build !linux

package system

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/shirou/gopsutil/v3/process"
)

// Family is the process and its descendants.
func Family(root *process.Process) []*process.Process {
	all := []*process.Process{root}
	children, err := root.Children()
	if err != nil {
		return all
	}
	for _, child := range children {
		all = append(all, Family(child)...)
	}
	return all
}

// HeldReplies are missing on this platform.
func HeldReplies(int) figure.Value { return figure.Value{} }
