package machine

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v3/host"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/system"
)

// readFiles reads what Linux tells in files. Where they are not, all of it stays missing.
func (m *Machine) readFiles(files fs.FS) {
	const net = "proc/sys/net/"
	if ports := strings.Fields(textOf(files, net+"ipv4/ip_local_port_range")); len(ports) == 2 {
		m.PortFirst, m.PortLast = figureOf(ports[0]), figureOf(ports[1])
	}
	m.TimeWait = timeWaiting(textOf(files, "proc/net/sockstat"))
	m.TimeWaitReuse = figureIn(files, net+"ipv4/tcp_tw_reuse")
	m.AcceptQueueMost = figureIn(files, net+"core/somaxconn")
	m.Tracked = figureIn(files, net+"netfilter/nf_conntrack_count")
	m.TrackedMost = figureIn(files, net+"netfilter/nf_conntrack_max")

	const cpus = "sys/devices/system/cpu/"
	m.Governors = distinct(files, cpus+"cpu[0-9]*/cpufreq/scaling_governor")
	for _, siblings := range distinct(files, cpus+"cpu[0-9]*/topology/thread_siblings_list") {
		if set, err := system.ParseCPUs(siblings); err == nil {
			m.Siblings = append(m.Siblings, set)
		}
	}
	slices.SortFunc(m.Siblings, func(a, b system.CPUSet) int { return a[0] - b[0] })
	if off := figureIn(files, cpus+"intel_pstate/no_turbo"); off.Known {
		m.Turbo = figure.Of(1 - off.Value)
	} else {
		m.Turbo = figureIn(files, cpus+"cpufreq/boost")
	}
	m.Throttled = throttled(files)
	m.OnBattery = onBattery(files)
	m.ClockSource = textOf(files, "sys/devices/system/clocksource/clocksource0/current_clocksource")
	m.Virtualization, m.Container = virtualization(files)

	bounds := boundsOf(files)
	m.CoreQuota, m.MemoryMostBytes = bounds.cores, bounds.memory
	m.Tasks = least(m.Tasks, bounds.tasks)
}

// textOf is a file's text without the blanks around it; "" if it can't be read.
func textOf(files fs.FS, name string) string {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// figureOf reads a number; what is none is missing.
func figureOf(text string) figure.Value {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return figure.Value{}
	}
	return figure.Of(value)
}

func figureIn(files fs.FS, name string) figure.Value { return figureOf(textOf(files, name)) }

// distinct is what the files of a pattern hold, each text once.
func distinct(files fs.FS, pattern string) []string {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil
	}
	var texts []string
	for _, name := range names {
		if text := textOf(files, name); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// least is the smaller of two bounds; a missing one bounds nothing.
func least(a, b figure.Value) figure.Value {
	if !a.Known || b.Known && b.Value < a.Value {
		return b
	}
	return a
}

// timeWaiting reads "TCP: inuse 2 orphan 0 tw 4 alloc 2 mem 218".
func timeWaiting(sockstat string) figure.Value {
	for line := range strings.Lines(sockstat) {
		words := strings.Fields(line)
		if at := slices.Index(words, "tw"); at > 0 && words[0] == "TCP:" && at+1 < len(words) {
			return figureOf(words[at+1])
		}
	}
	return figure.Value{}
}

// throttled is how often cores were slowed down for their heat; missing where the
// processor does not count.
func throttled(files fs.FS) figure.Value {
	names, _ := fs.Glob(files, "sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/core_throttle_count")
	var sum figure.Value
	for _, name := range names {
		if count := figureIn(files, name); count.Known {
			sum = figure.Of(sum.Value + count.Value)
		}
	}
	return sum
}

// onBattery is 1 if a battery feeds the machine, 0 if there is one that does not,
// and missing if there is none. Those of mice and keyboards have another scope.
func onBattery(files fs.FS) figure.Value {
	names, _ := fs.Glob(files, "sys/class/power_supply/*/status")
	var found figure.Value
	for _, name := range names {
		dir := path.Dir(name)
		if textOf(files, dir+"/type") != "Battery" || textOf(files, dir+"/scope") == "Device" {
			continue
		}
		found.Known = true
		if textOf(files, name) == "Discharging" {
			found.Value = 1
		}
	}
	return found
}

// someHypervisor is a virtual machine of which nothing more is known.
const someHypervisor = "some hypervisor"

// virtualization is what kind of virtual machine and container this is; "" if none is seen.
func virtualization(files fs.FS) (machine, container string) {
	containers := []string{"docker", "lxc", "rkt", "openvz", "linux-vserver"}
	if system, role, err := host.Virtualization(); err == nil && role == "guest" {
		if slices.Contains(containers, system) {
			container = system
		} else if system != "" {
			machine = system
		}
	}
	if _, err := fs.Stat(files, "run/.containerenv"); err == nil {
		container = "podman"
	}
	if vendor := textOf(files, "sys/class/dmi/id/sys_vendor"); machine == "" && slices.Contains(
		[]string{"QEMU", "Amazon EC2", "Google", "VMware, Inc.", "Xen", "innotek GmbH", "Microsoft Corporation", "DigitalOcean", "Hetzner"}, vendor) &&
		(vendor != "Microsoft Corporation" || textOf(files, "sys/class/dmi/id/product_name") == "Virtual Machine") {
		machine = vendor
	}
	if machine == "" {
		for line := range strings.Lines(textOf(files, "proc/cpuinfo")) {
			if name, flags, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "flags" && slices.Contains(strings.Fields(flags), "hypervisor") {
				machine = someHypervisor
				break
			}
		}
	}
	return machine, container
}
