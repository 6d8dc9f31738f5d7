package term

import (
	"bytes"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	_ "github.com/benchtui/benchtui/tui/term/unasked"
)

// answerWithin is how long a terminal has to say what its background is. All that
// are in use answer within a few ms, and over a slow line, or where nobody answers, the
// first frame must not wait: all of it has 100 ms.
const answerWithin = 40 * time.Millisecond

// What the terminal is asked for, and what it answers: its background (OSC 11 of
// xterm's control sequences), and what it is (DA1), which every terminal tells, so
// that one that knows no OSC 11 is not waited for.
const backgroundQuestion = "\x1b]11;?\x1b\\\x1b[c"

var (
	backgroundAnswer = regexp.MustCompile(`\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?(?:\x07|\x1b\\)`)
	identityAnswer   = regexp.MustCompile(`\x1b\[\?[0-9;]*c`)
)

// Background is what the terminal said of itself, and what else was typed meanwhile.
type Background struct {
	Dark       bool
	Unanswered bool // it may still answer, into the keys
	typed      []byte
}

// ReadBackground asks the terminal for its background, where it may be asked; a
// terminal that doesn't say counts as dark, as most are.
func ReadBackground(in, out *os.File, environment func(string) string) Background {
	if dark, told := fromColorFGBG(environment("COLORFGBG")); told {
		return Background{Dark: dark}
	}
	for _, silent := range []string{"dumb", "screen", "tmux", "linux"} {
		if term := environment("TERM"); term == "" || strings.HasPrefix(term, silent) {
			return Background{Dark: true}
		}
	}
	answer := askTerminal(in, out, backgroundQuestion, answerWithin, identityAnswer.Match)
	return takeBackground(answer)
}

// takeBackground reads a terminal's answers out of what came from it.
func takeBackground(came []byte) Background {
	said := Background{Dark: true, Unanswered: came != nil && !identityAnswer.Match(came)}
	if found := backgroundAnswer.FindSubmatch(came); found != nil {
		said.Dark = luminance(found[1], found[2], found[3]) < 0.5
	}
	said.typed = identityAnswer.ReplaceAll(backgroundAnswer.ReplaceAll(came, nil), nil)
	return said
}

// luminance is how bright a colour is, 0 to 1, by the weights of ITU-R BT.601.
func luminance(red, green, blue []byte) float64 {
	share := func(hex []byte) float64 {
		value, _ := strconv.ParseUint(string(hex), 16, 16)
		return float64(value) / float64(uint64(1)<<(4*len(hex))-1)
	}
	return 0.299*share(red) + 0.587*share(green) + 0.114*share(blue)
}

// fromColorFGBG reads "15;0", which some terminals set: colours 0 to 6 and 8 are dark.
func fromColorFGBG(value string) (dark, told bool) {
	parts := strings.Split(value, ";")
	colour, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil {
		return false, false
	}
	return colour < 7 || colour == 8, true
}

// Keys are what was typed while the terminal was asked, as the screen takes it.
func (b Background) Keys() (keys []tea.KeyMsg) {
	if bytes.ContainsRune(b.typed, '\x1b') { // an arrow, or half of an answer: better lost than mistaken
		return nil
	}
	for _, typed := range string(b.typed) {
		switch {
		case typed == '\r':
			keys = append(keys, tea.KeyMsg{Type: tea.KeyEnter})
		case typed == ' ':
			keys = append(keys, tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}})
		case typed < ' ' || typed == 0x7f:
			keys = append(keys, tea.KeyMsg{Type: tea.KeyType(typed)})
		default:
			keys = append(keys, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{typed}})
		}
	}
	return keys
}

// WithoutAnswers keeps an answer that comes late from being taken for keys.
func WithoutAnswers(_ tea.Model, msg tea.Msg) tea.Msg {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return msg
	}
	text := string(key.Runes)
	if key.Alt && (text == "]" || text == `\`) || strings.Contains(text, ";rgb") {
		return nil
	}
	return msg
}
