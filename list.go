package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/frameworks"
)

func listCommand() *cobra.Command {
	var asJSON bool
	var ascii asciiFlag
	command := &cobra.Command{
		Use:   "list",
		Short: "Show the contenders and whether this machine can measure them",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			catalogue, shop, _, err := workshop()
			if err != nil {
				return err
			}
			var rows []listed
			for _, contender := range catalogue.All() {
				rows = append(rows, list(contender, shop.State(command.Context(), contender)))
			}
			if asJSON {
				encoder := json.NewEncoder(command.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(rows)
			}
			writeList(ascii.text(command.OutOrStdout()), rows)
			return nil
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	ascii.register(command.Flags(), "in the text")
	return command
}

// listed is a contender as list shows it.
type listed struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
	Version  string `json:"version"`
	Variant  string `json:"variant"`
	State    string `json:"state"`
	Reason   string `json:"reason"`
	Verified bool   `json:"verified"` // false: written from documentation, never run
	Why      string `json:"unverified_reason,omitempty"`
	Log      string `json:"log,omitempty"`
}

func list(contender frameworks.Contender, state frameworks.State) listed {
	why, unverified := contender.Manifest.Unverified()
	return listed{
		ID:       contender.Manifest.ID,
		Name:     contender.Manifest.Name,
		Language: contender.Manifest.Language,
		Version:  state.Version,
		Variant:  state.Variant,
		State:    string(state.Kind),
		Reason:   state.Reason,
		Log:      state.LogPath,
		Verified: !unverified,
		Why:      why,
	}
}

func writeList(w io.Writer, rows []listed) {
	head := []string{"ID", "LANGUAGE", "STATE", "RUNS AS", "REASON"}
	table := [][]string{head}
	for _, row := range rows {
		runs := strings.TrimSpace(row.Version + " " + parenthesised(row.Variant))
		state, reason := row.State, row.Reason
		if !row.Verified {
			state += ", unverified"
			reason += "; " + row.Why
		}
		table = append(table, []string{row.ID, row.Language, state, runs, reason})
	}
	widths := make([]int, len(head))
	for _, row := range table {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range table {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-len([]rune(cell))+2))
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

func parenthesised(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}
