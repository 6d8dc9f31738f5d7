package sample

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/host"
	"github.com/shirou/gopsutil/v3/mem"
)

// Host is what the machine is.
type Host struct {
	OS, Kernel, CPU string
	Cores           int
	MemoryBytes     uint64
}

// ReadHost reads it; what can't be read stays empty.
func ReadHost() (Host, error) {
	found := Host{OS: runtime.GOOS, Cores: runtime.NumCPU()}
	info, err := host.Info()
	if err != nil {
		return found, fmt.Errorf("read what this machine is: %w", err)
	}
	found.OS = info.OS
	if name := strings.TrimSpace(info.Platform + " " + info.PlatformVersion); name != "" {
		found.OS = name
	}
	if text, err := os.ReadFile("/etc/os-release"); err == nil { // os-release(5), Linux
		if name := prettyName(string(text)); name != "" {
			found.OS = name
		}
	}
	found.Kernel = strings.TrimSpace(info.OS + " " + info.KernelVersion)
	if processors, err := cpu.Info(); err == nil && len(processors) > 0 {
		found.CPU = strings.Join(strings.Fields(processors[0].ModelName), " ")
	}
	if memory, err := mem.VirtualMemory(); err == nil {
		found.MemoryBytes = memory.Total
	}
	return found, nil
}

// prettyName is how a system calls itself towards a person: "Debian GNU/Linux 12 (bookworm)".
func prettyName(release string) string {
	for line := range strings.Lines(release) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "PRETTY_NAME="); ok {
			return strings.Trim(name, `"'`)
		}
	}
	return ""
}
