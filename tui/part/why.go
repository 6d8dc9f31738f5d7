package part

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// Texture tells whose code something is without colours, as its letter does.
func Texture(kind profile.Kind) rune {
	switch kind {
	case profile.Own:
		return '█'
	case profile.Library:
		return '▓'
	case profile.Runtime:
		return '▒'
	case profile.Kernel:
		return '░'
	}
	return '·'
}

// KindRole is the colour of whose code something is.
func KindRole(kind profile.Kind) term.Role {
	switch kind {
	case profile.Own:
		return term.RoleOwn
	case profile.Library:
		return term.RoleLibrary
	case profile.Runtime:
		return term.RoleRuntime
	case profile.Kernel:
		return term.RoleKernel
	}
	return term.RoleUnknown
}

// KindSigns are the signs by which it is told whose code something is, for the help.
var KindSigns = [2]string{"O L R K ?", "own code █, library ▓, runtime ▒, kernel ░, not known ·"}

// kindOf is a kind by its words.
func kindOf(words string) profile.Kind {
	for _, kind := range profile.Kinds {
		if kind.String() == words {
			return kind
		}
	}
	return profile.Unknown
}

// How wide the columns of the hottest functions are.
const (
	shareWidth = 7
	hotBar     = 8
	leastName  = 12
)

// Hottest writes the functions in which a server's time goes, at most so many, with
// whose code each is; their header before them.
func (w *Lines) Hottest(result stream.ProfileResult, most int) {
	if most <= 0 || len(result.Hottest) == 0 {
		return
	}
	shown := result.Hottest[:min(most, len(result.Hottest))]
	bar, longest := hotBar, 0.0
	room := w.Width - 2 - 2*shareWidth - 2
	if room-bar < leastName+20 {
		bar = 2
	}
	room -= bar + 1
	name := leastName
	for _, hot := range shown {
		longest = max(longest, hot.Self)
		name = max(name, ansi.StringWidth(hot.Function))
	}
	name = min(name, max(leastName, room*3/5), room)
	if w.Width < leastName {
		return
	}
	w.Line(term.Say(strings.Repeat(" ", bar+3)+"   self  total  "+term.Pad("function", name)+"  place", term.RoleDim))
	for _, hot := range shown {
		kind := kindOf(hot.Kind)
		filled := 0
		if longest > 0 && hot.Self > 0 {
			filled = max(1, int(hot.Self/longest*float64(bar)+0.5))
		}
		place := hot.Place()
		if place == "" {
			place = hot.Module
		}
		role := term.RoleText
		if kind == profile.Own {
			role = term.RoleStrong
		}
		w.Line(
			term.Say(term.Pad(strings.Repeat(string(Texture(kind)), filled), bar)+" "+kind.Letter()+" ", KindRole(kind)),
			term.Say(padLeft(figure.Percent(hot.Self), shareWidth)+padLeft(figure.Percent(hot.Total), shareWidth), term.RoleText),
			term.Say("  "+term.Pad(FunctionName(hot.Function, name), name), role),
			term.Say("  "+place, term.RoleDim),
		)
	}
}

// FunctionName is a function's name in so many cells. Where it is longer, what leads to it
// goes first, a folder, package or namespace after the other, for those are what functions
// of a library have in common; what is still too long loses its end.
func FunctionName(name string, width int) string {
	for ansi.StringWidth(name) > width {
		rest, found := withoutFirst(name)
		if _, more := withoutFirst(rest); !found || !more && !strings.HasPrefix(rest, "(") && ansi.StringWidth(rest) > width {
			break // JSON.s… says more than string…
		}
		name = rest
	}
	return ansi.Truncate(name, width, "…")
}

// withoutFirst is a function's name without the first part of the path to it: none where a
// receiver, parameters or a type's begin before the next.
func withoutFirst(name string) (rest string, found bool) {
	at := strings.IndexAny(name, "/.:([<{ ")
	if at <= 0 {
		return "", false
	}
	rest = name[at+1:]
	switch name[at] {
	case '.':
		// Not what a compiler adds to the name: finish_task_switch.isra.0.
		first, _, _ := strings.Cut(rest, ".")
		found = !slices.Contains(compilersOwn, first)
	case ':':
		rest, found = strings.CutPrefix(rest, ":")
	case '/':
		found = true
	}
	return rest, found && rest != ""
}

// compilersOwn are the words that compilers append to a function's name, and what is of a
// library's file name.
var compilersOwn = []string{"isra", "part", "constprop", "cold", "lto_priv", "llvm", "so", "0", "1", "2"}

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-ansi.StringWidth(text))) + text
}

// Missing writes what a profile lacks, and what mends it.
func (w *Lines) Missing(result stream.ProfileResult) {
	for _, missing := range result.Missing {
		w.Text(0, "✗ missing: "+missing.Lacks, term.RoleWarn)
		if missing.Fix != "" {
			w.Text(4, "→ "+missing.Fix, term.RoleStrong)
		}
	}
}

// ProfileOf says by what and over how long a profile was taken: "node:inspector, 2.1 s".
func ProfileOf(result stream.ProfileResult) string {
	if result.Source == "" {
		return ""
	}
	return result.Source + ", " + figure.Length(figure.Seconds(result.DurationS)) + ", " + figure.Plural(result.Samples, "sample", "samples")
}

// why writes a profile's first line, or what there would have to be for one.
func (w *Lines) why(why *view.Why) {
	switch {
	case why == nil:
	case why.Headline() != "":
		w.Titled(term.Say("where the CPU goes  ", term.RoleWarn), why.Headline())
	case !why.Has():
		w.Missing(why.Taken.Result)
	}
}

// WhyOf is the first line of a contender's profile, behind a sentence; nil: it has none.
func WhyOf(state *view.State, contender string) []term.Span {
	told := state.Why(contender).Headline()
	if told == "" {
		return nil
	}
	return []term.Span{term.Say(" · "+contender+": ", term.RoleDim), term.Say(told, term.RoleWarn)}
}
