package term

import (
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Role is what a piece of the screen means; the theme says how it looks.
type Role uint16

// The roles. RoleText is the terminal's own text.
const (
	RoleText Role = iota
	RoleStrong
	RoleDim
	RoleBorder
	RoleTitle   // a panel's title
	RoleBrand   // the program's name
	RoleKey     // a key in the footer
	RoleCursor  // the line the cursor is on
	RoleGood    // beside ✓, OK
	RoleBad     // beside ✗, KO
	RoleWarn    // beside ⚠ and ⚑
	RolePhase   // the phase, the progress bar
	RoleTrough  // the part of a bar that is not filled
	RoleAxis    // axes and their labels
	RoleP50     // the series of the latency chart
	RoleP90     //
	RoleP99     //
	RoleMax     //
	RoleFailed  // KO, in charts
	RoleOK      // OK, in charts
	RoleCPU     //
	RoleHottest // the hottest thread
	RoleRSS     //
	RoleTier1   // bars of the leaderboard, by tier
	RoleTier2   //
	RoleTier3   //
	RoleTier4   //
	RoleLane1   // contenders in a race, in the order of lanes()
	RoleLane2   //
	RoleLane3   //
	RoleLane4   //
	RoleLane5   //
	RoleLane6   //
	RoleLane7   //
	RoleMixed   // OK, with the texture of KO above it in the same cell
	RoleOwn     // whose code a function is: the server's own
	RoleOwnOdd  // of each also for every other line
	RoleLibrary //
	RoleLibraryOdd
	RoleRuntime //
	RoleRuntimeOdd
	RoleKernel //
	RoleKernelOdd
	RoleUnknown //
	RoleUnknownOdd
	RolePause // of a runtime
	RoleCount
)

// look is how a role appears: colours by hex for dark and light backgrounds, from
// Okabe and Ito's palette, which colour-blind eyes can tell apart (darkened on
// light ones for contrast), and attributes that remain without colours.
type look struct {
	dark, light           string
	bold, faint, reversed bool

	darkGround, lightGround string // behind the character; "": the terminal's own
}

var looks = [RoleCount]look{
	RoleStrong:     {bold: true},
	RoleDim:        {dark: "#8a8f98", light: "#6a6f78", faint: true},
	RoleBorder:     {dark: "#4c566a", light: "#a0a8b4", faint: true},
	RoleTitle:      {dark: "#d8dee9", light: "#2e3440"},
	RoleBrand:      {dark: "#56b4e9", light: "#0072b2", bold: true},
	RoleKey:        {dark: "#56b4e9", light: "#0072b2", bold: true},
	RoleCursor:     {bold: true, reversed: true},
	RoleGood:       {dark: "#2fc08a", light: "#007a58"},
	RoleBad:        {dark: "#f0743e", light: "#9c2f00", bold: true},
	RoleWarn:       {dark: "#f0c040", light: "#9a6a00", bold: true},
	RolePhase:      {dark: "#56b4e9", light: "#0072b2", bold: true},
	RoleTrough:     {dark: "#3b4252", light: "#c8ced8", faint: true},
	RoleAxis:       {dark: "#7b8494", light: "#7b8494", faint: true},
	RoleP50:        {dark: "#56b4e9", light: "#0072b2"},
	RoleP90:        {dark: "#2fc08a", light: "#007a58"},
	RoleP99:        {dark: "#f0b429", light: "#a87000"},
	RoleMax:        {dark: "#cc79a7", light: "#a84f80"},
	RoleFailed:     {dark: "#f0743e", light: "#9c2f00"},
	RoleOK:         {dark: "#56b4e9", light: "#0072b2"},
	RoleCPU:        {dark: "#f0b429", light: "#a87000"},
	RoleHottest:    {dark: "#f0743e", light: "#9c2f00"},
	RoleRSS:        {dark: "#cc79a7", light: "#a84f80"},
	RoleTier1:      {dark: "#f0e442", light: "#8a7d00"},
	RoleTier2:      {dark: "#56b4e9", light: "#0072b2"},
	RoleTier3:      {dark: "#e69f00", light: "#8c3c00"},
	RoleTier4:      {dark: "#8a8f98", light: "#6a6f78"},
	RoleLane1:      {dark: "#56b4e9", light: "#0072b2", bold: true},
	RoleLane2:      {dark: "#f0b429", light: "#a87000", bold: true},
	RoleLane3:      {dark: "#2fc08a", light: "#007a58", bold: true},
	RoleLane4:      {dark: "#cc79a7", light: "#a84f80", bold: true},
	RoleLane5:      {dark: "#f0743e", light: "#c04a00", bold: true},
	RoleLane6:      {dark: "#f0e442", light: "#7a6f00", bold: true},
	RoleLane7:      {dark: "#a9b8ff", light: "#4a55c0", bold: true},
	RolePause:      {dark: "#e6e8ee", light: "#23262e", bold: true},
	RoleMixed:      {dark: "#56b4e9", light: "#0072b2", darkGround: "#7d4129", lightGround: "#d09a82"},
	RoleOwn:        {dark: "#f0b429", light: "#8a5c00", bold: true},
	RoleOwnOdd:     {dark: "#c28a10", light: "#a87820", faint: true},
	RoleLibrary:    {dark: "#56b4e9", light: "#0072b2"},
	RoleLibraryOdd: {dark: "#3f8fbf", light: "#3a8fc4", faint: true},
	RoleRuntime:    {dark: "#cc79a7", light: "#a84f80"},
	RoleRuntimeOdd: {dark: "#a85f88", light: "#b96f98", faint: true},
	RoleKernel:     {dark: "#2fc08a", light: "#007a58"},
	RoleKernelOdd:  {dark: "#249a6e", light: "#2f9678", faint: true},
	RoleUnknown:    {dark: "#8a8f98", light: "#6a6f78"},
	RoleUnknownOdd: {dark: "#767b84", light: "#80858e", faint: true},
}

// Theme turns roles into escape sequences, made once.
type Theme struct {
	starts [heatRoles]string
	Heat   bool // there are colours enough for a heatmap's ramp
}

// NewTheme makes the looks for what the terminal can show.
func NewTheme(profile termenv.Profile, dark bool) *Theme {
	theme := &Theme{}
	for role, look := range looks {
		theme.starts[role] = look.sequence(profile, dark)
	}
	theme.addHeat(profile, dark)
	return theme
}

// DetectTheme asks the environment what colours there are.
func DetectTheme(noColor, dark bool) *Theme {
	profile := lipgloss.ColorProfile()
	if noColor {
		profile = termenv.Ascii
	}
	return NewTheme(profile, dark)
}

func (l look) sequence(profile termenv.Profile, dark bool) string {
	codes := ""
	add := func(code string) {
		if code == "" {
			return
		}
		if codes != "" {
			codes += ";"
		}
		codes += code
	}
	if l.bold {
		add(termenv.BoldSeq)
	}
	if l.reversed {
		add(termenv.ReverseSeq)
	}
	hex, ground := l.light, l.lightGround
	if dark {
		hex, ground = l.dark, l.darkGround
	}
	switch {
	case profile == termenv.Ascii || hex == "":
		// Without colours, faint is what is left to set the frame back.
		if l.faint {
			add(termenv.FaintSeq)
		}
	default:
		add(profile.Color(hex).Sequence(false))
		if ground != "" {
			add(profile.Color(ground).Sequence(true))
		}
	}
	if codes == "" {
		return ""
	}
	return termenv.CSI + codes + "m"
}

func (t *Theme) start(role Role) string { return t.starts[role] }

func (t *Theme) reset(role Role) string {
	if t.starts[role] == "" {
		return ""
	}
	return termenv.CSI + "0m"
}

// visibleBlank says that a blank in that role looks different from none.
func (t *Theme) visibleBlank(role Role) bool { return role < RoleCount && looks[role].reversed }

// TierRole is the colour of a tier; 0 is none.
func TierRole(tier int) Role {
	switch tier {
	case 1:
		return RoleTier1
	case 2:
		return RoleTier2
	case 3:
		return RoleTier3
	default:
		return RoleTier4
	}
}
