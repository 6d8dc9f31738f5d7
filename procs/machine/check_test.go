package machine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// goodMachine has nothing that would distort a measurement.
func goodMachine() Machine {
	return Machine{
		Cores: 8, UsableCores: figure.Of(8), Siblings: []system.CPUSet{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}},
		Descriptors: figure.Of(65536),
		PortFirst:   figure.Of(32768), PortLast: figure.Of(60999), TimeWait: figure.Of(12), TimeWaitReuse: figure.Of(2), AcceptQueueMost: figure.Of(4096),
		Tracked: figure.Of(100), TrackedMost: figure.Of(262144),
		Governors: []string{"performance"}, Turbo: figure.Of(0), OnBattery: figure.Of(0), Throttled: figure.Of(0), ClockSource: "tsc", Profiling: Profiling{Known: true},
		MemoryAvailableBytes: figure.Of(12e9), SwapBytes: figure.Of(0), SwapUsedBytes: figure.Of(0),
		Look: Look{
			Over: time.Second, CPUPercentOfCore: figure.Of(2), StealPercent: figure.Of(0), SwappedPages: figure.Of(0), MemoryPressurePercent: figure.Of(0), Throttled: figure.Of(0),
			Wakeups: 500, WakeupLateP50: 50 * time.Microsecond, WakeupLateP99: 200 * time.Microsecond,
		},
	}
}

var eightThousand = Need{Connections: 8000, By: "the 8,000 users of -w burst"}

func TestGoodMachineIsWell(t *testing.T) {
	for _, check := range goodMachine().Check(eightThousand) {
		if check.State != OK || check.ID == "" || check.Title == "" || len(check.Fix) > 0 {
			t.Errorf("%+v", check)
		}
	}
}

func TestMachineOfWhichNothingIsKnown(t *testing.T) {
	for _, check := range (Machine{}).Check(eightThousand) {
		if check.State != Unknown && check.State != OK {
			t.Errorf("of nothing it concludes %+v", check)
		}
		if check.State == OK && !slices.Contains([]string{"battery", "virtual_machine", "connection_tracking", "task_limit"}, check.ID) {
			t.Errorf("what is missing is taken for good: %+v", check)
		}
	}
}

func TestMachineIsJudged(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Machine)
		need   Need // eightThousand if empty
		id     string
		state  State
		says   string // in the title or the evidence
		fix    string
	}{
		"no profiles": {func(m *Machine) {
			m.Profiling = Profiling{Known: true, Refused: "the kernel lets only root take profiles", Fix: "sudo sysctl kernel.perf_event_paranoid=2"}
		}, Need{}, "profiles", Note, "only root", "sysctl kernel.perf_event_paranoid=2"},
		"one core":                {func(m *Machine) { m.Cores = 1; m.UsableCores = figure.Of(1) }, Need{}, "cores", Warning, "take turns", "--url"},
		"two cores":               {func(m *Machine) { m.Cores = 2; m.UsableCores = figure.Of(2); m.Siblings = []system.CPUSet{{0}, {1}} }, Need{}, "cores", Warning, "2 cores", "--server-cpus 0 --load-cpus 1"},
		"three cores":             {func(m *Machine) { m.UsableCores = figure.Of(3) }, Need{}, "cores", Warning, "of 8 that this process may use", "4 cores"},
		"four cores":              {func(m *Machine) { m.UsableCores = figure.Of(4) }, Need{}, "cores", OK, "4 cores of 8", ""},
		"two, kept apart":         {func(m *Machine) { m.UsableCores = figure.Of(2) }, Need{KeptApart: true}, "cores", Note, "what the generator leaves", "4 cores"},
		"quota of one and a half": {func(m *Machine) { m.CoreQuota = figure.Of(1.5) }, Need{}, "cores", Warning, "1.5 cores, and sees 8", "--cpuset-cpus"},
		"quota of all":            {func(m *Machine) { m.CoreQuota = figure.Of(8) }, Need{}, "cores", OK, "8 cores", ""},
		"hyperthreads": {
			func(m *Machine) { m.Siblings = []system.CPUSet{{0, 4}, {1, 5}, {2, 6}, {3, 7}} }, Need{},
			"hyperthreads", Note, "8 logical CPUs are 4 cores", "--server-cpus 0-2,4-6 --load-cpus 3,7",
		},

		"powersave":          {func(m *Machine) { m.Governors = []string{"powersave"} }, Need{}, "frequency_governor", Warning, "powersave", "cpupower frequency-set -g performance"},
		"one core schedutil": {func(m *Machine) { m.Governors = []string{"performance", "schedutil"}; m.Turbo = figure.Of(1) }, Need{}, "frequency_governor", Warning, "turbo is on", "performance"},
		"turbo":              {func(m *Machine) { m.Turbo = figure.Of(1) }, Need{}, "frequency_governor", Note, "turbo is on", "no_turbo"},
		"governor of a VM":   {func(m *Machine) { m.Governors = nil; m.Virtualization = "kvm" }, Need{}, "frequency_governor", Unknown, "host", ""},
		"hot now":            {func(m *Machine) { m.Throttled = figure.Of(9); m.Look.Throttled = figure.Of(3) }, Need{}, "heat", Warning, "3 times in 1 s", "cool it"},
		"was hot":            {func(m *Machine) { m.Throttled = figure.Of(9) }, Need{}, "heat", Note, "9 times", "cool it"},
		"battery":            {func(m *Machine) { m.OnBattery = figure.Of(1) }, Need{}, "battery", Warning, "battery", "plug it in"},
		"virtual machine":    {func(m *Machine) { m.Virtualization = "kvm"; m.Container = "docker" }, Need{}, "virtual_machine", Note, "kvm", "rounds"},
		"some steal":         {func(m *Machine) { m.Look.StealPercent = figure.Of(0.5) }, Need{}, "steal", Note, "0.5 %", "neighbours"},
		"steal":              {func(m *Machine) { m.Look.StealPercent = figure.Of(7) }, Need{}, "steal", Warning, "7 %", "neighbours"},
		"a trace of steal":   {func(m *Machine) { m.Look.StealPercent = figure.Of(0.1) }, Need{}, "steal", OK, "", ""},
		"busy other process": {
			func(m *Machine) {
				m.Look.CPUPercentOfCore, m.Look.OtherProcesses = figure.Of(96), []measure.OtherProcess{{Name: "rustc", PID: 27198, CPUPercentOfCore: 95}}
			}, Need{}, "busy_neighbours", Warning, "rustc (pid 27198): 95 % of a core", "close them",
		},
		"quiet other process": {func(m *Machine) { m.Look.CPUPercentOfCore = figure.Of(12) }, Need{}, "busy_neighbours", Note, "12 %", "close them"},
		"slow clock":          {func(m *Machine) { m.ClockSource = "hpet" }, Need{}, "clock_source", Warning, "hpet", "current_clocksource"},
		"late sleepers":       {func(m *Machine) { m.Look.WakeupLateP99 = 5 * time.Millisecond }, Need{}, "wake_ups", Warning, "5.00 ms at p99", "host"},

		"little memory":   {func(m *Machine) { m.MemoryAvailableBytes = figure.Of(4e8) }, Need{}, "memory", Warning, "400 MB", "ps aux"},
		"small container": {func(m *Machine) { m.MemoryMostBytes = figure.Of(5e8) }, Need{}, "memory", Warning, "container may use 500 MB", "docker run"},
		"large container": {func(m *Machine) { m.MemoryMostBytes = figure.Of(64e9) }, Need{}, "memory", OK, "12,000 MB", ""},
		"pressure":        {func(m *Machine) { m.Look.MemoryPressurePercent = figure.Of(4) }, Need{}, "memory", Warning, "4 %", "ps aux"},
		"swapping":        {func(m *Machine) { m.SwapBytes = figure.Of(2e9); m.Look.SwappedPages = figure.Of(1234) }, Need{}, "swap", Warning, "1,234 pages", "swapoff"},
		"swapped":         {func(m *Machine) { m.SwapBytes = figure.Of(2e9); m.SwapUsedBytes = figure.Of(3e8) }, Need{}, "swap", Note, "300 MB", "swapoff"},
		"empty swap":      {func(m *Machine) { m.SwapBytes = figure.Of(2e9) }, Need{}, "swap", OK, "empty", ""},

		"few descriptors":  {func(m *Machine) { m.Descriptors = figure.Of(1024) }, Need{}, "descriptor_limit", Warning, "1,024 files: too few for the 8,000 users", "--ulimit nofile=65536:65536"},
		"just enough":      {func(m *Machine) { m.Descriptors = figure.Of(8064) }, Need{}, "descriptor_limit", OK, "8,064", ""},
		"few are needed":   {func(m *Machine) { m.Descriptors = figure.Of(1024) }, Need{Connections: 64, By: "64"}, "descriptor_limit", OK, "", ""},
		"few ports":        {func(m *Machine) { m.PortFirst = figure.Of(60000) }, Need{}, "port_range", Warning, "1,000 ports", "ip_local_port_range"},
		"ports used up":    {func(m *Machine) { m.TimeWaitReuse = figure.Of(0); m.TimeWait = figure.Of(25000) }, Need{}, "port_range", Warning, "25,000 sockets hold theirs", "wait a minute"},
		"ports are held":   {func(m *Machine) { m.TimeWaitReuse = figure.Of(0) }, Need{}, "port_range", Note, "for a minute", "tcp_tw_reuse=2"},
		"ports are reused": {func(m *Machine) { m.TimeWait = figure.Of(25000) }, Need{}, "port_range", OK, "25,000 in TIME_WAIT", ""},
		"short queues":     {func(m *Machine) { m.AcceptQueueMost = figure.Of(128) }, Need{}, "accept_queue", Warning, "128", "net.core.somaxconn=4096"},
		"full firewall":    {func(m *Machine) { m.Tracked = figure.Of(260000) }, Need{}, "connection_tracking", Warning, "2,144 more", "nf_conntrack_max"},
		"few threads":      {func(m *Machine) { m.Tasks = figure.Of(200) }, Need{}, "task_limit", Warning, "200", "pids-limit"},
	} {
		t.Run(name, func(t *testing.T) {
			m := goodMachine()
			c.change(&m)
			need := c.need
			if need.Connections == 0 {
				need.Connections, need.By = eightThousand.Connections, eightThousand.By
			}
			for _, check := range m.Check(need) {
				if check.ID != c.id {
					if check.State == Warning {
						t.Errorf("it warns of %+v as well", check)
					}
					continue
				}
				if said := strings.Join(append(check.Evidence, check.Title), "\n"); check.State != c.state || !strings.Contains(said, c.says) {
					t.Errorf("%s, and says %s; want %s, and %q", check.State, said, c.state, c.says)
				}
				if fix := strings.Join(check.Fix, "\n"); !strings.Contains(fix, c.fix) || (c.state == Warning && fix == "") {
					t.Errorf("it is mended by %q, want %q", fix, c.fix)
				}
				return
			}
			t.Errorf("there is no check %s", c.id)
		})
	}
}
