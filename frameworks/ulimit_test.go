package frameworks

import (
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
