// Package cli is the command line: commands and their flags, exit codes, signals, and
// the files that are written.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/foreign"
)

// version is this program's, as Main was told.
var version = "dev"

// The exit codes.
const (
	ExitDone        = 0
	ExitNotMeasured = 1
	ExitUsage       = 2
	ExitFailIf      = 3
	ExitInterrupted = 130
)

// exitError ends the program with a code; its message may be empty when all was said.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

// byFlags has an error call what is wrong by the flag that set it.
func byFlags(err error) error {
	return field.Named(err, func(name string) string { return "--" + name })
}

// usage is an error of what was asked for. What was called off while it was looked at
// is none.
func usage(err error) error {
	if errors.Is(err, context.Canceled) {
		return exitError{ExitInterrupted, fmt.Errorf("interrupted: %w", err)}
	}
	return exitError{ExitUsage, err}
}

// Main does what the arguments (without the program's name) ask for, and returns the
// exit code. release is the program's version.
func Main(release string, args []string) int {
	version = release
	// A reader that goes away must not kill us before our children are stopped:
	// with SIGPIPE taken, the write returns an error instead.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	// What libraries log is not for the terminal: it would break the screen.
	log.SetOutput(io.Discard)

	stdout := &standardOutput{to: foreign.NewWriter(stdoutFile)}
	root := rootCommand(stdout)
	root.SetArgs(args)
	root.SetErr(foreign.NewWriter(stderrFile))
	err := root.ExecuteContext(context.Background())
	crash.Await()
	if err == nil {
		if err = stdoutError(stdout.err); err != nil {
			err = exitError{ExitNotMeasured, err}
		}
	}
	switch {
	case err == nil && stdoutFile.stuck.Load(): // called off, and what was asked for is not out
		return ExitInterrupted
	case err == nil:
		return ExitDone
	}
	var exit exitError
	switch {
	case errors.As(err, &exit):
	case stdout.err != nil && errors.Is(err, stdout.err):
		exit = exitError{ExitNotMeasured, stdoutError(err)}
	default: // cobra's own: an unknown command or flag
		exit = exitError{ExitUsage, err}
	}
	if exit.err != nil && exit.err.Error() != "" {
		root.PrintErrln("benchtui:", byFlags(exit.err))
	}
	return exit.code
}

// rootCommand is all of the command line, which prints what was asked for to stdout.
func rootCommand(stdout io.Writer) *cobra.Command {
	var flags runFlags
	root := &cobra.Command{
		Use:   "benchtui",
		Short: "Benchmark web frameworks live in the terminal, and see why one is slow",
		Long: `benchtui starts each framework's server, loads it with HTTP requests and shows,
while the load runs, latency, throughput, failures and the server's CPU and memory;
it ends with a leaderboard. Without a command it lets you choose what to run.`,
		Version:       version,
		Args:          noArguments,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(command *cobra.Command, _ []string) error {
			return choose(command, &flags)
		},
	}
	root.SetOut(stdout) // before there is a completion, which keeps what it finds
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(flagError)
	flags.register(root)
	var debugLog string
	root.PersistentFlags().StringVar(&debugLog, "debug-log", "", "append what the libraries within log to a file")
	root.PersistentPreRunE = func(command *cobra.Command, args []string) error {
		if err := refuseNameless(command, args); err != nil {
			return usage(err)
		}
		return logTo(debugLog)
	}
	defer refuseUnknown(root)
	root.AddCommand(
		runCommand(), replayCommand(), demoCommand(), reportCommand(), compareCommand(),
		listCommand(), buildCommand(), doctorCommand(), serveCommand(), manCommand(root),
	)
	return root
}

// refuseUnknown has the commands that cobra adds refuse what there is no help or no
// completion of, as all others do.
func refuseUnknown(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd("completion")
	for _, command := range root.Commands() {
		switch command.Name() {
		case "help":
			command.Args = func(_ *cobra.Command, args []string) error {
				if found, rest, err := root.Find(args); err != nil || len(rest) > 0 || found == nil {
					return noArguments(root, args)
				}
				return nil
			}
		case "completion":
			command.Args = func(command *cobra.Command, args []string) error {
				if len(args) == 0 {
					return nil
				}
				message := fmt.Sprintf("no completion for %q; there is", args[0])
				for i, shell := range command.Commands() {
					message += map[bool]string{true: " ", false: ", "}[i == 0] + shell.Name()
				}
				if near := command.SuggestionsFor(args[0]); len(near) > 0 {
					message = fmt.Sprintf("no completion for %q; did you mean %s?", args[0], near[0])
				}
				return usage(errors.New(message))
			}
			command.RunE = func(command *cobra.Command, _ []string) error { return command.Help() }
			command.SuggestionsMinimumDistance = 2
		}
	}
}

// noArguments refuses words that are no command, and suggests the nearest.
func noArguments(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("unknown command %q", args[0])
	if near := command.SuggestionsFor(args[0]); len(near) > 0 {
		message += fmt.Sprintf("; did you mean %s?", near[0])
	} else {
		message += "; to measure a contender: benchtui run " + args[0]
	}
	return usage(errors.New(message))
}

// debugLogOf is the file of --debug-log.
func debugLogOf(set *pflag.FlagSet) namedFile {
	path, _ := set.GetString("debug-log")
	return namedFile{"--debug-log", path, false}
}

// logTo has the standard logger, which libraries use, append to a file; "" for none.
func logTo(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return usage(fmt.Errorf("--debug-log: %w", err))
	}
	log.SetOutput(file) // open to the end of the program
	return nil
}
