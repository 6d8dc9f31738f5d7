package run

import (
	"strings"

	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/stream"
)

func givenBy(launch build.Launch) *stream.Given {
	given := &stream.Given{Command: launch.Command, Env: map[string]string{}, Ulimit: launch.Ulimit}
	for _, pair := range launch.Env {
		name, value, _ := strings.Cut(pair, "=")
		given.Env[name] = value
	}
	return given
}
