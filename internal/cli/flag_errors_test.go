package cli

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every flag of every command that takes a time or a number says what it takes, with
// the unit, in one line and in no words of Go's.
func TestEveryFlagSaysWhatItTakes(t *testing.T) {
	var each func(command *cobra.Command)
	each = func(command *cobra.Command) {
		command.Flags().VisitAll(func(flag *pflag.Flag) {
			wrong := map[string]map[string]string{
				"duration": {"10": "did you mean 10s?", "1.5": "did you mean 1.5s?", "soon": "such as 500ms, 10s or 2m", "": "such as 500ms", "5 parsecs": "such as 500ms"},
				"int":      {"many": "whole number", "1.5": "whole number", "99999999999999999999": "too large"},
				"uint64":   {"many": "whole number", "-5": "0 or above", "99999999999999999999": "too large"},
				"float64":  {"abc": "pass a number", "": "pass a number"},
				"bool":     {"perhaps": "true or false"},
			}
			for value, want := range wrong[flag.Value.Type()] {
				err := flagError(command, command.Flags().Set(flag.Name, value))
				var exit exitError
				if !errors.As(err, &exit) || exit.code != ExitUsage || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "--"+flag.Name) ||
					strings.Contains(err.Error(), "strconv") || strings.Contains(err.Error(), "time:") || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s --%s=%q: %v, want %q", command.CommandPath(), flag.Name, value, err, want)
				}
			}
			if len(flag.Name) > 3 {
				for _, written := range []string{flag.Name[:len(flag.Name)-1] + "#", flag.Name[1:], strings.ToUpper(flag.Name)} {
					if near := nearestFlag(command, written); near != "--"+flag.Name && flag.Name != "load-cpus" && flag.Name != "help" {
						t.Errorf("%s --%s: did you mean %s?", command.CommandPath(), written, near)
					}
				}
			}
		})
		for _, sub := range command.Commands() {
			if sub.Name() != "completion" {
				each(sub)
			}
		}
	}
	each(rootCommand(io.Discard))
	if near := nearestFlag(rootCommand(io.Discard), "qwertyuiop"); near != "" {
		t.Errorf("qwertyuiop is like %s", near)
	}
}
