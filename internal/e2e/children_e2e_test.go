//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/testrole"
)

// inherited is all that a process has from the one that started it and that can
// change how it runs. The process is a shell, which changes nothing of it.
func inherited(pid int) string {
	var all strings.Builder
	if a, err := unix.SchedGetAttr(pid, 0); err == nil {
		fmt.Fprintf(&all, "policy %d, flags %d, nice %d, priority %d, slice %d ns\n", a.Policy, a.Flags, a.Nice, a.Priority, a.Runtime)
	}
	for _, name := range []string{"timerslack_ns", "oom_score_adj", "coredump_filter", "cpuset", "limits", "personality"} {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
		fmt.Fprintf(&all, "%s %s\n", name, strings.TrimSpace(string(text)))
	}
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(status)) {
		name, _, _ := strings.Cut(line, ":")
		switch name {
		case "Umask", "SigBlk", "SigIgn", "SigCgt", "NoNewPrivs", "Cpus_allowed_list", "Mems_allowed_list",
			"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Uid", "Gid", "Groups", "THP_enabled", "Seccomp":
			all.WriteString(line)
		}
	}
	open, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	for _, descriptor := range open {
		fmt.Fprintf(&all, "descriptor %s\n", descriptor.Name())
	}
	return all.String()
}

// reporting is a shell command that writes what the shell inherited into a file, which
// the variable REPORTING names, and goes on.
const reporting = `%s="$REPORTING" "%s" $$; `

// Each server begins as the person's shell would begin it, the ninth as the first:
// the loads before it leave nothing on the threads that start it, nor on the process.
func TestEveryServerBeginsAsTheShellWouldBeginIt(t *testing.T) {
	dir := t.TempDir()
	args := []string{"run", "-w", "steady", "-c", "4", "-z", "150ms", "--warmup", "0s", "--cooldown", "0s", "--plain"}
	const contenders = 9
	script := fmt.Sprintf(reporting, reporterVariable, os.Args[0])
	into := func(name any) string {
		_, value, _ := strings.Cut(testrole.As(reporterVariable, reports, reporter{File: filepath.Join(dir, fmt.Sprint(name))}), "=")
		return value
	}
	for i := range contenders {
		args = append(args, "--cmd", fmt.Sprintf(`s%d=REPORTING='%s' %s sh -c '%s exec "%s" {port}'`,
			i, into(i), servertest.Words(servertest.Serves), script, os.Args[0]))
	}
	// The person has wishes of their own, as their shell does.
	const wishes = `ulimit -S -n 900; ulimit -c 0; umask 027; trap "" HUP; exec nice -n 3 "$@"`
	bare := exec.Command("sh", "-c", wishes, "sh", "sh", "-c", script)
	bare.Env = append(os.Environ(), "REPORTING="+into("shell"))
	if out, err := bare.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b := newBench(t, args...)
	b.Path, b.Args = "/bin/sh", append([]string{"sh", "-c", wishes, "sh", program}, args...)
	if code := b.run(t); code != cli.ExitDone {
		t.Fatalf("exit code %d\n%s%s", code, b.stdout.String(), b.stderr.String())
	}
	want := told(t, dir, "shell")
	for _, part := range []string{"nice 3", "Umask:\t0027", "900"} {
		if !strings.Contains(want, part) {
			t.Fatalf("no %q in what the shell gives:\n%s", part, want)
		}
	}
	for i := range contenders {
		if got := told(t, dir, fmt.Sprint(i)); got != want {
			t.Errorf("server %d of %d began with\n%s\nnot as the shell would have it:\n%s", i+1, contenders, differing(got, want), differing(want, got))
		}
	}
}

func told(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// differing are the lines of a text that another lacks.
func differing(text, other string) string {
	var only strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(other, line) {
			only.WriteString(line)
		}
	}
	return only.String()
}

// Nor is anything left of a build, however many processes it has become.
func TestKilledProgramLeavesNoBuild(t *testing.T) {
	manifest := filepath.Join(t.TempDir(), "contender.yaml")
	text := "id: mine\nname: Mine\nlanguage: Go\nartifact: \"{out}/x\"\nbuild:\n- name: compile\n  run: [sh, -c, \"sleep 600 & sleep 601 & wait\"]\nrun: {command: [\"{artifact}\"]}\n"
	if err := os.WriteFile(manifest, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, end := range []os.Signal{os.Kill, syscall.SIGQUIT} {
		b := newBench(t, "run", manifest, "--plain", "--no-record")
		b.Env = append(b.Env, "XDG_CACHE_HOME="+t.TempDir())
		if err := b.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, "the build", func() bool { return len(b.descendants()) >= 3 })
		b.Process.Signal(end)
		b.exitCode(t)
		b.nothingIsLeft(t)
	}
}
