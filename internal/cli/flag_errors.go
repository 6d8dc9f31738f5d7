package cli

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/nearest"
	"github.com/benchtui/benchtui/internal/plan"
)

// flagError says what is wrong with a flag in words of ours: what it takes, with its
// unit, or which flag was most likely meant.
func flagError(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var lacking *pflag.ValueRequiredError
	help := "; see " + command.CommandPath() + " --help"
	switch {
	case errors.As(err, &unknown):
		written := "--" + unknown.GetSpecifiedName()
		if shorthands := unknown.GetSpecifiedShortnames(); shorthands != "" {
			written = "-" + unknown.GetSpecifiedName()
		}
		if near := nearestFlag(command, unknown.GetSpecifiedName()); near != "" {
			return usage(fmt.Errorf("unknown flag: %s; did you mean %s? %s --help lists all", written, near, command.CommandPath()))
		}
		return usage(errors.New("unknown flag: " + written + help))
	case errors.As(err, &invalid):
		return usage(fmt.Errorf("%s %s: %w", flagWords(invalid.GetFlag()), strconv.Quote(invalid.GetValue()), wanted(invalid.GetFlag(), invalid.GetValue(), invalid.Unwrap())))
	case errors.As(err, &lacking):
		return usage(fmt.Errorf("%s needs a value; %w", flagWords(lacking.GetFlag()), wanted(lacking.GetFlag(), "", nil)))
	}
	return usage(fmt.Errorf("%w%s", err, help))
}

// flagWords are a flag as people write it.
func flagWords(flag *pflag.Flag) string {
	if flag.Shorthand != "" {
		return "-" + flag.Shorthand + ", --" + flag.Name
	}
	return "--" + flag.Name
}

// wanted says what a flag takes in the place of a value that it could not read.
func wanted(flag *pflag.Flag, value string, err error) error {
	setting, _ := plan.SettingNamed(flag.Name)
	wanted := field.Kind(flag.Value.Type()).Wanted(value, err, setting.Unit, cmp.Or(setting.Example, example(flag.Name)))
	return cmp.Or(wanted, errors.New("the help says which (--help)"))
}

// example is a number that a flag may have which is no setting.
func example(name string) string {
	switch name {
	case "port":
		return "8080"
	case "pid":
		return "412"
	case "expect-status":
		return "200"
	case "jobs", "speed":
		return "4"
	}
	return "64"
}

// nearestFlag is the flag of a command that somebody who wrote this most likely meant;
// "" if it is like none.
func nearestFlag(command *cobra.Command, written string) (near string) {
	var names []string
	take := func(flag *pflag.Flag) {
		if len(written) == 1 && strings.EqualFold(flag.Shorthand, written) {
			near = "-" + flag.Shorthand
		}
		if !flag.Hidden {
			names = append(names, flag.Name)
		}
	}
	command.Flags().VisitAll(take)
	command.InheritedFlags().VisitAll(take)
	if name, ok := nearest.Name(written, names); ok {
		near = "--" + name
	}
	return near
}
