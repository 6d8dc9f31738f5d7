package session

import (
	"strings"

	"github.com/benchtui/benchtui/frameworks/build"
)

// Given is what a server was started with on purpose, by its manifest or its command
// line. All else it had from the person's shell, as every other contender.
type Given struct {
	Command []string          `json:"command"`
	Env     map[string]string `json:"env,omitempty"`    // beside the person's own
	Ulimit  map[string]string `json:"ulimit,omitempty"` // by the names of limits.conf(5)
}

func givenBy(launch build.Launch) *Given {
	given := &Given{Command: launch.Command, Env: map[string]string{}, Ulimit: launch.Ulimit}
	for _, pair := range launch.Env {
		name, value, _ := strings.Cut(pair, "=")
		given.Env[name] = value
	}
	return given
}
