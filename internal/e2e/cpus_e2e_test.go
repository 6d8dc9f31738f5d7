//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/procs/system"

	"github.com/benchtui/benchtui/internal/cli"
)

// allowed lists the CPUs that each thread of a process may run on, each once.
func allowed(pid string) map[string]int {
	found := map[string]int{}
	paths, _ := filepath.Glob("/proc/" + pid + "/task/*/status")
	for _, path := range paths {
		text, _ := os.ReadFile(path)
		if _, rest, ok := strings.Cut(string(text), "\nCpus_allowed_list:"); ok {
			line, _, _ := strings.Cut(rest, "\n")
			found[strings.TrimSpace(line)]++
		}
	}
	return found
}

func TestServerAndLoadAreKeptApart(t *testing.T) {
	all := system.AllowedCPUs()
	if len(all) < 2 {
		t.Skip("NOT CHECKED: a second CPU is needed")
	}
	first, last := all[:1].String(), all[len(all)-1:].String()
	for name, c := range map[string]struct {
		args         []string
		server, load string
		says, lacks  string
	}{
		"both":      {[]string{"--server-cpus", first, "--load-cpus", last}, first, last, "cpus      server on " + first + ", load on " + last, "share"},
		"load only": {[]string{"--load-cpus", last}, all.String(), last, "cpus      load on " + last, "cpus      server"},
		"overlap":   {[]string{"--server-cpus", last, "--load-cpus", last}, last, last, "share CPU " + last, "aborted"},
		"neither":   {nil, all.String(), all.String(), "host", "cpus      "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "result.json")
			b := newBench(t, append([]string{"run", "golang", "-w", "rate", "-q", "100", "-z", "8s", "--warmup", "0s", "--plain", "--json", file}, c.args...)...)
			var lines syncBuffer
			b.Stdout = &lines
			if err := b.Start(); err != nil {
				t.Fatal(err)
			}
			await(t, "load", func() bool { return intervalLine.MatchString(lines.String()) })
			if found := allowed(strconv.Itoa(b.Process.Pid)); len(found) != 1 || found[c.load] == 0 {
				t.Errorf("benchtui's threads may run on %v, want %s", found, c.load)
			}
			var servers int
			for _, one := range b.descendants() {
				pid, command, _ := strings.Cut(one, " ")
				if !strings.Contains(command, "golang") && !strings.Contains(command, "--port") {
					continue
				}
				servers++
				if found := allowed(pid); len(found) != 1 || found[c.server] == 0 {
					t.Errorf("the threads of %s may run on %v, want %s", one, found, c.server)
				}
			}
			if servers == 0 {
				t.Errorf("no server among %q", b.descendants())
			}
			if code := b.exitCode(t); code != cli.ExitDone {
				t.Errorf("exit code %d: %s", code, b.stderr.String())
			}
			if said := lines.String(); !strings.Contains(said, c.says) || strings.Contains(said, c.lacks) {
				t.Errorf("want %q and not %q in:\n%s", c.says, c.lacks, said)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			workload := decode(t, data).Workload
			wished := strings.Join(c.args, " ")
			if (workload.LoadCPUs == last) != strings.Contains(wished, "--load-cpus") || (workload.ServerCPUs != "") != strings.Contains(wished, "--server-cpus") {
				t.Errorf("the result tells of server CPUs %q, load CPUs %q", workload.ServerCPUs, workload.LoadCPUs)
			}
		})
	}
}

func TestImpossibleCPUsAreOneClearLine(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no such CPU":    {[]string{"--server-cpus", "1000"}, "--server-cpus: there is no CPU 1000; this machine has"},
		"no list":        {[]string{"--load-cpus", "0..3"}, `--load-cpus "0..3" is no list of CPUs`},
		"nothing to pin": {[]string{"--server-cpus", system.AllowedCPUs()[:1].String(), "--url", "http://127.0.0.1:1/"}, "it starts none; keep yours with taskset"},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"run"}
			if name != "nothing to pin" {
				args = append(args, "golang")
			}
			b := newBench(t, append(args, c.args...)...)
			if code := b.run(t); code != cli.ExitUsage {
				t.Errorf("exit code %d", code)
			}
			if said := b.stderr.String(); !strings.Contains(said, c.says) || strings.Count(said, "\n") != 1 {
				t.Errorf("%q, want %q in a line", said, c.says)
			}
		})
	}
}
