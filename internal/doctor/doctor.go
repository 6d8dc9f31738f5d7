package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/procs/machine"
)

// Schema names the form of a Doctor in JSON.
const Schema = "benchtui/doctor/v1"

// Doctor is what this machine can do, and what would distort a measurement on it.
type Doctor struct {
	Schema      string            `json:"schema"`
	Host        stream.HostFacts  `json:"host"`
	Contenders  DoctorContenders  `json:"contenders"`
	Abilities   []machine.Ability `json:"abilities"`
	Connections int               `json:"connections"` // that the machine was judged for
	Checks      []machine.Check   `json:"checks"`
}

// DoctorContenders is who can be measured here, by id.
type DoctorContenders struct {
	Here    []string `json:"here"`
	LeftOut []string `json:"left_out"` // for want of what they need
}

// Warnings is how many checks found something to warn of.
func (d Doctor) Warnings() int { return len(machine.Warnings(d.Checks)) }

// WriteJSON writes it for programs.
func (d Doctor) WriteJSON(w io.Writer) error {
	d.Schema = Schema
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(d); err != nil {
		return fmt.Errorf("write what the doctor found: %w", err)
	}
	return nil
}

// checkSigns stand before each check; they differ without colour.
var checkSigns = map[machine.State]string{
	machine.Warning: "⚠",
	machine.Note:    "·",
	machine.OK:      "✓",
	machine.Unknown: "?",
}

// WriteText writes it for a person: first what to mend, last what is well.
func (d Doctor) WriteText(w io.Writer) error {
	var text strings.Builder
	say := func(head string, words ...string) {
		if len(words) > 0 {
			fmt.Fprintf(&text, "%-*s%s\n", doctorIndent, head, listed(words))
		}
	}
	say("host", d.Host.Words())
	can := fmt.Sprintf("%d of %s", len(d.Contenders.Here), wording.Contenders(len(d.Contenders.Here)+len(d.Contenders.LeftOut)))
	if len(d.Contenders.LeftOut) > 0 {
		can += "; benchtui list says what the others need"
	}
	say("can measure", can)
	var shows, lacks []string
	for _, ability := range d.Abilities {
		if ability.Here {
			shows = append(shows, ability.Name)
		} else {
			lacks = append(lacks, ability.Name)
		}
	}
	say("can show", shows...)
	say("can't show", lacks...)

	counts := map[machine.State]int{}
	for _, state := range []machine.State{machine.Warning, machine.Note, machine.OK, machine.Unknown} {
		for _, check := range d.Checks {
			if check.State != state {
				continue
			}
			if counts[state] == 0 || state == machine.Warning || state == machine.Note {
				text.WriteByte('\n')
			}
			counts[state]++
			fmt.Fprintf(&text, "%s %s\n", checkSigns[state], foreign.Text(check.Title))
			for _, evidence := range check.Evidence {
				fmt.Fprintf(&text, "    %s\n", foreign.Text(evidence))
			}
			for _, fix := range check.Fix {
				fmt.Fprintf(&text, "  → %s\n", foreign.Text(fix))
			}
		}
	}
	warned, noted := counts[machine.Warning], counts[machine.Note]
	switch {
	case warned > 0:
		fmt.Fprintf(&text, "\n%s would distort measurements here\n", figure.Plural(warned, "thing", "things"))
	case noted > 0:
		fmt.Fprintf(&text, "\nnothing distorts measurements here; %s to know\n", figure.Plural(noted, "thing is good", "things are good"))
	default:
		text.WriteString("\nnothing distorts measurements here\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// The heads of the text stand in a column, and lists beside them break before a width.
const doctorIndent, doctorWidth = 13, 100

// listed writes words with commas between them, in lines below each other.
func listed(words []string) string {
	var text strings.Builder
	column := doctorIndent
	for i, word := range words {
		if i < len(words)-1 {
			word += ","
		}
		switch width := wording.Cells.StringWidth(word); {
		case i == 0:
			column += width
		case column+1+width > doctorWidth:
			text.WriteString("\n" + strings.Repeat(" ", doctorIndent))
			column = doctorIndent + width
		default:
			text.WriteByte(' ')
			column += 1 + width
		}
		text.WriteString(word)
	}
	return text.String()
}
