package machine

import (
	"context"
	"reflect"
	"testing"
	"testing/fstest"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/system"
)

func filesOf(files map[string]string) fstest.MapFS {
	found := fstest.MapFS{}
	for name, text := range files {
		found[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return found
}

// The files of a laptop on its battery, as Linux writes them.
func TestLaptopIsRead(t *testing.T) {
	const cpu = "sys/devices/system/cpu/"
	var m Machine
	m.readFiles(filesOf(map[string]string{
		"proc/sys/net/ipv4/ip_local_port_range":                             "32768\t60999\n",
		"proc/sys/net/ipv4/tcp_tw_reuse":                                    "2\n",
		"proc/sys/net/core/somaxconn":                                       "4096\n",
		"proc/net/sockstat":                                                 "sockets: used 1402\nTCP: inuse 22 orphan 0 tw 37 alloc 91 mem 20\nUDP: inuse 9 mem 4\n",
		"proc/sys/net/netfilter/nf_conntrack_count":                         "51\n",
		"proc/sys/net/netfilter/nf_conntrack_max":                           "262144\n",
		cpu + "cpu0/cpufreq/scaling_governor":                               "powersave\n",
		cpu + "cpu1/cpufreq/scaling_governor":                               "powersave\n",
		cpu + "cpu0/topology/thread_siblings_list":                          "0,2\n",
		cpu + "cpu1/topology/thread_siblings_list":                          "1,3\n",
		cpu + "cpu2/topology/thread_siblings_list":                          "0,2\n",
		cpu + "cpu3/topology/thread_siblings_list":                          "1,3\n",
		cpu + "cpu0/thermal_throttle/core_throttle_count":                   "4\n",
		cpu + "cpu1/thermal_throttle/core_throttle_count":                   "3\n",
		cpu + "intel_pstate/no_turbo":                                       "0\n",
		"sys/class/power_supply/BAT0/type":                                  "Battery\n",
		"sys/class/power_supply/BAT0/status":                                "Discharging\n",
		"sys/class/power_supply/mouse/type":                                 "Battery\n",
		"sys/class/power_supply/mouse/scope":                                "Device\n",
		"sys/class/power_supply/mouse/status":                               "Charging\n",
		"sys/devices/system/clocksource/clocksource0/current_clocksource":   "tsc\n",
		"proc/self/cgroup":                                                  "0::/user.slice/user-1000.slice/session-2.scope\n",
		"sys/fs/cgroup/user.slice/user-1000.slice/pids.max":                 "18000\n",
		"sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope/pids.max": "max\n",
	}))
	want := Machine{
		PortFirst: figure.Of(32768), PortLast: figure.Of(60999), TimeWait: figure.Of(37), TimeWaitReuse: figure.Of(2), AcceptQueueMost: figure.Of(4096),
		Tracked: figure.Of(51), TrackedMost: figure.Of(262144), Tasks: figure.Of(18000),
		Governors: []string{"powersave"}, Turbo: figure.Of(1), OnBattery: figure.Of(1), Throttled: figure.Of(7),
		Siblings: []system.CPUSet{{0, 2}, {1, 3}}, ClockSource: "tsc",
		// That the test runs in a container is no file of the laptop's.
		Virtualization: m.Virtualization, Container: m.Container,
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("it reads\n%+v, want\n%+v", m, want)
	}
}

func TestBoundsOfContainersAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  bounds
	}{
		"version 2, in a namespace": {map[string]string{
			"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n", "sys/fs/cgroup/memory.max": "536870912\n", "sys/fs/cgroup/pids.max": "max\n",
		}, bounds{cores: figure.Of(1.5), memory: figure.Of(536870912)}},
		"version 2, the parent bounds": {map[string]string{
			"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "200000 100000\n", "sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "sys/fs/cgroup/a/b/memory.max": "max\n",
		}, bounds{cores: figure.Of(2)}},
		"version 1": {map[string]string{
			"proc/self/cgroup":                             "4:memory:/x\n3:cpu,cpuacct:/x\n2:pids:/\n",
			"sys/fs/cgroup/cpu/x/cpu.cfs_quota_us":         "50000\n",
			"sys/fs/cgroup/cpu/x/cpu.cfs_period_us":        "100000\n",
			"sys/fs/cgroup/memory/x/memory.limit_in_bytes": "9223372036854771712\n",
			"sys/fs/cgroup/pids/pids.max":                  "512\n",
		}, bounds{cores: figure.Of(0.5), tasks: figure.Of(512)}},
		"version 1, no bound": {map[string]string{
			"proc/self/cgroup": "3:cpu:/\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
		}, bounds{}},
		"none": {nil, bounds{}},
	} {
		if got := boundsOf(filesOf(c.files)); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestThisMachineIsReadAndLookedAt(t *testing.T) {
	m := Read(t.Context(), 200*time.Millisecond)
	if m.Cores < 1 || m.MemoryAvailableBytes.Value <= 0 || m.Look.Over < 200*time.Millisecond || m.Look.Wakeups == 0 {
		t.Errorf("it is %+v", m)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if m := Read(over, time.Hour); m.Look.Over != 0 || m.Cores < 1 {
		t.Errorf("a look that was ended told %+v", m)
	}
}
