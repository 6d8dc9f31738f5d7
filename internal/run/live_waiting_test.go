//go:build unix

package run

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/servertest"
)

func TestRepliesThatWaitForAcknowledgementsAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("NOT CHECKED: replies that the kernel holds back; only Linux tells of them")
	}
	r := measured(t, serverOf(t, servertest.SplitsReplies), closed(2, 8*time.Second), diagnosis.DelayedReplies)
	r.fires(t, diagnosis.DelayedReplies, "as long as a delayed ACK", "the kernel held back")
}

// The same times, of a handler that takes them.
func TestHandlerOfFortyMillisecondsIsNotDelayed(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 43 * time.Millisecond}), closed(2, 4*time.Second), "")
	r.doesNotFire(t, diagnosis.DelayedReplies)
	if ok := r.result.LatencyMS.OK; ok == nil || ok.P50 < 43 {
		t.Errorf("a median of %+v is no near miss", ok)
	}
}

func TestConnectionsThatNobodyServesAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.ServesAtATime, servertest.Options{Connections: 3, For: time.Millisecond}), closed(8, 8*time.Second), diagnosis.ConnectionsUnserved)
	r.fires(t, diagnosis.ConnectionsUnserved, "serves only 3 connections at a time", "5 of 8 connections")
}

func TestServerWithAWorkerForEachConnectionServesAll(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	measured(t, serverOf(t, servertest.ServesAtATime, servertest.Options{Connections: 8, For: time.Millisecond}), closed(8, 4*time.Second), "").doesNotFire(t, diagnosis.ConnectionsUnserved)
}

func TestWorkersThatSleepAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.HasWorkers, servertest.Options{Workers: 4, For: 40 * time.Millisecond}), closed(32, 10*time.Second), diagnosis.WorkersAsleep)
	if other := r.otherCPU(); other > 30 {
		t.Skipf("NOT CHECKED: workers that sleep; this machine has others, which use %.0f %% of a core", other)
	}
	r.fires(t, diagnosis.WorkersAsleep, "32 requests are in it", "requests are worked at")
}

// Most take long and some come at once, but no worker is what requests wait for.
func TestServerThatWaitsWithoutWorkersIsNotAsleep(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 60 * time.Millisecond, Every: 3}), closed(32, 5*time.Second), "")
		r.doesNotFire(t, diagnosis.WorkersAsleep)
	})
}

// limited is a server that may have so many files open.
func limited(t testing.TB, descriptors int) frameworks.Contender {
	t.Helper()
	return command(t, fmt.Sprintf(`limited=%s sh -c 'ulimit -n %d; exec "%s" {port}'`, servertest.Words(servertest.Serves), descriptors, os.Args[0]))
}

func TestUsedUpDescriptorsAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("NOT CHECKED: another process's limit of open files; only Linux tells it")
	}
	r := measured(t, limited(t, 40), closed(64, 8*time.Second), diagnosis.DescriptorsUsedUp)
	r.fires(t, diagnosis.DescriptorsUsedUp, "and may have 40")
}

func TestDescriptorsThatSufficeAreNotUsedUp(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	measured(t, limited(t, 100), closed(64, 3*time.Second), "").doesNotFire(t, diagnosis.DescriptorsUsedUp)
}

// controlGroup makes one with so many µs of CPU in each 100 ms.
func controlGroup(t testing.TB, quota int) string {
	t.Helper()
	for _, mount := range []string{"/sys/fs/cgroup/cpu", "/sys/fs/cgroup"} {
		directory := filepath.Join(mount, fmt.Sprintf("benchtui-test-%d-%d", os.Getpid(), quota))
		if os.Mkdir(directory, 0o755) != nil {
			continue
		}
		t.Cleanup(func() {
			for range 250 { // until its processes are gone
				if os.Remove(directory) == nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		})
		for file, value := range map[string]string{"cpu.max": fmt.Sprintf("%d 100000", quota), "cpu.cfs_quota_us": fmt.Sprint(quota)} {
			if os.WriteFile(filepath.Join(directory, file), []byte(value), 0o600) == nil {
				return directory
			}
		}
	}
	t.Skip("NOT CHECKED: a server with a CPU quota; no control group can be made here")
	return ""
}

func TestQuotaThatThrottlesIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Computes, servertest.Options{For: 2 * time.Millisecond, ControlGroup: controlGroup(t, 20_000)}), closed(4, 8*time.Second), diagnosis.CPUQuotaThrottles)
	r.fires(t, diagnosis.CPUQuotaThrottles, "its quota is 0.2 cores' time", "it was stopped in")
	if limit := r.result.Process.CPULimitCores; limit == nil || *limit != 0.2 {
		t.Errorf("the result tells of a limit of %v cores", limit)
	}
}

func TestQuotaThatSufficesDoesNotThrottle(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Computes, servertest.Options{For: time.Millisecond, ControlGroup: controlGroup(t, 60_000)}), rate(100, 4*time.Second), "")
	r.doesNotFire(t, diagnosis.CPUQuotaThrottles)
	if limit := r.result.Process.CPULimitCores; limit == nil || *limit != 0.6 {
		t.Errorf("the result tells of a limit of %v cores", limit)
	}
}

// What a shell starts is measured without the shell, and the result says so.
func TestServerBelowAShellIsMeasuredAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("NOT CHECKED: who listens on a port; only Linux tells it")
	}
	contender := command(t, fmt.Sprintf(`below=%s sh -c '"%s" {port}; true'`, servertest.Words(servertest.Serves), os.Args[0]))
	r := measured(t, contender, closed(4, 2*time.Second), "")
	process := r.result.Process
	if process == nil || process.Tree == nil || process.Tree.ProcessesMax != 1 || process.StarterOnly || !strings.Contains(process.FiguresOf, "started through sh") {
		t.Errorf("the result has %+v", process)
	}
	r.doesNotFire(t, diagnosis.StarterMeasured)
}
