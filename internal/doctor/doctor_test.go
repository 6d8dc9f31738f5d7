package doctor

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/procs/machine"
)

func TestDoctorSaysFirstWhatToMend(t *testing.T) {
	doctor := Doctor{
		Host:       stream.HostFacts{OS: "Linux", Cores: 8},
		Contenders: DoctorContenders{Here: []string{"golang"}, LeftOut: []string{"axum", "rocket"}},
		Abilities:  []machine.Ability{{Name: "memory", Here: true}, {Name: "threads", Here: true}, {Name: "accept queue", Here: false}},
		Checks: []machine.Check{
			{ID: "a", State: machine.OK, Title: "all is well"},
			{ID: "b", State: machine.Unknown, Title: "nobody knows"},
			{ID: "c", State: machine.Note, Title: "take note", Fix: []string{"so"}},
			{ID: "d", State: machine.Warning, Title: "be \x1b[31mwarned", Evidence: []string{"7 of 8"}, Fix: []string{"do this", "or `that`"}},
			{ID: "e", State: machine.OK, Title: "this too"},
		},
	}
	var text strings.Builder
	if err := doctor.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	const want = `host         Linux · 8 cores
can measure  1 of 3 contenders; benchtui list says what the others need
can show     memory, threads
can't show   accept queue

⚠ be warned
    7 of 8
  → do this
  → or ` + "`that`" + `

· take note
  → so

✓ all is well
✓ this too

? nobody knows

1 thing would distort measurements here
`
	if text.String() != want {
		t.Errorf("it says\n%s\nwant\n%s", text.String(), want)
	}
	if doctor.Warnings() != 1 {
		t.Errorf("%d warnings", doctor.Warnings())
	}

	text.Reset()
	if err := doctor.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	var read Doctor
	if err := json.Unmarshal([]byte(text.String()), &read); err != nil {
		t.Fatal(err)
	}
	if read.Schema != Schema || len(read.Checks) != 5 || read.Checks[3].State != machine.Warning {
		t.Errorf("the JSON tells %+v", read)
	}
}

func TestDoctorsListsBreakBeforeTheWidth(t *testing.T) {
	words := strings.Fields(strings.Repeat("something ", 40))
	text := listed(words)
	if strings.Join(strings.Fields(text), " ") != strings.Join(words, ", ") {
		t.Errorf("words are lost in %q", text)
	}
	for i, line := range strings.Split(text, "\n") {
		if i == 0 {
			line = strings.Repeat(" ", doctorIndent) + line
		}
		if len(line) > doctorWidth || !strings.HasPrefix(line, strings.Repeat(" ", doctorIndent)) {
			t.Errorf("line %d: %q", i, line)
		}
	}
}
