package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
)

func buildCommand() *cobra.Command {
	var jobs int
	var verbose bool
	var ascii asciiFlag
	command := &cobra.Command{
		Use:   "build [ID...]",
		Short: "Build contenders now; without a name, all that this machine can",
		RunE: func(command *cobra.Command, args []string) error {
			if jobs < 1 {
				return usage(fmt.Errorf("-j %d: at least one build at a time", jobs))
			}
			catalogue, builder, _, err := openBuilder()
			if err != nil {
				return err
			}
			var contenders []frameworks.Contender
			for _, arg := range args {
				contender, err := catalogue.Find(arg)
				if err != nil {
					return usage(err)
				}
				contenders = append(contenders, contender)
			}
			ctx, release := untilAsked(command.Context())
			defer release()
			out := ascii.text(command.OutOrStdout())
			if len(args) == 0 {
				var leftOut []string
				contenders, leftOut = buildable(ctx, catalogue, builder)
				sayLeftOut(out, leftOut)
			}
			return buildAll(ctx, out, builder, contenders, jobs, verbose)
		},
	}
	command.Flags().IntVarP(&jobs, "jobs", "j", runtime.NumCPU(), "builds at the same time")
	command.Flags().BoolVarP(&verbose, "verbose", "v", false, "show what the builds print")
	ascii.register(command.Flags(), "in the text")
	return command
}

// buildAll builds the contenders, several at a time, and goes on when one fails.
func buildAll(ctx context.Context, w io.Writer, builder *build.Builder, contenders []frameworks.Contender, jobs int, verbose bool) error {
	var failed []string
	done := 0
	builder.BuildAll(ctx, contenders, jobs, func(news build.News) {
		id := news.Contender.Manifest.ID
		step, isStep := strings.CutPrefix(news.Line.Text, "# ")
		if news.Done {
			done++
		}
		count := fmt.Sprintf("%*d of %d", len(strconv.Itoa(len(contenders))), done, len(contenders))
		switch {
		case news.Line.Text != "" && verbose:
			fmt.Fprintf(w, "%s | %s\n", id, news.Line.Text)
		case isStep:
			fmt.Fprintf(w, "%*s  %-18s %s …\n", len(count), "", id, step)
		case !news.Done:
		case news.Err != nil:
			if ctx.Err() == nil {
				fmt.Fprintf(w, "%s  %-18s failed: %v\n", count, id, news.Err)
			}
			failed = append(failed, id)
		case news.Built.Cached:
			fmt.Fprintf(w, "%s  %-18s built before: %s %s\n", count, id, news.Built.Version, parenthesised(news.Built.Variant))
		default:
			fmt.Fprintf(w, "%s  %-18s built in %.1f s: %s %s\n", count, id, news.Took.Seconds(), news.Built.Version, parenthesised(news.Built.Variant))
		}
		if news.Done && news.Err == nil && news.Built.Fallback != "" {
			fmt.Fprintf(w, "%*s  %-18s %s\n", len(count), "", "", news.Built.Fallback)
		}
	})
	if ctx.Err() != nil {
		return exitError{ExitInterrupted, errors.New("interrupted; what was built stays")}
	}
	if len(failed) > 0 {
		return exitError{ExitNotMeasured, fmt.Errorf("not built: %s", strings.Join(failed, ", "))}
	}
	return nil
}
