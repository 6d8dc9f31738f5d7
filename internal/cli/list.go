package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report/wording"
)

func listCommand() *cobra.Command {
	var asJSON bool
	var ascii asciiFlag
	command := &cobra.Command{
		Use:   "list [ID|FILE...]",
		Short: "Show the contenders and whether this machine can measure them",
		Long: "Show the contenders and whether this machine can measure them: a line each, cut at the terminal's width " +
			"(120 columns elsewhere, or COLUMNS). Those that are named are shown whole.",
		RunE: func(command *cobra.Command, args []string) error {
			catalogue, builder, _, err := openBuilder()
			if err != nil {
				return err
			}
			contenders := catalogue.All()
			if len(args) > 0 {
				contenders = nil
			}
			for _, arg := range args {
				contender, err := catalogue.Find(arg)
				if err != nil {
					return usage(err)
				}
				contenders = append(contenders, contender)
			}
			var rows []listed
			for _, contender := range contenders {
				rows = append(rows, list(contender, builder.State(command.Context(), contender)))
			}
			if asJSON {
				encoder := json.NewEncoder(command.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(rows)
			}
			out := ascii.text(command.OutOrStdout())
			if len(args) == 0 {
				writeList(out, rows, listColumns(os.Stdout, os.Getenv("COLUMNS")))
				return nil
			}
			for i, row := range rows {
				if i > 0 {
					fmt.Fprintln(out)
				}
				writeListed(out, row, contenders[i].Manifest)
			}
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

func list(contender frameworks.Contender, state build.State) listed {
	why, unverified := contender.Manifest.Unverified()
	return foreign.Value(listed{
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
	})
}

// defaultColumns is how wide the list is where there is no terminal to ask.
const defaultColumns = 120

// listColumns is how wide a line may be: the terminal's width, or else what the
// environment says.
func listColumns(out *os.File, columns string) int {
	if width, _, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
		return width
	}
	if width, err := strconv.Atoi(columns); err == nil && width > 0 {
		return width
	}
	return defaultColumns
}

// The places of the columns that give way first, and what those that stay must hold.
const (
	languageColumn = 1
	runsColumn     = 3
	leastRuns      = 16
	leastReason    = 30
)

// writeList writes a line for each contender, none longer than columns.
func writeList(w io.Writer, rows []listed, columns int) {
	table := [][]string{{"ID", "LANGUAGE", "STATE", "RUNS AS", "REASON"}}
	for _, row := range rows {
		state, reason := row.State, row.Reason
		if !row.Verified {
			state += ", unverified"
		}
		// What can't be built here is no better for being verified.
		if !row.Verified && row.State != string(build.Missing) {
			reason += "; " + row.Why
		}
		table = append(table, []string{row.ID, row.Language, state, row.runs(), reason})
	}
	widths := listWidths(table, columns)
	fitting := func(row []string) (cells []string) {
		for i, cell := range row {
			if widths[i] > 0 {
				cells = append(cells, wording.Cut(cell, widths[i]))
			}
		}
		return cells
	}
	var text wording.Table
	for _, title := range fitting(table[0]) {
		text.Columns = append(text.Columns, wording.TextColumn(title))
	}
	for _, row := range table[1:] {
		text.Add(fitting(row)...)
	}
	for _, line := range text.Lines() {
		fmt.Fprintln(w, wording.Cut(line, columns))
	}
}

// listWidths shares the columns out: what a contender runs as is cut before the reason
// is, and it and the language are left out where both would say too little; 0: left out.
func listWidths(table [][]string, columns int) []int {
	widths := make([]int, len(table[0]))
	for _, row := range table {
		for i, cell := range row {
			widths[i] = max(widths[i], wording.Cells.StringWidth(cell))
		}
	}
	last := len(widths) - 1
	spare := func() int { // for the reason
		left := columns
		for _, width := range widths[:last] {
			if width > 0 {
				left -= width + 2
			}
		}
		return left
	}
	least := min(leastReason, widths[last])
	cutRuns := func() {
		if lacks := least - spare(); lacks > 0 {
			widths[runsColumn] = max(leastRuns, widths[runsColumn]-lacks)
		}
	}
	cutRuns()
	for _, gives := range []int{languageColumn, runsColumn} {
		if spare() < least {
			widths[gives] = 0
		}
	}
	widths[last] = max(1, min(widths[last], spare()))
	return widths
}

// runs is what the contender would run as: "Express 4.21.2 (single executable)".
func (l listed) runs() string { return strings.TrimSpace(l.Version + " " + parenthesised(l.Variant)) }

// writeListed writes all that is known of one contender.
func writeListed(w io.Writer, row listed, manifest frameworks.Manifest) {
	fmt.Fprintf(w, "%s: %s\n", row.ID, row.Name)
	line := func(what, text string) {
		if text != "" {
			fmt.Fprintf(w, "  %-14s  %s\n", what, text)
		}
	}
	line("state", row.State)
	line("reason", row.Reason)
	if !row.Verified {
		line("unverified", row.Why)
	}
	line("runs as", row.runs())
	line("language", row.Language)
	line("home page", manifest.Link)
	line("build log", row.Log)
	line("departs", manifest.Departs)
	for _, fact := range []struct {
		what string
		fact frameworks.Fact
	}{
		{"accept backlog", manifest.Behaviour.AcceptBacklog},
		{"keep-alive", manifest.Behaviour.KeepAlive},
		{"threads", manifest.Behaviour.WorkerThreads},
		{"ETag", manifest.Behaviour.ETag},
	} {
		line(fact.what, fact.fact.Value)
	}
	for _, note := range manifest.Notes {
		line("note", note)
	}
}

func parenthesised(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}
