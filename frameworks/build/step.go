package build

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/benchtui/benchtui/frameworks"
)

// isFor tells whether a step is taken on an operating system.
func isFor(s frameworks.Step, goos string) bool { return len(s.OS) == 0 || slices.Contains(s.OS, goos) }

// runStep takes a step; what it says goes to the log.
func runStep(ctx context.Context, s frameworks.Step, m machine, v values, log *buildLog) error {
	if s.Copy != nil {
		paths, err := v.fillAll([]string{s.Copy.From, s.Copy.To})
		if err != nil {
			return err
		}
		log.note("copy " + paths[0] + " to " + paths[1])
		return copyTree(paths[0], paths[1])
	}
	words, err := v.fillAll(s.Run)
	if err != nil {
		return err
	}
	dir := v["src"]
	if s.Dir != "" {
		if dir, err = v.fill(s.Dir); err != nil {
			return err
		}
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(v["src"], dir)
		}
	}
	env, err := v.fillEnv(s.Env)
	if err != nil {
		return err
	}
	program, ok := m.look(words[0])
	if !ok {
		return fmt.Errorf("%s not found", words[0])
	}
	// Logs are for reading, also on a screen that draws its own colours.
	all := append(slices.Clone(m.environ), "NO_COLOR=1", "CI=1")
	return runProcess(ctx, process{path: program, args: words[1:], dir: dir, env: append(all, env...), output: log, long: true})
}
