package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/internal/files"
)

// namedFile is a file that the command line names; "-" is stdout, "" is none.
type namedFile struct {
	by    string // the flag, or what it is
	path  string
	given bool // it is read, and must be there afterwards
}

// writable refuses, before an hour of measuring and not after, what can't be written,
// and what would be written over another of the files that are named.
func writable(named []namedFile) error {
	for i, one := range named {
		if one.path == "" {
			continue
		}
		for _, other := range named[:i] {
			if err := one.spoils(other); err != nil {
				return err
			}
		}
		if one.path == "-" && one.fileAlone() {
			return fmt.Errorf("%s -: it is a file of its own, and does not go to stdout; give its path (./- is one of that name)", one.by)
		}
		if one.given || one.path == "-" {
			continue
		}
		if files.Same(one.path, "/dev/stdout") { // by that name, or by where the shell sends stdout
			if one.fileAlone() {
				return fmt.Errorf("%s %s is where stdout goes, which would spoil it; give it a file of its own", one.by, one.path)
			}
			return fmt.Errorf("%s %s is where stdout goes, which would spoil it; pass %s - to have it alone there", one.by, one.path, one.by)
		}
		if err := files.Writable(one.path); err != nil {
			return fmt.Errorf("%s: %w", one.by, err)
		}
	}
	return nil
}

// refuseNameless refuses a file with an empty name, as a variable has that a script forgot
// to set: a run would end well and its report be nowhere, and replay and report would take
// the newest recording for the one that was meant.
func refuseNameless(command *cobra.Command, args []string) (err error) {
	flags := []string{"record", "profile", "data-file", "debug-log"}
	for _, one := range formats {
		flags = append(flags, one.flag)
	}
	command.Flags().Visit(func(flag *pflag.Flag) {
		if err == nil && slices.Contains(flags, flag.Name) && flag.Value.Type() == "string" && flag.Value.String() == "" {
			err = fmt.Errorf("--%s names no file: what it is given is empty; give a path, or leave it out", flag.Name)
		}
	})
	// What the shell completes is empty where nothing is typed yet.
	if err == nil && !command.DisableFlagParsing && slices.Contains(args, "") {
		err = fmt.Errorf("an argument of benchtui %s is empty; give what it stands for, or leave it out", command.Name())
	}
	return err
}

// fileAlone says that it has no form for stdout.
func (f namedFile) fileAlone() bool { return f.by == "--record" || f.by == "--debug-log" }

// spoils says why two files can't both be what they are for.
func (f namedFile) spoils(other namedFile) error {
	out := (f.path == "-") != (other.path == "-")
	switch {
	case other.path == "" || out || f.given && other.given:
		return nil
	case f.path == "-":
		return fmt.Errorf("%s and %s both go to stdout; give each a file of its own", other.by, f.by)
	case !files.Same(f.path, other.path):
		return nil
	case f.given:
		return fmt.Errorf("%s %s would be lost: it is %s; choose another file", other.by, other.path, f.by)
	case other.given:
		return fmt.Errorf("%s %s would be lost: it is %s; choose another file", f.by, f.path, other.by)
	}
	return fmt.Errorf("%s and %s both go to %s; give each a file of its own", other.by, f.by, f.path)
}
