package run

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs/machine"
	"github.com/benchtui/benchtui/procs/system"
)

func TestMachineIsWarnedOfInALine(t *testing.T) {
	checks := []machine.Check{
		{State: machine.OK, Title: "well"},
		{State: machine.Warning, Title: "2 cores"},
		{State: machine.Note, Title: "a virtual machine"},
		{State: machine.Warning, Title: "the machine swaps"},
	}
	if got, want := machineNotice(checks), "2 cores; the machine swaps (benchtui doctor says how to mend it)"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := machineNotice(checks[:1]); got != "" {
		t.Errorf("of a good machine it says %q", got)
	}
}

func TestDoctorSaysByWhichClockLatenciesEnd(t *testing.T) {
	if check := checkArrival(true); check.State != machine.OK || len(check.Fix) > 0 {
		t.Errorf("where it is told: %+v", check)
	}
	if check := checkArrival(false); check.State != machine.Note || !strings.Contains(check.Title, "when benchtui reads it") || len(check.Fix) == 0 {
		t.Errorf("where it is not: %+v", check)
	}
}

func TestNeedIsThatOfTheLoad(t *testing.T) {
	if need := DefaultNeed(); need.Connections != 8000 || !strings.Contains(need.By, "8,000 users of -w") {
		t.Errorf("by default %+v", need)
	}
	plan := Plan{Workload: plan.Workload{Name: "rate", Load: traffic.Load{Model: traffic.Rate, Connections: 512}}}
	if need := plan.need(); need.Connections != 512 || need.KeptApart {
		t.Errorf("of 512 connections: %+v", need)
	}
	plan.ServerCPUs, plan.LoadCPUs = system.CPUSet{0}, system.CPUSet{1}
	if need := plan.need(); !need.KeptApart {
		t.Errorf("with CPUs of their own: %+v", need)
	}
	plan.LoadCPUs = system.CPUSet{0, 1}
	if need := plan.need(); need.KeptApart {
		t.Errorf("with a CPU in common: %+v", need)
	}
}
