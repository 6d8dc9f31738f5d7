package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/internal/doctor"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/run"
)

func doctorCommand() *cobra.Command {
	var asJSON bool
	var ascii asciiFlag
	var connections int
	var looks time.Duration
	command := &cobra.Command{
		Use:   "doctor",
		Short: "Say what would distort a measurement on this machine, and how to mend it",
		Long: `doctor looks at this machine as a measurement meets it: limits of open files and
ports, cores and their clocks, memory and swap, what else runs, how late sleepers
wake. It says what would distort a measurement, and how to mend each; it changes
nothing. It exits with 1 if there is something to fix, and 0 if there is not.`,
		Example: `  benchtui doctor
  benchtui doctor --connections 20000
  benchtui doctor --json | jq '.checks[] | select(.state == "warning")'`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			need := run.DefaultNeed()
			if command.Flags().Changed("connections") {
				if connections < 1 {
					return usage(fmt.Errorf("--connections %d: at least one is needed", connections))
				}
				need.Connections, need.By = connections, fmt.Sprintf("%d %s", connections, figure.Agree(connections, "connection", "connections"))
			}
			if looks <= 0 || looks > time.Hour {
				return usage(fmt.Errorf("--duration %s: look for a time, such as 1s, at most 1h", looks))
			}
			ctx, release := untilAsked(command.Context())
			defer release()
			catalogue, builder, _, err := openBuilder()
			if err != nil {
				return err
			}
			found := doctor.Doctor{Host: run.ReadHostFacts(), Connections: need.Connections}
			// The contenders' tools are asked before the look, which would see them run.
			found.Contenders.LeftOut = []string{}
			here, leftOut := buildable(ctx, catalogue, builder)
			for _, contender := range here {
				found.Contenders.Here = append(found.Contenders.Here, contender.Manifest.ID)
			}
			found.Contenders.LeftOut = append(found.Contenders.LeftOut, leftOut...)
			if found.Abilities, err = run.Abilities(); err != nil {
				return exitError{ExitNotMeasured, err}
			}
			found.Checks = run.CheckMachine(ctx, need, looks)
			if ctx.Err() != nil {
				return exitError{ExitInterrupted, errors.New("interrupted before it had looked long enough")}
			}
			if asJSON {
				err = found.WriteJSON(command.OutOrStdout())
			} else {
				err = found.WriteText(ascii.text(command.OutOrStdout()))
			}
			if err != nil {
				return exitError{ExitNotMeasured, err}
			}
			if found.Warnings() > 0 {
				return exitError{ExitNotMeasured, errors.New("")}
			}
			return nil
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	ascii.register(command.Flags(), "in the text")
	command.Flags().IntVarP(&connections, "connections", "c", 0, "the most that you mean to load with at the same time; default: as many as the named workloads")
	command.Flags().DurationVarP(&looks, "duration", "z", time.Second, "how long to look at what else happens")
	return command
}
