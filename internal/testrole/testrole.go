// Package testrole has a program that was built for something else, mostly a test's own
// binary, do one thing in its place: be a server that hangs, or a process that ignores
// signals. The environment says which, and its options by name, as JSON. It knows no role;
// only tests import it.
package testrole

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Role is what a program does in place of its own work.
type Role string

// Variable is the variable of the environment that tells a program its role: one for each
// set of roles.
type Variable string

type assignment[Options any] struct {
	Role    Role
	Options Options
}

// As is the variable with its value, as it stands in an environment, that has a program
// play the role; there is one set of options at most. No ' is in it: it may stand between
// two of them in a command line.
func As[Options any](variable Variable, role Role, options ...Options) string {
	a := assignment[Options]{Role: role}
	if len(options) > 0 {
		a.Options = options[0]
	}
	text, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return string(variable) + "=" + strings.ReplaceAll(string(text), "'", `\u0027`)
}

// Play does what the environment has this process do, and says whether that was anything.
// A role that it does not know ends the process.
func Play[Options any](variable Variable, roles map[Role]func(Options)) bool {
	given := os.Getenv(string(variable))
	if given == "" {
		return false
	}
	var a assignment[Options]
	if err := json.Unmarshal([]byte(given), &a); err != nil || roles[a.Role] == nil {
		fmt.Println("no such role:", given)
		os.Exit(1)
	}
	roles[a.Role](a.Options)
	return true
}
