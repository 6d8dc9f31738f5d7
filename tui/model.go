package tui

import (
	"errors"
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// drawEvery is the least time between two frames.
const drawEvery = 100 * time.Millisecond

// model is the whole program's one model: which screen is shown, the run or the
// recording behind it, and the clock. The screens are plain values that it gives keys
// to and lets draw; they have no loops of their own. Update draws what has changed, at
// most ten times a second, and keeps the frame; View returns it.
type model struct {
	options Options
	theme   *term.Theme
	clock   func() time.Time

	screens  []screen.Screen
	settings screen.Settings
	context  screen.Context
	at       screen.Screen   // which is shown
	from     []screen.Screen // from where it was opened, and that before, the latest last
	over     screen.Screen   // stands over it where it can; nil: none
	w, h     int
	help     bool

	run       LiveRun
	beginning bool
	state     *view.State
	frozen    *view.State // what a paused screen shows; nil when not paused
	seenAt    time.Time   // when the last events came, by the clock
	stopping  bool
	said      string    // an answer to a key, in the place of the last line
	saidAt    time.Time // by the clock
	err       error     // what Run returns
	player    *player   // of a recording; nil for real runs
	replay    replayKeys

	surface *term.Surface
	frame   string
	drawnAt time.Time
	dirty   bool
	tick    int  // the id of the tick that is awaited; an older one is stale
	ticking bool // a tick is under way
}

// Messages of our own.
type (
	tickMsg  struct{ id int }
	begunMsg struct {
		run LiveRun
		err error
	}
)

func newModel(options Options, theme *term.Theme, clock func() time.Time) *model {
	m := &model{
		options: options,
		theme:   theme,
		clock:   clock,
		screens: allScreens(options),
		state:   &view.State{},
		surface: term.NewSurface(0, 0),
		replay:  newReplayKeys(),
		dirty:   true,
	}
	m.context.Keys = screen.NewKeys()
	m.at = m.shownFor(screen.Building)
	if options.Choices != nil {
		m.at = m.shownFor(screen.Choosing)
	}
	if options.Replay != nil {
		m.player = newPlayer(*options.Replay, clock())
		m.showPlayed()
	}
	return m
}

// Init begins the run if there is nothing to choose, and lets the screens look around
// if there is.
func (m *model) Init() tea.Cmd {
	switch {
	case m.player != nil:
		return nil
	case m.options.Choices == nil:
		return m.begin(func() (LiveRun, error) { return m.options.Begin(Selection{}) })
	}
	var commands []tea.Cmd
	for _, one := range m.screens {
		if starter, ok := one.(screen.Starter); ok {
			commands = append(commands, starter.Start())
		}
	}
	return tea.Batch(commands...)
}

// Update takes a message. A panic of ours ends the program in good order, with
// the terminal restored, as an error.
func (m *model) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	defer func() {
		if broken := recover(); broken != nil {
			m.err = screen.BrokenError(broken)
			cmd = tea.Quit
		}
	}()
	cmd = m.take(msg)
	return m, tea.Batch(cmd, m.drawIfDue())
}

// View is the frame that Update kept.
func (m *model) View() string { return m.frame }

func (m *model) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		if m.w <= 0 || m.h <= 0 { // a terminal that does not know its size, such as a serial line
			m.w, m.h = 80, 24
		}
		m.dirty = true
	case pausedMsg:
		m.dirty = true
		if run, ok := m.run.(interface{ Notify(string) }); ok && m.running() {
			run.Notify(string(msg))
		}
	case tickMsg:
		if msg.id != m.tick {
			return nil
		}
		m.ticking = false
		if m.player != nil {
			return m.play()
		}
		return m.takeEvents()
	case begunMsg:
		return m.begun(msg)
	case screen.Broken:
		m.err = msg.Err
		return tea.Quit
	case tea.KeyMsg:
		m.dirty = true
		return m.takeKeys(msg)
	case tea.MouseMsg:
		return m.takeMouse(msg)
	default:
		return m.tell(msg)
	}
	return nil
}

// tell gives the screens a message that is theirs.
func (m *model) tell(msg tea.Msg) tea.Cmd {
	var commands []tea.Cmd
	for _, one := range m.screens {
		if listener, ok := one.(screen.Listener); ok {
			commands = append(commands, m.do(listener.Take(msg, m.seen())))
		}
	}
	return tea.Batch(commands...)
}

// do does what a screen asks for.
func (m *model) do(action screen.Action) tea.Cmd {
	cmd := action.Cmd
	m.dirty = m.dirty || action.Redraw
	if action.Begin != nil {
		cmd = tea.Batch(cmd, m.begin(action.Begin))
	}
	switch action.Do {
	case screen.Back:
		m.back()
	case screen.Pause:
		m.pause()
	case screen.Skip:
		m.skip()
	case screen.Profile:
		m.profile()
	}
	return cmd
}

// begin starts a run, off the program's loop.
func (m *model) begin(begin func() (LiveRun, error)) tea.Cmd {
	m.beginning, m.err = true, nil
	return screen.OffLoop(func() tea.Msg {
		run, err := begin()
		return begunMsg{run, err}
	})
}

func (m *model) begun(msg begunMsg) tea.Cmd {
	m.beginning, m.dirty = false, true
	if msg.err != nil {
		return m.fail(msg.err)
	}
	m.run, m.state, m.frozen = msg.run, &view.State{}, nil
	m.at, m.seenAt = m.shownFor(screen.Building), m.clock()
	if m.stopping { // asked for before there was anything to stop
		m.run.Stop()
	}
	return m.tell(screen.Began{})
}

// fail shows why there is no run where there is something else to choose, and
// ends the program where there is not.
func (m *model) fail(err error) tea.Cmd {
	m.run = nil
	if m.options.Choices == nil || m.stopping {
		m.err = err
		return tea.Quit
	}
	m.at = m.shownFor(screen.Choosing)
	return m.tell(screen.Failed{Err: err})
}

// takeEvents folds what waits in the queue.
func (m *model) takeEvents() tea.Cmd {
	if m.run == nil {
		return nil
	}
	m.dirty = m.dirty || m.frozen == nil // the clock on the screen goes on
	events, open := m.run.Events().Take()
	for _, event := range events {
		m.state.Fold(event)
	}
	if len(events) > 0 {
		m.seenAt = m.clock()
	}
	if m.frozen != nil {
		return nil
	}
	if !open {
		return m.ended()
	}
	m.follow()
	return nil
}

// ended is called once the run has ended and all its events are folded.
func (m *model) ended() tea.Cmd {
	if m.state.Result == nil {
		return m.fail(errors.New("the run ended without a result; please report this"))
	}
	m.run, m.frozen = nil, nil
	if m.stopping {
		return tea.Quit
	}
	m.open(m.shownFor(screen.AtEnd))
	return nil
}

// shownFor is the screen that a part of a run is shown on.
func (m *model) shownFor(when screen.When) screen.Screen {
	for _, one := range m.screens {
		if one.About().Shows == when {
			return one
		}
	}
	return nil
}

// open shows a screen, if it has anything to show.
func (m *model) open(one screen.Screen) {
	if opener, ok := one.(screen.Opener); ok && !opener.Open(m.seen()) {
		return
	}
	if one.About().Over {
		m.over = one
		return
	}
	if m.at.About().Shows != screen.Never {
		m.from = m.from[:0]
	}
	m.from, m.at = append(m.from, m.at), one
}

// follow shows the screen of what is being done.
func (m *model) follow() {
	switch {
	case m.state.Result != nil: // ended does the rest when the queue is closed
	case m.state.Now == nil:
		m.at = m.shownFor(screen.Building)
	case !m.at.About().Stays:
		m.at = m.shownFor(screen.UnderLoad)
	}
}

// back leaves what was opened, as far as that from which it was is still there; and the
// end of a run for what there is to choose.
func (m *model) back() {
	switch {
	case m.presenting():
		m.over = nil
	case m.at.About().Shows == screen.Never:
		last := len(m.from) - 1
		m.at, m.from = m.from[last], m.from[:last]
		if m.running() && m.frozen == nil {
			m.follow()
		}
	case m.options.Choices != nil:
		m.at = m.shownFor(screen.Choosing)
	}
}

// presenting says that a screen stands over the one that would be shown.
func (m *model) presenting() bool {
	return m.over != nil && slices.Contains(m.over.About().From, m.at.About().Name)
}

// shown is the screen that is seen.
func (m *model) shown() screen.Screen {
	if m.presenting() {
		return m.over
	}
	return m.at
}

// openers are the screens that can be opened from the one that is seen.
func (m *model) openers(ctx *screen.Context) (openers []screen.Screen) {
	name := m.shown().About().Name
	for _, one := range m.screens {
		if one, ok := one.(screen.Conditional); ok && !one.Available(ctx) {
			continue
		}
		if slices.Contains(one.About().From, name) {
			openers = append(openers, one)
		}
	}
	return openers
}

// now is the time since the run began, as the stream tells it, going on between
// events as the clock does.
func (m *model) now() time.Duration {
	if m.player != nil && m.state.Result == nil {
		return m.player.shownAt()
	}
	if m.run == nil || m.state.Result != nil {
		return m.state.At
	}
	return m.state.At + max(0, m.clock().Sub(m.seenAt))
}

// seen is what a screen may know now.
func (m *model) seen() *screen.Context {
	c := &m.context
	c.State, c.Now = m.state, m.now()
	if m.frozen != nil {
		c.State, c.Now = m.frozen, m.frozen.At
	}
	c.Settings, c.Colours = &m.settings, m.theme.Heat
	c.Running, c.Paused, c.Beginning = m.running(), m.paused(), m.beginning
	c.CanChoose = m.options.Choices != nil
	c.Below = m.at.About().Name
	if pointer, ok := m.at.(screen.Pointer); ok {
		c.Contender = pointer.Contender(c)
	}
	c.Openers = c.Openers[:0]
	for _, one := range m.openers(c) {
		c.Openers = append(c.Openers, one.About().Opens)
	}
	if m.player != nil {
		c.Replay = m.player.replay()
	}
	return c
}

// takeKeys takes a message of keys. Keys that are hit faster than the terminal is
// read, such as an impatient qq, come as one message, and are taken one by one.
func (m *model) takeKeys(msg tea.KeyMsg) tea.Cmd {
	if msg.Type != tea.KeyRunes || len(msg.Runes) < 2 || msg.Paste {
		return m.takeKey(msg)
	}
	var commands []tea.Cmd
	for _, one := range msg.Runes {
		commands = append(commands, m.takeKey(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{one}, Alt: msg.Alt}))
	}
	return tea.Batch(commands...)
}

func (m *model) takeKey(msg tea.KeyMsg) tea.Cmd {
	m.said = ""
	interrupt := msg.Type == tea.KeyCtrlC
	keys := m.context.Keys
	if typist, ok := m.shown().(screen.Typist); ok && typist.Typing() && !interrupt {
		return m.do(m.shown().Key(msg, m.seen()))
	}
	switch {
	case key.Matches(msg, keys.Quit):
		return m.quit(interrupt)
	case m.help:
		m.help = false
		return nil
	case key.Matches(msg, keys.Help):
		m.help = true
		return nil
	}
	if m.player != nil && m.takeReplayKey(msg) {
		return nil
	}
	for _, one := range m.openers(m.seen()) {
		if key.Matches(msg, one.About().Opens) {
			m.open(one)
			return nil
		}
	}
	return m.do(m.shown().Key(msg, m.seen()))
}

// quit leaves, or stops the run first; asked again it leaves at once.
func (m *model) quit(interrupt bool) tea.Cmd {
	if m.help && !interrupt {
		m.help = false
		return nil
	}
	running := m.run != nil || m.beginning
	switch {
	case !running:
		return tea.Quit
	case m.stopping:
		m.err = ErrForced
		return tea.Quit
	}
	m.stopping, m.frozen = true, nil
	if m.run != nil {
		m.run.Stop()
	}
	return nil
}

// leave tells a run that outlives the screen to stop.
func (m *model) leave() {
	if m.run != nil && !m.stopping {
		m.run.Stop()
	}
}

// pause holds what is shown, or goes on.
func (m *model) pause() {
	if m.frozen != nil {
		m.frozen = nil
		m.follow()
		return
	}
	m.frozen = m.state.Clone()
	m.frozen.At = m.now()
}

// skip goes on with the next contender, or without the builds under way.
func (m *model) skip() {
	if m.run != nil && !m.stopping {
		m.run.Skip()
	}
}

// profile takes a profile of the server under load, and says what comes of it.
func (m *model) profile() {
	if m.run == nil || m.stopping {
		return
	}
	if m.state.Now.Phase == stream.PhaseWhy {
		m.say("a profile is being taken already: nothing of this counts")
		return
	}
	if m.run.Profile() {
		m.say("a profile is being taken: what is measured meanwhile is in no figure")
		return
	}
	m.say("no server is under load now: a profile is taken while one is measured")
}

// say answers a key in the last line, for a while.
func (m *model) say(text string) { m.said, m.saidAt = text, m.clock() }

func (m *model) takeMouse(msg tea.MouseMsg) tea.Cmd {
	if msg.Action != tea.MouseActionPress || m.help {
		return nil
	}
	turn := tea.KeyMsg{Type: tea.KeyDown}
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		turn.Type = tea.KeyUp
	case tea.MouseButtonWheelDown:
	case tea.MouseButtonLeft:
		if m.seen().Clicked(msg.X, msg.Y) {
			m.dirty = true
		}
		return nil
	default:
		return nil
	}
	m.dirty = true
	return m.takeKey(turn)
}

// drawIfDue draws when something has changed and the last frame is old enough,
// and asks for the tick that will do it otherwise. While a run goes on the tick
// also collects its events.
func (m *model) drawIfDue() tea.Cmd {
	since := m.clock().Sub(m.drawnAt)
	if m.dirty && since >= drawEvery {
		m.draw()
		since = 0
	}
	playing := m.player != nil && m.player.moving()
	if m.ticking || !m.dirty && m.run == nil && !m.beginning && !playing {
		return nil
	}
	m.tick++
	m.ticking = true
	id := m.tick
	return tea.Tick(max(time.Millisecond, drawEvery-since), func(time.Time) tea.Msg { return tickMsg{id} })
}

func (m *model) draw() {
	m.dirty, m.drawnAt = false, m.clock()
	m.context.ForgetClicks()
	m.surface.Reset(m.w, m.h)
	whole := m.surface.Bounds()
	if whole.Empty() {
		m.frame = ""
		return
	}
	area, footer := whole.CutBottom(min(1, whole.H-1)) // of one line, the screen has it
	m.shown().Draw(m.surface, area, m.seen())
	m.drawFooter(footer)
	if m.help {
		m.drawHelp(whole)
	}
	m.frame = m.surface.Encode(m.theme)
}
