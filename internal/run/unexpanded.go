package run

import (
	"fmt"
	"os"
	"strings"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
)

// unexpanded is advice for a server that did not begin and whose command holds what only
// a shell would have made something of; "" for any other.
func unexpanded(launch build.Launch) string {
	isSet := func(name string) bool {
		for _, pair := range append(os.Environ(), launch.Env...) {
			if set, _, _ := strings.Cut(pair, "="); name != "" && set == name {
				return true
			}
		}
		return false
	}
	word := frameworks.Unexpanded(launch.Command, launch.Dir, isSet)
	switch {
	case word == "":
		return ""
	case strings.Contains(word, "PORT"):
		return fmt.Sprintf("\nno shell read its command, so that %s reached it as it stands there: write {port}, or name a shell: sh -c 'exec …'", word)
	}
	return fmt.Sprintf("\nno shell read its command, so that %s reached it as it stands there: write out what it stands for, or name a shell: sh -c 'exec …'", word)
}
