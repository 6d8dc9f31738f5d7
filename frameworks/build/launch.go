package build

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/flagname"
)

// Built is a contender that can be started.
type Built struct {
	Contender frameworks.Contender
	Artifact  string // what was built, or the program of --cmd; "" if nothing was
	Variant   string // "single executable"
	Version   string // the framework's: "Express 4.21.2"
	Cached    bool   // an earlier build is used
	Fallback  string // why it is not the preferred variant; "" if it is

	run    frameworks.Run
	values values
	dir    string
	record buildRecord

	machine machine
}

// Launch is what to start: the line between frameworks and procs.
type Launch struct {
	Path string   // absolute
	Args []string // without the program's name
	Dir  string   // "": the folder of this process
	Env  []string // beside the environment of this process, NAME=value; PORT among them

	// Command is what the manifest gives, as a person would write it; Path and Args
	// may begin with what sets its limits.
	Command []string
	Ulimit  map[string]string // what was given; nil: the person's own limits
}

// Launch fills port and artifact into the run command.
func (b Built) Launch(port int) (Launch, error) {
	id := b.Contender.Manifest.ID
	if b.Contender.URL != "" {
		return Launch{}, fmt.Errorf("launch %s: it runs at %s already; there is nothing to start", id, b.Contender.URL)
	}
	if port < 1 || port > 65535 {
		return Launch{}, fmt.Errorf("launch %s: port %d is none", id, port)
	}
	if b.Contender.Origin == frameworks.OriginCommand {
		return b.launchVerbatim(port), nil
	}
	if len(b.run.Command) == 0 {
		return Launch{}, fmt.Errorf("launch %s: build it first", id)
	}
	all := b.values.with(values{"port": strconv.Itoa(port)})
	words, err := all.fillAll(b.run.Command)
	if err != nil {
		return Launch{}, fmt.Errorf("launch %s: %w", id, err)
	}
	env, err := all.fillEnv(b.run.Env)
	if err != nil {
		return Launch{}, fmt.Errorf("launch %s: %w", id, err)
	}
	path := words[0]
	if strings.ContainsAny(path, `/\`) && !filepath.IsAbs(path) {
		path = filepath.Join(b.dir, path)
	}
	program, ok := b.machine.look(path)
	if !ok {
		return Launch{}, fmt.Errorf("launch %s: %s not found, or not executable", id, path)
	}
	launch := Launch{Path: program, Args: words[1:], Dir: b.dir, Env: withPort(env, port), Command: append([]string{program}, words[1:]...)}
	return launch.limited(b.run.Ulimit), nil
}

// launchVerbatim fills in the port and leaves all other braces to the command.
func (b Built) launchVerbatim(port int) Launch {
	fill := strings.NewReplacer("{port}", strconv.Itoa(port))
	run := b.Contender.Manifest.Run
	launch := Launch{Path: b.Artifact}
	for _, word := range run.Command[1:] {
		launch.Args = append(launch.Args, fill.Replace(word))
	}
	var env []string
	for _, name := range slices.Sorted(maps.Keys(run.Env)) {
		env = append(env, name+"="+fill.Replace(run.Env[name]))
	}
	launch.Env = withPort(env, port)
	launch.Command = append([]string{launch.Path}, launch.Args...)
	return launch
}

func withPort(env []string, port int) []string {
	if slices.ContainsFunc(env, func(pair string) bool { return strings.HasPrefix(pair, "PORT=") }) {
		return env
	}
	return append(env, "PORT="+strconv.Itoa(port))
}

// program finds the program of a --cmd contender, from where the person stands.
func (b *Builder) program(c frameworks.Contender) (string, error) {
	name := c.Manifest.Run.Command[0]
	path, ok := b.machine.look(name)
	if !ok {
		hint := "give a path, such as ./" + filepath.Base(name) + ", or install it"
		if strings.ContainsAny(name, `/\`) {
			hint = "is the path right, and the file executable?"
		}
		return "", fmt.Errorf(flagname.Cmd+" %s: %s not found; %s", c.Manifest.ID, name, hint)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", errors.Join(fmt.Errorf(flagname.Cmd+" %s: %s", c.Manifest.ID, name), err)
	}
	return absolute, nil
}

// limited is the launch by a shell that sets the limits and becomes the program:
// between the two nothing runs that could use more.
func (l Launch) limited(limits map[string]string) Launch {
	if len(limits) == 0 {
		return l
	}
	var script strings.Builder
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		fmt.Fprintf(&script, "ulimit -%s %s && ", frameworks.Ulimits[name], limits[name])
	}
	script.WriteString(`exec "$0" "$@"`)
	l.Args = slices.Concat([]string{"-c", script.String(), l.Path}, l.Args)
	l.Path = "/bin/sh"
	l.Ulimit = limits
	return l
}
