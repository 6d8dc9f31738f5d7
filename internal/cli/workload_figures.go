package cli

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/tui"
)

// workloadOffer is a workload as the choose screen offers it.
func workloadOffer(workload plan.Workload) tui.WorkloadOffer {
	return tui.WorkloadOffer{
		Name: workload.Name, Words: workload.Words(), About: workload.About,
		PerContender: workload.PerContender(),
		Figures:      workloadFigures(workload),
	}
}

// workloadFigures are the figures that a workload has, by the flags that set them.
func workloadFigures(workload plan.Workload) []tui.WorkloadFigure {
	load := workload.Load
	whole, number := strconv.Itoa, func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	var figures []tui.WorkloadFigure
	add := func(flag, value string) { figures = append(figures, tui.WorkloadFigure{Flag: flag, Value: value}) }
	switch {
	case load.Model == traffic.Users:
		add("users", whole(load.Users))
		add("ramp", load.RampOver.String())
		add("repeat", whole(load.Repeat))
	case workload.Searches():
		if load.Rate > 0 {
			add("from", number(load.Rate))
		}
		add("connections", whole(load.Connections))
		add("duration", load.Duration.String())
	default:
		switch load.Model {
		case traffic.Rate:
			if !workload.FindsRate() {
				add("rate", number(load.Rate))
			}
		case traffic.Ramp:
			add("from", number(load.Rate))
			add("to", number(load.RateTo))
		}
		add("connections", whole(load.Connections))
		if load.Requests > 0 {
			add("requests", strconv.FormatUint(load.Requests, 10))
		}
		if load.Requests == 0 || load.Duration > 0 { // whichever ends first
			add("duration", load.Duration.String())
		}
	}
	add("warmup", workload.Warmup.String())
	add("rounds", whole(max(1, workload.Rounds)))
	return figures
}

// workloadWith is the named workload with figures in place of those that the flags
// set, read and checked as if they had been passed as flags.
func (f *runFlags) workloadWith(name string, figures []tui.WorkloadFigure) (plan.Workload, error) {
	if len(figures) == 0 {
		return f.theWorkload(name)
	}
	var changed runFlags
	changed.register(&cobra.Command{})
	var failed error
	set := func(flag, value string) {
		if err := changed.set.Set(flag, value); err != nil && failed == nil {
			failed = fmt.Errorf("--%s %q: %w", flag, value, wanted(changed.set.Lookup(flag), value, err))
		}
	}
	f.set.Visit(func(flag *pflag.Flag) {
		switch flag.Name {
		case "cooldown", "http-cache", "objective", "tick", "timeout":
			set(flag.Name, flag.Value.String())
		}
	})
	for _, figure := range figures {
		set(figure.Flag, figure.Value)
	}
	if failed != nil {
		return plan.Workload{}, failed
	}
	return changed.theWorkload(name)
}
