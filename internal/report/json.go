package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/benchtui/benchtui/internal/stream"
)

// WriteJSON writes the result as --json has it: indented, and the same bytes for
// the same result. What is a list is never null.
func WriteJSON(w io.Writer, result stream.Result) error {
	result.Contenders = slices.Clone(result.Contenders)
	for i := range result.Contenders {
		one := &result.Contenders[i]
		one.TiedWith = list(one.TiedWith)
		one.Failures = list(one.Failures)
		one.Findings = findings(one.Findings)
		one.Rounds = list(slices.Clone(one.Rounds))
		for j := range one.Rounds {
			round := &one.Rounds[j]
			round.Failures, round.Findings = list(round.Failures), findings(round.Findings)
		}
	}
	result.Contenders = list(result.Contenders)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(result); err != nil {
		return fmt.Errorf("write the result as JSON: %w", err)
	}
	return nil
}

func findings(all []stream.FindingResult) []stream.FindingResult {
	all = list(slices.Clone(all))
	for i := range all {
		all[i].Evidence = list(all[i].Evidence)
	}
	return all
}

// list is never nil.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
