package tui

import (
	"slices"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/session"
)

func TestTerminalsAnswerIsReadApartFromWhatIsTyped(t *testing.T) {
	const identity = "\x1b[?62;22c"
	for name, c := range map[string]struct {
		came       string
		dark       bool
		unanswered bool
		typed      string
	}{
		"dark, ended by BEL":         {"\x1b]11;rgb:1e1e/1e1e/2e2e\x07" + identity, true, false, ""},
		"light, ended by ST":         {"\x1b]11;rgb:ffff/ffff/ffff\x1b\\" + identity, false, false, ""},
		"light, two digits":          {"\x1b]11;rgb:fd/f6/e3\x07" + identity, false, false, ""},
		"with transparency":          {"\x1b]11;rgba:ffff/ffff/ffff/8080\x07" + identity, false, false, ""},
		"knows no OSC 11":            {identity, true, false, ""},
		"typed before and after":     {"/go\x1b]11;rgb:ffff/ffff/ffff\x07\r" + identity + " ", false, false, "/go\r "},
		"no answer in time":          {"x", true, true, "x"},
		"half an answer":             {"\x1b]11;rgb:ff", true, true, "\x1b]11;rgb:ff"},
		"nobody to ask, nobody asks": {"", true, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			said := takeBackground([]byte(c.came))
			if said.dark != c.dark || said.unanswered != c.unanswered || string(said.typed) != c.typed {
				t.Errorf("dark %v, unanswered %v, typed %q; want %v, %v, %q", said.dark, said.unanswered, said.typed, c.dark, c.unanswered, c.typed)
			}
		})
	}
	if takeBackground(nil).unanswered {
		t.Error("where there is no terminal, an answer is waited for")
	}
}

func TestTypedWhileTheTerminalIsAskedIsNotLost(t *testing.T) {
	var got []string
	for _, key := range (background{typed: []byte("/ä \r\x03")}).keys() {
		got = append(got, key.String())
	}
	if want := []string{"/", "ä", " ", "enter", "ctrl+c"}; !slices.Equal(got, want) {
		t.Errorf("the keys are %q; want %q", got, want)
	}
	if keys := (background{typed: []byte("\x1b]11;rgb:ff")}).keys(); keys != nil {
		t.Errorf("half of an answer is taken for the keys %v", keys)
	}
}

func TestLateAnswerIsNotTakenForKeys(t *testing.T) {
	for _, msg := range []tea.KeyMsg{
		{Type: tea.KeyRunes, Runes: []rune("]"), Alt: true},
		{Type: tea.KeyRunes, Runes: []rune("11;rgb:1e1e/1e1e/2e2e")},
		{Type: tea.KeyRunes, Runes: []rune(`\\`[:1]), Alt: true},
	} {
		if withoutAnswers(nil, msg) != nil {
			t.Errorf("%q comes through", msg.String())
		}
	}
	if key := (tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("]")}); withoutAnswers(nil, key) == nil {
		t.Error("a key of the person is lost")
	}
}

func TestEnvironmentTellsTheBackground(t *testing.T) {
	for value, want := range map[string][2]bool{
		"15;0": {true, true}, "0;15": {false, true}, "0;default;15": {false, true}, "7;8": {true, true}, "": {false, false}, "x": {false, false},
	} {
		if dark, told := fromColorFGBG(value); dark != want[0] || told != want[1] {
			t.Errorf("COLORFGBG=%q: dark %v, told %v", value, dark, told)
		}
	}
}

// What can be measured is found out while the screen stands; what was chosen in the
// meantime holds, but for what turns out to be missing.
func TestContendersAreFoundWhileTheScreenStands(t *testing.T) {
	offer := articleOffer()
	known := offer.Contenders
	offer.Contenders, offer.Selected = slices.Clone(known), nil
	for i := range offer.Contenders {
		offer.Contenders[i].State, offer.Contenders[i].Reason = Looking, ""
		offer.Selected = append(offer.Selected, offer.Contenders[i].ID)
	}
	c := newChoose(*offer)
	if n := len(c.selection().Contenders); n != len(known) || c.lookingFor() != n {
		t.Fatalf("before anything is found %d of %d are selected, and %d looked for", n, len(known), c.lookingFor())
	}
	c.toggle(c.offer.Contenders[slices.IndexFunc(c.offer.Contenders, func(f session.ContenderFacts) bool { return f.ID == "golang" })])
	for _, facts := range known {
		c.found(FoundContender{Facts: facts, More: []string{"more of " + facts.ID}})
	}
	if got, want := c.selection().Contenders, []string{"expressjs", "micronaut"}; !slices.Equal(got, want) || c.lookingFor() != 0 {
		t.Errorf("selected are %q, want %q: golang was left out by hand, the others can't be measured", got, want)
	}
}
