package term

import (
	"slices"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
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
			if said.Dark != c.dark || said.Unanswered != c.unanswered || string(said.typed) != c.typed {
				t.Errorf("dark %v, unanswered %v, typed %q; want %v, %v, %q", said.Dark, said.Unanswered, said.typed, c.dark, c.unanswered, c.typed)
			}
		})
	}
	if takeBackground(nil).Unanswered {
		t.Error("where there is no terminal, an answer is waited for")
	}
}

func TestTypedWhileTheTerminalIsAskedIsNotLost(t *testing.T) {
	var got []string
	for _, key := range (Background{typed: []byte("/ä \r\x03")}).Keys() {
		got = append(got, key.String())
	}
	if want := []string{"/", "ä", " ", "enter", "ctrl+c"}; !slices.Equal(got, want) {
		t.Errorf("the keys are %q; want %q", got, want)
	}
	if keys := (Background{typed: []byte("\x1b]11;rgb:ff")}).Keys(); keys != nil {
		t.Errorf("half of an answer is taken for the keys %v", keys)
	}
}

func TestLateAnswerIsNotTakenForKeys(t *testing.T) {
	for _, msg := range []tea.KeyMsg{
		{Type: tea.KeyRunes, Runes: []rune("]"), Alt: true},
		{Type: tea.KeyRunes, Runes: []rune("11;rgb:1e1e/1e1e/2e2e")},
		{Type: tea.KeyRunes, Runes: []rune(`\\`[:1]), Alt: true},
	} {
		if WithoutAnswers(nil, msg) != nil {
			t.Errorf("%q comes through", msg.String())
		}
	}
	if key := (tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("]")}); WithoutAnswers(nil, key) == nil {
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
