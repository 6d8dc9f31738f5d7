package frameworks

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Ulimits are the limits that a manifest can give a server, by the names of
// limits.conf(5), with the letter that a shell's ulimit has for each.
var Ulimits = map[string]string{"as": "v", "core": "c", "cpu": "t", "data": "d", "fsize": "f", "nofile": "n", "stack": "s"}

var ulimitValue = regexp.MustCompile(`^([0-9]+|unlimited)$`)

func checkUlimit(limits map[string]string) (what string) {
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		if Ulimits[name] == "" {
			return fmt.Sprintf("%q is no limit that can be given; known: %s", name, strings.Join(slices.Sorted(maps.Keys(Ulimits)), ", "))
		}
		if !ulimitValue.MatchString(limits[name]) {
			return fmt.Sprintf("%s: %q is no number, as ulimit takes it, nor unlimited", name, limits[name])
		}
	}
	return ""
}
