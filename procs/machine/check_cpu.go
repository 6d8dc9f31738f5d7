package machine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/procs/system"
)

// enoughCores is from how many cores on a server can use several while the
// generator has one.
const enoughCores = 4

func (m Machine) checkCores(need Need) (check Check) {
	defer func() { check.ID = "cores" }()
	if m.Cores == 0 {
		return unknown("how many cores there are can't be read")
	}
	usable := least(figure.Of(float64(m.Cores)), m.UsableCores).Value
	if m.CoreQuota.Known && m.CoreQuota.Value < usable {
		return Check{
			State: Warning,
			Title: fmt.Sprintf("this container may use the time of %s, and sees %s", cores(m.CoreQuota.Value), rounded(usable)),
			Evidence: []string{
				"server and generator together are stopped when their share of each tenth of a second is used up: latency comes in steps",
			},
			Fix: []string{"run it without a bound (docker run without --cpus, no cpu limit of the pod), or bound it by whole cores: `docker run --cpuset-cpus 0-3`"},
		}
	}
	of := ""
	if usable < float64(m.Cores) {
		of = fmt.Sprintf(" of %d that this process may use", m.Cores)
	}
	fix := []string{fmt.Sprintf("measure on a machine with at least %d cores", enoughCores)}
	switch {
	case usable < 2:
		return Check{
			State:    Warning,
			Title:    "one core" + of + ": server and generator take turns on it",
			Evidence: []string{"what the generator spends is missing from the server, and each waits for the other"},
			Fix:      append(fix, "or run the server on another machine, and load it with "+flagname.URL),
		}
	case usable < enoughCores && !need.KeptApart:
		return Check{
			State:    Warning,
			Title:    fmt.Sprintf("%s cores%s: server and generator share them", rounded(usable), of),
			Evidence: []string{"a server that uses more than one core competes with the generator, and gets less than it would alone"},
			Fix:      append(fix, m.pinning()),
		}
	case usable < enoughCores:
		return Check{
			State: Note, Title: fmt.Sprintf("%s cores%s: the server has what the generator leaves", rounded(usable), of), Fix: fix,
		}
	}
	return ok(fmt.Sprintf("%s cores%s", rounded(usable), of))
}

// pinning is how to keep server and generator apart here: the generator gets a
// quarter of the cores, and nobody gets half of one.
func (m Machine) pinning() string {
	const words = "or keep them apart: `benchtui run " + flagname.ServerCPUs + " %s " + flagname.LoadCPUs + " %s`"
	if len(m.Siblings) < 2 {
		return fmt.Sprintf(words, "0", "1")
	}
	cut := len(m.Siblings) - max(1, len(m.Siblings)/4)
	side := func(cores []system.CPUSet) system.CPUSet {
		all := system.CPUSet(slices.Concat(cores...))
		slices.Sort(all)
		return all
	}
	return fmt.Sprintf(words, side(m.Siblings[:cut]), side(m.Siblings[cut:]))
}

func (m Machine) checkSiblings() (check Check) {
	defer func() { check.ID = "hyperthreads" }()
	switch {
	case len(m.Siblings) == 0:
		return unknown("which logical CPUs share a core can't be read")
	case len(m.Siblings) >= m.Cores:
		return ok("every logical CPU is a core of its own")
	}
	return Check{
		State:    Note,
		Title:    fmt.Sprintf("%d logical CPUs are %s", m.Cores, cores(float64(len(m.Siblings)))),
		Evidence: []string{"two busy threads on the two halves of a core slow each other down, by chance from run to run"},
		Fix:      []string{"repeat it in rounds, " + m.pinning()},
	}
}

func (m Machine) checkClocks() (check Check) {
	defer func() { check.ID = "frequency_governor" }()
	const turbo = "turbo is on: cores are faster for the first seconds, and while others idle"
	fixTurbo := "for runs that must compare, switch it off: `echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost` (Intel: `echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo`)"
	moving := slices.DeleteFunc(slices.Clone(m.Governors), func(governor string) bool { return governor == "performance" || governor == "userspace" })
	switch {
	case len(m.Governors) == 0 && m.Virtualization != "":
		return unknown("the cores' frequency governor is the virtual machine's host's, and not seen from here")
	case len(m.Governors) == 0:
		return unknown("the cores' frequency governor can't be read")
	case len(moving) > 0:
		check = Check{
			State:    Warning,
			Title:    fmt.Sprintf("the frequency governor %s changes the cores' clock with the load", strings.Join(moving, ", ")),
			Evidence: []string{"a server is slower at the start of a load and under a low one than it need be, and the faster one is favoured"},
			Fix:      []string{"`sudo cpupower frequency-set -g performance`, or `echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor`"},
		}
		if m.Turbo.Value == 1 {
			check.Evidence = append(check.Evidence, turbo)
		}
		return check
	case m.Turbo.Value == 1:
		return Check{State: Note, Title: turbo, Fix: []string{fixTurbo}}
	}
	return ok("the cores keep their clock: governor " + strings.Join(m.Governors, ", "))
}

// cores writes how many: "0.5 cores", "1 core".
func cores(of float64) string {
	if of == 1 {
		return "1 core"
	}
	return rounded(of) + " cores"
}

func (m Machine) checkHeat() (check Check) {
	defer func() { check.ID = "heat" }()
	const fix = "cool it (a hard ground, a free fan), leave pauses between runs, and repeat in rounds"
	switch {
	case !m.Throttled.Known:
		return unknown("whether cores are slowed down for their heat can't be read")
	case m.Look.Throttled.Value > 0:
		return Check{
			State: Warning, Passing: true, Title: "cores are slowed down for their heat, now",
			Evidence: []string{fmt.Sprintf("%s in %s s", figure.Times(uint64(m.Look.Throttled.Value)), rounded(m.Look.Over.Seconds()))}, Fix: []string{fix},
		}
	case m.Throttled.Value > 0:
		return Check{
			State: Note, Title: fmt.Sprintf("cores were slowed down for their heat %s since the machine began", figure.Times(uint64(m.Throttled.Value))), Fix: []string{fix},
		}
	}
	return ok("no core was ever slowed down for its heat")
}

func (m Machine) checkBattery() (check Check) {
	defer func() { check.ID = "battery" }()
	switch {
	case m.OnBattery.Value == 1:
		return Check{
			State: Warning, Title: "the machine runs on its battery, and saves it",
			Fix: []string{"plug it in"},
		}
	case m.OnBattery.Known:
		return ok("the battery does not feed the machine")
	}
	return ok("no battery")
}

func (m Machine) checkVirtualization() (check Check) {
	defer func() { check.ID = "virtual_machine" }()
	contained := ""
	if m.Container != "" {
		contained = "; in a container (" + m.Container + ")"
	}
	if m.Virtualization == "" {
		return ok("no virtual machine is seen" + contained)
	}
	title := "a virtual machine"
	if m.Virtualization != someHypervisor {
		title += " (" + m.Virtualization + ")"
	}
	return Check{
		State:    Note,
		Title:    title + contained,
		Evidence: []string{"its neighbours on the same host come and go unseen; CPU that they take shows as steal, caches and memory do not"},
		Fix:      []string{"compare only what ran here in the same hour, in several rounds; for figures to publish take a machine of your own"},
	}
}

func (m Machine) checkSteal() (check Check) {
	defer func() { check.ID = "steal" }()
	const some, much = 0.2, 2.0 // percent of all cores' time
	steal := m.Look.StealPercent
	title := fmt.Sprintf("the hypervisor takes %s %% of the CPU time away", rounded(steal.Value))
	fix := []string{"measure when its neighbours are quiet, or on a machine of your own"}
	switch {
	case !steal.Known:
		return unknown("what a hypervisor takes away was not seen")
	case steal.Value >= much:
		return Check{State: Warning, Passing: true, Title: title, Fix: fix}
	case steal.Value >= some:
		return Check{State: Note, Passing: true, Title: title, Fix: fix}
	}
	return ok("no hypervisor takes CPU time away")
}

func (m Machine) checkOtherProcesses() (check Check) {
	defer func() { check.ID = "busy_neighbours" }()
	if !m.Look.CPUPercentOfCore.Known {
		return unknown("what else runs was not seen")
	}
	const some, much = 10.0, 25.0 // percent of one core
	busy := m.Look.CPUPercentOfCore.Value
	check = Check{
		Passing: true,
		Title:   fmt.Sprintf("other programs use %s %% of a core", figure.Whole(busy)),
		Fix:     []string{"close them, or wait until they are done; `top` shows them"},
	}
	for _, one := range m.Look.OtherProcesses {
		check.Evidence = append(check.Evidence, fmt.Sprintf("%s (pid %d): %s %% of a core", one.Name, one.PID, figure.Whole(one.CPUPercentOfCore)))
	}
	switch {
	case busy >= much:
		check.State = Warning
	case busy >= some:
		check.State = Note
	default:
		return ok("nothing else uses the CPU to speak of")
	}
	return check
}

func (m Machine) checkClockSource() (check Check) {
	defer func() { check.ID = "clock_source" }()
	switch m.ClockSource {
	case "":
		return unknown("the kernel's clock source can't be read")
	case "hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit":
		return Check{
			State:    Warning,
			Title:    "reading the time is slow here: the kernel's clock source is " + m.ClockSource,
			Evidence: []string{"each reading is a system call and a slow device instead of an instruction; server and generator read the time for every request"},
			Fix: []string{
				"see why in `sudo dmesg | grep -i -e tsc -e clocksource`, and if tsc is offered in /sys/devices/system/clocksource/clocksource0/available_clocksource: `echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource`",
			},
		}
	case "xen":
		return Check{State: Note, Title: "reading the time takes a system call here: the kernel's clock source is xen"}
	}
	return ok("reading the time is quick: " + m.ClockSource)
}

func (m Machine) checkWakeups() (check Check) {
	defer func() { check.ID = "wake_ups" }()
	if m.Look.Wakeups == 0 {
		return unknown("how late sleepers wake was not seen")
	}
	const late = 2.0 // ms at p99
	ms := func(f float64) string { return fmt.Sprintf("%.2f ms", f) }
	p50, p99 := m.Look.WakeupLateP50.Seconds()*1e3, m.Look.WakeupLateP99.Seconds()*1e3
	if p99 < late {
		return ok(fmt.Sprintf("sleepers wake on time: late by %s at p50, %s at p99", ms(p50), ms(p99)))
	}
	return Check{
		State: Warning, Passing: true,
		Title:    fmt.Sprintf("sleepers wake late, by %s at p99", ms(p99)),
		Evidence: []string{fmt.Sprintf("of %d sleeps of 1 ms, half ended %s late or more; so late the generator sends, and servers answer", m.Look.Wakeups, ms(p50))},
		Fix:      []string{"close what else runs; in a virtual machine it is its host that is busy: measure when it is quiet, or elsewhere"},
	}
}
