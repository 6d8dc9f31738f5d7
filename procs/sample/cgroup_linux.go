package sample

import (
	"bytes"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/system"
)

// cgroups reads the control groups of processes, version 1 and 2, under a root of
// the file system that is "" but in tests.
type cgroups struct {
	root  string
	files *system.Files
}

// bandwidth is what the groups of a process grant it of CPU, and what they took.
type bandwidth struct {
	levels []bandwidthLevel // groups with a quota, the innermost first
}

type bandwidthLevel struct {
	directory string
	cores     float64
}

// throttling is how often groups were stopped because their quota was used up.
type throttling struct {
	periods, throttled float64 // counted by the kernel
	seconds            float64 // that their processes were stopped, of all cores
}

// bandwidthOf finds the groups with a quota that the process is in; ok is false if
// its groups can't be seen.
func (c cgroups) bandwidthOf(pid int) (found bandwidth, ok bool) {
	mount, path, ok := c.cpuGroup(pid)
	if !ok {
		return bandwidth{}, false
	}
	for at := path; ; at = filepath.Dir(at) {
		directory := filepath.Join(mount, at)
		if cores, limited := c.quota(directory); limited {
			found.levels = append(found.levels, bandwidthLevel{directory, cores})
		}
		if at == "/" || at == "." {
			return found, true
		}
	}
}

// cpuGroup is where the group that has the process's CPU in its hands is found: the
// mount of its hierarchy, and the path below it.
func (c cgroups) cpuGroup(pid int) (mount, path string, ok bool) {
	text, ok := c.files.Read(unix.AT_FDCWD, c.root+system.Path(pid, "cgroup"))
	if !ok {
		return "", "", false
	}
	var v1, v2 string
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		switch {
		case len(parts) < 3:
		case parts[0] == "0" && parts[1] == "":
			v2 = parts[2]
		case slices.Contains(strings.Split(parts[1], ","), "cpu"):
			v1 = parts[2]
		}
	}
	// Where both are mounted, the controller is in one of them: in version 1, if that names it.
	if v1 != "" {
		if mount, path, ok = c.mounted("cgroup", v1); ok {
			return mount, path, true
		}
	}
	if v2 != "" {
		return c.mounted("cgroup2", v2)
	}
	return "", "", false
}

// mounted is where a group of the kind of hierarchy is in the file system. Lines of
// mountinfo are "36 35 98:0 /root /mount options … - cgroup2 source options".
func (c cgroups) mounted(kind, group string) (mount, path string, ok bool) {
	text, ok := c.files.Read(unix.AT_FDCWD, c.root+"/proc/self/mountinfo")
	if !ok {
		return "", "", false
	}
	for line := range strings.Lines(string(text)) {
		own, about, separated := strings.Cut(line, " - ")
		fields, of := strings.Fields(own), strings.Fields(about)
		if !separated || len(fields) < 5 || len(of) < 3 || of[0] != kind {
			continue
		}
		if kind == "cgroup" && !slices.Contains(strings.Split(of[2], ","), "cpu") {
			continue
		}
		// A container may have only its own part of the hierarchy mounted.
		below, inside := strings.CutPrefix(group, strings.TrimSuffix(fields[3], "/"))
		if !inside || below != "" && below[0] != '/' || strings.HasPrefix(group, "/..") {
			continue
		}
		return c.root + unescaped(fields[4]), filepath.Join("/", below), true
	}
	return "", "", false
}

// unescaped undoes mountinfo's way to write spaces: \040.
func unescaped(path string) string {
	for _, code := range []string{`\040`, `\011`, `\012`, `\134`} {
		value, _ := strconv.ParseUint(code[1:], 8, 8)
		path = strings.ReplaceAll(path, code, string(rune(value)))
	}
	return path
}

// quota is how many cores' worth of CPU a group may use.
func (c cgroups) quota(directory string) (cores float64, limited bool) {
	if text, ok := c.files.Read(unix.AT_FDCWD, directory+"/cpu.max"); ok { // "50000 100000", "max 100000"
		all := system.Fields(text, nil)
		if len(all) != 2 {
			return 0, false
		}
		return ratio(all[0], all[1])
	}
	text, ok := c.files.Read(unix.AT_FDCWD, directory+"/cpu.cfs_quota_us") // -1: none
	if !ok {
		return 0, false
	}
	quota := bytes.Clone(bytes.TrimSpace(text))
	text, ok = c.files.Read(unix.AT_FDCWD, directory+"/cpu.cfs_period_us")
	if !ok {
		return 0, false
	}
	return ratio(quota, bytes.TrimSpace(text))
}

func ratio(part, all []byte) (float64, bool) {
	above, ok := system.Number(part)
	below, known := system.Number(all)
	if !ok || !known || below == 0 {
		return 0, false
	}
	return float64(above) / float64(below), true
}

// throttling adds up what the groups with a quota say of how often it was used up.
func (c cgroups) throttling(of bandwidth) (sum throttling) {
	for _, level := range of.levels {
		text, ok := c.files.Read(unix.AT_FDCWD, level.directory+"/cpu.stat")
		if !ok {
			continue
		}
		for line := range bytes.Lines(text) {
			name, digits, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
			value, _ := system.Number(digits)
			switch string(name) {
			case "nr_periods":
				sum.periods = max(sum.periods, float64(value))
			case "nr_throttled":
				sum.throttled += float64(value)
			case "throttled_usec": // version 2
				sum.seconds += float64(value) / 1e6
			case "throttled_time": // version 1
				sum.seconds += float64(value) / 1e9
			}
		}
	}
	return sum
}

// cores is the least that any of the groups grants; missing without a quota.
func (b bandwidth) cores() figure.Value {
	var least figure.Value
	for _, level := range b.levels {
		if !least.Known || level.cores < least.Value {
			least = figure.Of(level.cores)
		}
	}
	return least
}

// apart parts the groups that another process is in, too, from those it is not in.
func (b bandwidth) apart(other bandwidth) (shared, own bandwidth) {
	for _, level := range b.levels {
		if slices.ContainsFunc(other.levels, func(l bandwidthLevel) bool { return l.directory == level.directory }) {
			shared.levels = append(shared.levels, level)
		} else {
			own.levels = append(own.levels, level)
		}
	}
	return shared, own
}
