package cli

import (
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/plan"
)

// registerSettings makes flags of a group of the workload's settings. They keep what is
// written, and the settings read it.
func registerSettings(set *pflag.FlagSet, group plan.Group) {
	for _, setting := range plan.Settings {
		if setting.Group != group {
			continue
		}
		name, short, usual, help := setting.Name, setting.Shorthand, setting.Default, setting.Help
		switch setting.Kind() {
		case field.Whole:
			n, _ := strconv.Atoi(usual)
			set.IntP(name, short, n, help)
		case field.Count:
			n, _ := strconv.ParseUint(usual, 10, 64)
			set.Uint64P(name, short, n, help)
		case field.Number:
			n, _ := strconv.ParseFloat(usual, 64)
			set.Float64P(name, short, n, help)
		case field.Switch:
			on, _ := strconv.ParseBool(usual)
			set.BoolP(name, short, on, help)
		case field.Duration:
			d, _ := time.ParseDuration(usual)
			set.DurationP(name, short, d, help)
		default:
			set.StringP(name, short, usual, help)
		}
	}
}
