package sample

import (
	"testing"

	"github.com/benchtui/benchtui/procs/system"
	"github.com/shirou/gopsutil/v3/cpu"
)

func TestStealAndInterruptsAreToldApart(t *testing.T) {
	var times HostTimes
	times.take([]cpu.TimesStat{{CPU: "cpu0"}, {CPU: "cpu1"}}, true)
	busy, steal, interrupts := times.take([]cpu.TimesStat{
		{CPU: "cpu0", User: 0.5, Idle: 0.2, Steal: 0.1, Softirq: 0.15, Irq: 0.05},
		{CPU: "cpu1", Idle: 1},
	}, true)
	if len(busy) != 2 || busy[0] < 79.9 || busy[0] > 80.1 || busy[1] != 0 {
		t.Errorf("busy %v, want 80 and 0", busy)
	}
	if steal.Value < 4.9 || steal.Value > 5.1 || interrupts.Value < 9.9 || interrupts.Value > 10.1 {
		t.Errorf("stolen %v, interrupted %v; want 5 and 10 %% of both cores", steal, interrupts)
	}
}

// A container that may use two of eight cores is told of all eight by the kernel.
func TestOnlyCoresOfTheRunCount(t *testing.T) {
	var all []cpu.TimesStat
	for _, name := range []string{"cpu0", "cpu1", "cpu2", "cpu3", "cpu6"} {
		all = append(all, cpu.TimesStat{CPU: name})
	}
	kept := within(all, system.CPUSet{1, 6})
	if len(kept) != 2 || kept[0].CPU != "cpu1" || kept[1].CPU != "cpu6" {
		t.Errorf("kept %+v", kept)
	}
	if len(within(all, nil)) != 5 {
		t.Error("without a set all count")
	}
}
