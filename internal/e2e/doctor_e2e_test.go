//go:build linux

package e2e

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/doctor"
	"github.com/benchtui/benchtui/procs/machine"
)

// doctorUnder is what the doctor says when the shell that starts it prepared so.
func doctorUnder(t *testing.T, prepare string, args ...string) (code int, found doctor.Doctor) {
	t.Helper()
	b := newBench(t)
	b.Path, _ = exec.LookPath("sh")
	b.Args = append([]string{"sh", "-c", prepare + `; exec "$@"`, "sh", program, "doctor", "--json"}, args...)
	code = b.run(t)
	if err := json.Unmarshal(b.stdout.Bytes(), &found); err != nil {
		t.Fatalf("exit code %d: %v in %s%s", code, err, b.stdout.String(), b.stderr.String())
	}
	return code, found
}

func checkOf(t *testing.T, found doctor.Doctor, id string) machine.Check {
	t.Helper()
	for _, check := range found.Checks {
		if check.ID == id {
			return check
		}
	}
	t.Fatalf("no check %s in %+v", id, found.Checks)
	return machine.Check{}
}

func TestDoctorSeesLimitsAndNeighbours(t *testing.T) {
	neighbour := exec.Command("sh", "-c", "while :; do :; done")
	if err := neighbour.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = neighbour.Process.Kill()
		_ = neighbour.Wait()
	}()
	code, found := doctorUnder(t, "ulimit -n 1000")
	if code != cli.ExitNotMeasured {
		t.Errorf("exit code %d with things to mend", code)
	}
	if check := checkOf(t, found, "descriptor_limit"); check.State != machine.Warning || !strings.Contains(check.Title, "1,000 files") || len(check.Fix) == 0 {
		t.Errorf("under a limit of 1000 open files: %+v", check)
	}
	// Others may be busy as well, and ahead of it; some CPU it gets.
	check := checkOf(t, found, "busy_neighbours")
	if check.State != machine.Warning {
		t.Errorf("beside a shell that spins: %+v", check)
	}
	if len(found.Contenders.Here) == 0 || len(found.Abilities) == 0 || found.Schema != doctor.Schema {
		t.Errorf("it tells %+v", found)
	}

	_, found = doctorUnder(t, "ulimit -n 1000", "--connections", "500", "-z", "100ms")
	if check := checkOf(t, found, "descriptor_limit"); check.State != machine.OK {
		t.Errorf("for 500 connections under a limit of 1000: %+v", check)
	}
}

func TestDoctorRefusesWhatMakesNoSense(t *testing.T) {
	for _, args := range [][]string{{"--connections", "0"}, {"-z", "0"}, {"everything"}, {"-z", "999h"}} {
		b := newBench(t, append([]string{"doctor"}, args...)...)
		if code := b.run(t); code != cli.ExitUsage || strings.Count(b.stderr.String(), "\n") != 1 {
			t.Errorf("%q: exit code %d: %s", args, code, b.stderr.String())
		}
	}
}
