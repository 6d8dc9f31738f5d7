package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report/compare"
)

func compareCommand() *cobra.Command {
	var failIf []string
	var json, markdown string
	var ascii asciiFlag
	command := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Tell what changed between two runs, and whether it is more than noise",
		Long: `Compares two recordings, or results of --json, contender by contender: the change of
each figure with its interval, a word for it and how sure that is. --fail-if makes it
a check for CI: it holds where a change is beyond the limit and more than noise, and
where a figure vanished. Single runs tell large changes; several rounds on both sides
(--rounds 5) tell small ones from noise. It exits with 3 if a --fail-if holds, and
else with 1 if the new run had no good reply of a contender any more.`,
		Example: `  benchtui compare before.json after.json
  benchtui compare main.json branch.json --fail-if 'p99>+10%' --fail-if 'rps<-5%'
  benchtui compare 2 1 --md comment.md`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage(errors.New("compare takes two recordings or results: benchtui compare OLD NEW"))
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			var limits []compare.ChangeLimit
			for _, text := range failIf {
				limit, err := compare.ParseChangeLimit(text)
				if err != nil {
					return usage(fmt.Errorf("--fail-if %w", err))
				}
				limits = append(limits, limit)
			}
			var sides [2]namedDocument
			for i, name := range args {
				var err error
				if sides[i], err = readDocument(command.Context(), name); err != nil {
					return usage(err)
				}
			}
			var named []namedFile
			for _, side := range sides {
				named = append(named, namedFile{"what is compared", side.path, true})
			}
			if err := writable(append(named, debugLogOf(command.Flags()), namedFile{"--json", json, false}, namedFile{"--md", markdown, false})); err != nil {
				return usage(err)
			}
			comparison := compare.Compare(sides[0].Document, sides[1].Document)
			for _, limit := range limits {
				comparison.Fired = append(comparison.Fired, limit.Fires(comparison)...)
			}
			if err := writeComparison(command, comparison, json, markdown, ascii); err != nil {
				return err
			}
			return judge(comparison, len(limits) > 0)
		},
	}
	set := command.Flags()
	set.SortFlags = false
	set.StringArrayVar(&failIf, "fail-if", nil, "exit 3 if it holds for a contender and is more than noise: 'p99>+10%', 'rps<-5%', 'mean>+2ms', 'failures>+0.1%' (repeatable)")
	set.StringVar(&json, "json", "", "write the comparison as JSON to a file, or - for stdout")
	set.StringVar(&markdown, "md", "", "write it as a Markdown table to a file, or -")
	ascii.register(set, "in the text")
	return command
}

// writeComparison writes the comparison as text, and as it was asked for.
func writeComparison(command *cobra.Command, c compare.Comparison, json, markdown string, ascii asciiFlag) error {
	outputs := []struct {
		flag, path string
		write      func(io.Writer, compare.Comparison) error
	}{{"--json", json, compare.WriteJSON}, {"--md", markdown, compare.WriteMarkdown}}
	text := command.OutOrStdout()
	for _, output := range outputs {
		if output.path == "-" { // stdout is its alone
			text = foreign.NewWriter(stderrFile)
		}
	}
	ctx, release := untilInterrupted(command.Context())
	defer release()
	failed := []error{compare.WriteText(ascii.text(text), c)}
	for _, output := range outputs {
		var written strings.Builder
		err := output.write(&written, c)
		switch {
		case output.path == "" || err != nil:
		case output.path == "-":
			_, err = io.WriteString(command.OutOrStdout(), written.String())
		default:
			err = files.Write(ctx, output.path, []byte(written.String()))
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", output.flag, err))
		}
	}
	if err := allOf(failed); err != nil {
		return exitError{ExitNotMeasured, err}
	}
	return nil
}

// judge chooses the exit code of a comparison; limited says that there are limits.
func judge(c compare.Comparison, limited bool) error {
	if len(c.Fired) > 0 {
		for _, fired := range c.Fired {
			fmt.Fprintln(foreign.NewWriter(stderrFile), "benchtui: --fail-if", fired)
		}
		return exitError{ExitFailIf, errors.New("")}
	}
	if len(c.Contenders) == 0 {
		return usage(errors.New("no contender is in both runs; compare runs of the same contenders"))
	}
	if dead := c.Dead(); len(dead) > 0 {
		return exitError{ExitNotMeasured, fmt.Errorf("in the new run %s had no good reply any more", strings.Join(dead, ", "))}
	}
	if missing := append(c.Unmeasured(), c.OnlyOld...); limited && len(missing) > 0 {
		return exitError{ExitNotMeasured, fmt.Errorf("the new run did not measure %s to the end, so that --fail-if says nothing of it", strings.Join(missing, ", "))}
	}
	return nil
}
