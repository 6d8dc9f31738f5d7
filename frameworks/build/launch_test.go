//go:build unix

package build

import (
	"os/exec"
	"testing"
)

func TestLimitsOfAManifestAreGivenAndTold(t *testing.T) {
	launch := Launch{Path: "/bin/sh", Args: []string{"-c", `ulimit -n; ulimit -c; echo "$1|$2"`, "sh", "a b", "$c"}}.limited(map[string]string{"nofile": "64", "core": "0"})
	out, err := exec.Command(launch.Path, launch.Args...).CombinedOutput()
	if err != nil || string(out) != "64\n0\na b|$c\n" {
		t.Errorf("%v: %q", err, out)
	}
	if launch.Ulimit["nofile"] != "64" {
		t.Errorf("it tells of %v", launch.Ulimit)
	}
	plain := Launch{Path: "/bin/true"}.limited(nil)
	if plain.Path != "/bin/true" || plain.Ulimit != nil {
		t.Errorf("without limits it is %+v", plain)
	}
}
