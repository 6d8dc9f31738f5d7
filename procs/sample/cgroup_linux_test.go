package sample

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/system"
)

// under writes files below a root that stands for the machine's.
func under(t *testing.T, files map[string]string) cgroups {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cgroups{root: root, files: system.NewFiles()}
}

func TestQuotaOfControlGroupsIsRead(t *testing.T) {
	const (
		v2     = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
		v1     = "31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n32 25 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
		nested = "30 23 0:26 /docker/ab /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
	)
	for name, c := range map[string]struct {
		files     map[string]string
		cores     float64 // 0: none
		unseen    bool
		throttled throttling
	}{
		"version 2, two levels": {
			files: map[string]string{
				"proc/7/cgroup": "0::/system.slice/mine.service\n", "proc/self/mountinfo": v2,
				"sys/fs/cgroup/system.slice/mine.service/cpu.max":  "50000 100000\n",
				"sys/fs/cgroup/system.slice/mine.service/cpu.stat": "usage_usec 9\nnr_periods 40\nnr_throttled 30\nthrottled_usec 1500000\n",
				"sys/fs/cgroup/system.slice/cpu.max":               "200000 100000\n",
				"sys/fs/cgroup/system.slice/cpu.stat":              "nr_periods 80\nnr_throttled 5\nthrottled_usec 500000\n",
			},
			cores: 0.5, throttled: throttling{80, 35, 2},
		},
		"version 2, no quota": {
			files: map[string]string{"proc/7/cgroup": "0::/a\n", "proc/self/mountinfo": v2, "sys/fs/cgroup/a/cpu.max": "max 100000\n"},
		},
		"version 1": {
			files: map[string]string{
				"proc/7/cgroup": "3:cpuset:/\n2:cpu,cpuacct:/docker/ab\n1:name=systemd:/\n0::/\n", "proc/self/mountinfo": v1 + v2,
				"sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_quota_us":  "150000\n",
				"sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_period_us": "100000\n",
				"sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.stat":          "nr_periods 10\nnr_throttled 2\nthrottled_time 300000000\n",
				"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us":            "-1\n",
				"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us":           "100000\n",
			},
			cores: 1.5, throttled: throttling{10, 2, 0.3},
		},
		"a container that sees its own part": {
			files: map[string]string{
				"proc/7/cgroup": "0::/docker/ab/inner\n", "proc/self/mountinfo": nested, "sys/fs/cgroup/cpu.max": "300000 100000",
				"sys/fs/cgroup/cpu.stat": "nr_periods 1\nnr_throttled 1\nthrottled_usec 1000000\n",
			},
			cores: 3, throttled: throttling{1, 1, 1},
		},
		"a group that can't be seen from here": {files: map[string]string{"proc/7/cgroup": "0::/../other\n", "proc/self/mountinfo": v2}, unseen: true},
		"no groups":                            {unseen: true},
	} {
		t.Run(name, func(t *testing.T) {
			groups := under(t, c.files)
			found, ok := groups.bandwidthOf(7)
			if ok == c.unseen {
				t.Fatalf("seen: %v", ok)
			}
			want := figure.Value{Value: c.cores, Known: c.cores > 0}
			if got := found.cores(); got != want {
				t.Errorf("the quota is %+v cores, want %+v", got, want)
			}
			if got := groups.throttling(found); got != c.throttled {
				t.Errorf("throttled %+v, want %+v", got, c.throttled)
			}
		})
	}
}

func TestQuotaThatBothAreInIsShared(t *testing.T) {
	groups := under(t, map[string]string{
		"proc/7/cgroup": "0::/pod/server\n", "proc/8/cgroup": "0::/pod/load\n",
		"proc/self/mountinfo":   "30 23 0:26 / /cg rw - cgroup2 cgroup2 rw\n",
		"cg/pod/cpu.max":        "200000 100000",
		"cg/pod/server/cpu.max": "50000 100000",
		"cg/pod/load/cpu.max":   "max 100000",
	})
	server, _ := groups.bandwidthOf(7)
	load, _ := groups.bandwidthOf(8)
	shared, own := server.apart(load)
	if shared.cores() != figure.Of(2) || own.cores() != figure.Of(0.5) {
		t.Errorf("shared %+v, own %+v; want 2 and 0.5 cores", shared.cores(), own.cores())
	}
}

// A real group, where we may make one; version 1 or 2.
func TestThrottledServerIsReadFromTheKernel(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	group, ok := groupWithQuota(t, 20_000)
	if !ok {
		t.Skip("NOT CHECKED: what the kernel says of a quota; no control group can be made here")
	}
	child := proctest.Start(t, proctest.BurnsCPU)
	child.Await(t, "ready")
	if err := os.WriteFile(filepath.Join(group, "cgroup.procs"), []byte(strconv.Itoa(child.PID())), 0o600); err != nil {
		t.Fatal(err)
	}
	if limits := ReadCPULimits(child.PID()); limits.Own != figure.Of(0.2) {
		t.Errorf("it may use %+v, want 0.2 cores of its own", limits)
	}
	sampler, err := NewSampler(child.PID())
	if err != nil {
		t.Fatal(err)
	}
	var periods, throttled, seconds float64
	proctest.Until(t, "a throttled period", func() bool {
		time.Sleep(50 * time.Millisecond)
		sample, _ := sampler.Sample()
		if sample.CPUQuotaCores != figure.Of(0.2) {
			t.Fatalf("its quota is %+v", sample.CPUQuotaCores)
		}
		periods, throttled, seconds = periods+sample.QuotaPeriods.Value, throttled+sample.ThrottledPeriods.Value, seconds+sample.ThrottledSeconds.Value
		return throttled >= 3 && seconds > 0.05
	})
	if throttled > periods {
		t.Errorf("throttled in %g of %g periods", throttled, periods)
	}
}

// groupWithQuota makes a control group with so many µs of CPU in each 100 ms.
func groupWithQuota(t *testing.T, quota int) (directory string, ok bool) {
	t.Helper()
	groups := cgroups{files: system.NewFiles()}
	mount, path, ok := groups.cpuGroup(os.Getpid())
	if !ok {
		return "", false
	}
	directory = filepath.Join(mount, path, "benchtui-test-"+strings.ToLower(t.Name())+"-"+strconv.Itoa(os.Getpid()))
	if os.Mkdir(directory, 0o755) != nil {
		return "", false
	}
	t.Cleanup(func() {
		for range 100 { // until its processes are gone
			if os.Remove(directory) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	v2 := os.WriteFile(filepath.Join(directory, "cpu.max"), []byte(strconv.Itoa(quota)+" 100000"), 0o600)
	v1 := os.WriteFile(filepath.Join(directory, "cpu.cfs_quota_us"), []byte(strconv.Itoa(quota)), 0o600)
	return directory, v2 == nil || v1 == nil
}
