//go:build unix

package frameworks

import (
	"os/exec"
	"strings"
	"testing"
)

// limitedManifest is a contender that is not built, with limits of its own.
const limitedManifest = `
id: limited
name: Limited
language: shell
link: https://example.org
run:
  command: [sh, -c, "ulimit -n; ulimit -c", "{port}"]
  ulimit: %s
`

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

func TestLimitsInAManifestAreRead(t *testing.T) {
	for given, wrong := range map[string]string{
		"{nofile: 4096, stack: unlimited}": "",
		"{nofiles: 4096}":                  `"nofiles" is no limit that can be given; known: as, core, cpu, data, fsize, nofile, stack`,
		"{nofile: 4k}":                     `nofile: "4k" is no number`,
	} {
		m, err := parseManifest("contender.yaml", []byte(strings.Replace(limitedManifest, "%s", given, 1)), testToolchains(t), nil)
		switch {
		case wrong == "" && (err != nil || m.Run.Ulimit["nofile"] != "4096"):
			t.Errorf("%s: %v, %v", given, m.Run.Ulimit, err)
		case wrong != "" && (err == nil || !strings.Contains(err.Error(), wrong)):
			t.Errorf("%s: %v, want %s", given, err, wrong)
		}
	}
}
