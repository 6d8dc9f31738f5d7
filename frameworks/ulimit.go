package frameworks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ulimits are the limits that a manifest can give a server, by the names of
// limits.conf(5), with the letter that a shell's ulimit has for each.
var ulimits = map[string]string{"as": "v", "core": "c", "cpu": "t", "data": "d", "fsize": "f", "nofile": "n", "stack": "s"}

var ulimitValue = regexp.MustCompile(`^([0-9]+|unlimited)$`)

func checkUlimit(limits map[string]string) (what string) {
	for _, name := range sortedKeys(limits) {
		if ulimits[name] == "" {
			return fmt.Sprintf("%q is no limit that can be given; known: %s", name, strings.Join(sortedKeys(ulimits), ", "))
		}
		if !ulimitValue.MatchString(limits[name]) {
			return fmt.Sprintf("%s: %q is no number, as ulimit takes it, nor unlimited", name, limits[name])
		}
	}
	return ""
}

// limited is the launch by a shell that sets the limits and becomes the program:
// between the two nothing runs that could use more.
func (l Launch) limited(limits map[string]string) Launch {
	if len(limits) == 0 {
		return l
	}
	var script strings.Builder
	for _, name := range sortedKeys(limits) {
		fmt.Fprintf(&script, "ulimit -%s %s && ", ulimits[name], limits[name])
	}
	script.WriteString(`exec "$0" "$@"`)
	l.Args = slices.Concat([]string{"-c", script.String(), l.Path}, l.Args)
	l.Path = "/bin/sh"
	l.Ulimit = limits
	return l
}
