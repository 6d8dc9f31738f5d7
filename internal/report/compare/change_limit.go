package compare

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// ChangeLimit is a condition on a change, such as "p99>+10%", "rps<-5%",
// "mean>+2ms" or "failures>+0.1%".
type ChangeLimit struct {
	text     string
	of       comparedFigure
	above    bool // else below
	orEqual  bool
	limit    float64
	absolute bool // in the figure's unit, not a part of the old figure
}

// ParseChangeLimit reads FIGURE OP SIGNED-LIMIT, with OP one of < <= > >=. A limit in
// percent is a part of the old figure but for failures, where it is in percentage
// points; one without is in the figure's unit.
func ParseChangeLimit(text string) (ChangeLimit, error) {
	at := strings.IndexAny(text, "<>")
	if at < 0 {
		return ChangeLimit{}, fmt.Errorf("%q is no condition on a change; write it like 'p99>+10%%' or 'rps<-5%%'", text)
	}
	l := ChangeLimit{text: text, above: text[at] == '>'}
	rest := text[at+1:]
	rest, l.orEqual = strings.CutPrefix(rest, "=")
	name := strings.TrimSpace(text[:at])
	var known bool
	if l.of, known = comparedFigureNamed(name); !known {
		var names []string
		for _, fig := range comparedFigures() {
			names = append(names, fig.Name)
		}
		return ChangeLimit{}, fmt.Errorf("%q: there is no metric %q; there are: %s", text, name, strings.Join(names, ", "))
	}
	rest = strings.TrimSpace(rest)
	if !strings.HasPrefix(rest, "+") && !strings.HasPrefix(rest, "-") {
		return ChangeLimit{}, fmt.Errorf("%q: a change has a sign; write %s%s+%s, or limit the figure itself by "+flagname.FailIf+" of run", text, name, text[at:len(text)-len(rest)], rest)
	}
	value, err := l.parse(rest)
	if err != nil {
		return ChangeLimit{}, fmt.Errorf("%q: %w", text, err)
	}
	if l.above && value < 0 || !l.above && value > 0 {
		return ChangeLimit{}, fmt.Errorf("%q holds where nothing changed; write > with + for a rise and < with - for a fall", text)
	}
	l.limit = value
	return l, nil
}

// parse reads the limit and notes what it is of.
func (l *ChangeLimit) parse(text string) (float64, error) {
	switch {
	case strings.HasSuffix(text, "%"):
		return figure.InShare.Parse(text)
	case l.of.Unit == figure.InShare:
		return 0, fmt.Errorf("%q: failures change by percentage points; write it like +0.1%%", text)
	}
	l.absolute = true
	value, err := l.of.Unit.Parse(text)
	if err != nil {
		return 0, fmt.Errorf("%w, or in percent like +10%%", err)
	}
	return value, nil
}

// Fires says for each contender for which the condition holds, and in what words: the
// change is beyond the limit, and it is more than noise. A figure that vanished is
// beyond any limit on a change for the worse, and one that came beyond any for the better.
func (l ChangeLimit) Fires(c Comparison) (told []string) {
	for _, one := range c.Contenders {
		for _, change := range one.Changes {
			if change.Figure == l.of.Name && change.changed() && l.holds(change) {
				told = append(told, fmt.Sprintf("%s (%s): %s → %s, %s (%s)", l.text, one.ID,
					l.of.Cell(change.Old), l.of.Cell(change.New), changeWords(change), wordsOfWord(change)))
			}
		}
	}
	return told
}

func (l ChangeLimit) holds(change FigureChange) bool {
	if change.vanished || change.came {
		rises := l.of.HigherIsBetter == change.came
		return rises == l.above
	}
	if change.Old == nil || change.New == nil {
		return false
	}
	value := *change.New - *change.Old
	if !l.absolute {
		if change.Change == nil {
			return false
		}
		value = *change.Change
	}
	switch {
	case value == l.limit:
		return l.orEqual
	case l.above:
		return value > l.limit
	}
	return value < l.limit
}
