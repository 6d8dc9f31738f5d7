package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/frameworks"
)

func buildCommand() *cobra.Command {
	var jobs int
	var verbose bool
	command := &cobra.Command{
		Use:   "build [ID...]",
		Short: "Build contenders now; without a name, all that this machine can",
		RunE: func(command *cobra.Command, args []string) error {
			if jobs < 1 {
				return usage(fmt.Errorf("-j %d: at least one build at a time", jobs))
			}
			catalogue, shop, _, err := workshop()
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
			ctx, release := signal.NotifyContext(command.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
			defer release()
			if len(args) == 0 {
				contenders = buildable(ctx, catalogue, shop)
			}
			return buildAll(ctx, command.OutOrStdout(), shop, contenders, jobs, verbose)
		},
	}
	command.Flags().IntVarP(&jobs, "jobs", "j", 1, "builds at the same time")
	command.Flags().BoolVarP(&verbose, "verbose", "v", false, "show what the builds print")
	return command
}

// buildAll builds the contenders, several at a time, and goes on when one fails.
func buildAll(ctx context.Context, w io.Writer, shop *frameworks.Shop, contenders []frameworks.Contender, jobs int, verbose bool) error {
	var mu sync.Mutex
	say := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(w, format+"\n", args...)
	}
	var failed []string
	var builds sync.WaitGroup
	places := make(chan struct{}, jobs)
	for _, contender := range contenders {
		id := contender.Manifest.ID
		places <- struct{}{}
		builds.Add(1)
		go func() {
			defer builds.Done()
			defer func() { <-places }()
			began := time.Now()
			built, err := shop.Build(ctx, contender, func(line string) {
				if verbose {
					say("%s | %s", id, line)
				}
			})
			switch {
			case err != nil:
				say("%-18s failed: %v", id, err)
				mu.Lock()
				failed = append(failed, id)
				mu.Unlock()
			case built.Cached:
				say("%-18s built before: %s %s", id, built.Version, parenthesised(built.Variant))
			default:
				say("%-18s built in %.1f s: %s %s", id, time.Since(began).Seconds(), built.Version, parenthesised(built.Variant))
			}
		}()
	}
	builds.Wait()
	if ctx.Err() != nil {
		return exitError{exitInterrupted, errors.New("interrupted; what was built stays")}
	}
	if len(failed) > 0 {
		return exitError{exitNotMeasured, fmt.Errorf("not built: %s", strings.Join(failed, ", "))}
	}
	return nil
}
