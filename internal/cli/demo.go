package cli

import (
	"bytes"
	"errors"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/demo"
)

func demoCommand() *cobra.Command {
	var flags replayFlags
	command := &cobra.Command{
		Use:   "demo",
		Short: "Play a recording that comes with benchtui: a real run, nothing is measured now",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(errors.New("demo plays its own recording; one of yours: benchtui replay " + args[0]))
			}
			return nil
		},
		RunE: func(command *cobra.Command, _ []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			return flags.replay(command, bytes.NewReader(demo.Recording), "demo")
		},
	}
	flags.register(command)
	return command
}
