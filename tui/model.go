package tui

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// drawEvery is the least time between two frames.
const drawEvery = 100 * time.Millisecond

// Screen is what is shown.
type Screen int

// The screens.
const (
	ScreenWaiting Screen = iota // for Begin
	ScreenChoose
	ScreenBuild
	ScreenLive
	ScreenLeaderboard
	ScreenDetail
	ScreenRace
)

// model is the whole program's one model. Its parts are plain values that it
// changes in Update and draws; they have no loops of their own. Update draws what
// has changed, at most ten times a second, and keeps the frame; View returns it.
type model struct {
	options Options
	keys    Keys
	theme   *term.Theme
	clock   func() time.Time

	screen Screen
	w, h   int
	help   bool

	stage     Stage
	beginning bool
	state     *view.State
	frozen    *view.State // what a paused screen shows; nil when not paused
	seenAt    time.Time   // when the last events came, by the clock
	stopping  bool
	err       error   // what Run returns
	player    *player // of a recording; nil for real runs

	choose choose
	build  buildScreen
	live   live
	board  board
	detail detail
	race   race
	podium podium

	surface *term.Surface
	frame   string
	drawnAt time.Time
	dirty   bool
	tick    int  // the id of the tick that is awaited; an older one is stale
	ticking bool // a tick is under way
	hits    []hit
	pointer struct{ X, Y int } // where the last click was
}

// hit is a part of the screen that does something when clicked.
type hit struct {
	in term.Rect
	do func()
}

// Messages of our own.
type (
	tickMsg   struct{ id int }
	brokenMsg struct{ err error }
	lookedMsg struct {
		judge func(workload string, figures []WorkloadFigure) []Warning
	}
	foundMsg struct {
		found FoundContender
		ok    bool
	}
	begunMsg struct {
		stage Stage
		err   error
	}
)

func newModel(options Options, theme *term.Theme, clock func() time.Time) *model {
	m := &model{
		options: options,
		keys:    NewKeys(),
		theme:   theme,
		clock:   clock,
		state:   &view.State{},
		surface: term.NewSurface(0, 0),
		live:    newLive(),
		race:    newRace(),
		podium:  newPodium(),
		dirty:   true,
	}
	if options.Offer != nil {
		m.screen = ScreenChoose
		m.choose = newChoose(*options.Offer)
	}
	if options.Replay != nil {
		m.player = newPlayer(*options.Replay, clock())
		m.showPlayed()
	}
	return m
}

// Init begins the run if there is nothing to choose, and looks at the machine if there is.
func (m *model) Init() tea.Cmd {
	switch offer := m.options.Offer; {
	case m.player != nil:
		return nil
	case offer == nil:
		return m.begin(Selection{})
	}
	return tea.Batch(m.findNext(), m.lookAtMachine())
}

// findNext looks for the next contender's tools, off the screen's loop.
func (m *model) findNext() tea.Cmd {
	found := m.options.Offer.Found
	if found == nil {
		return nil
	}
	return offLoop(func() tea.Msg {
		one, ok := found()
		return foundMsg{one, ok}
	})
}

func (m *model) lookAtMachine() tea.Cmd {
	look := m.options.Offer.Look
	if look == nil {
		return nil
	}
	return offLoop(func() tea.Msg { return lookedMsg{look()} })
}

// offLoop does what may take its time beside the screen's loop.
func offLoop(do func() tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if broken := recover(); broken != nil {
				msg = brokenMsg{brokenError(broken)}
			}
		}()
		return do()
	}
}

// Update takes a message. A panic of ours ends the program in good order, with
// the terminal restored, as an error.
func (m *model) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	defer func() {
		if broken := recover(); broken != nil {
			m.err = brokenError(broken)
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
		if run, ok := m.stage.(interface{ Notify(string) }); ok && m.running() {
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
	case foundMsg:
		m.dirty = true
		if !msg.ok {
			return nil
		}
		m.choose.found(msg.found)
		if m.choose.wanted && m.choose.lookingFor() == 0 {
			m.choose.wanted = false
			return tea.Batch(m.findNext(), m.goAhead())
		}
		return m.findNext()
	case lookedMsg:
		m.choose.looking, m.choose.judge, m.dirty = false, msg.judge, true
	case brokenMsg:
		m.err = msg.err
		return tea.Quit
	case tea.KeyMsg:
		m.dirty = true
		return m.takeKeys(msg)
	case tea.MouseMsg:
		return m.takeMouse(msg)
	}
	return nil
}

// begin starts a run, off the screen's loop.
func (m *model) begin(selection Selection) tea.Cmd {
	m.beginning, m.err = true, nil
	begin := m.options.Begin
	return offLoop(func() tea.Msg {
		stage, err := begin(selection)
		return begunMsg{stage, err}
	})
}

// brokenError tells of a panic of ours.
func brokenError(broken any) error {
	return fmt.Errorf("the screen broke, please report this: %v\n%s", broken, debug.Stack())
}

func (m *model) begun(msg begunMsg) tea.Cmd {
	m.beginning, m.dirty = false, true
	if msg.err != nil {
		return m.fail(msg.err)
	}
	m.stage, m.state, m.frozen = msg.stage, &view.State{}, nil
	m.build = buildScreen{}
	m.screen, m.seenAt = ScreenBuild, m.clock()
	if m.stopping { // asked for before there was anything to stop
		m.stage.Stop()
	}
	return nil
}

// fail shows why there is no run where there is something else to choose, and
// ends the program where there is not.
func (m *model) fail(err error) tea.Cmd {
	m.stage = nil
	if m.options.Offer == nil || m.stopping {
		m.err = err
		return tea.Quit
	}
	m.screen, m.choose.problem = ScreenChoose, err.Error()
	return nil
}

// takeEvents folds what waits in the queue.
func (m *model) takeEvents() tea.Cmd {
	if m.stage == nil {
		return nil
	}
	m.dirty = m.dirty || m.frozen == nil // the clock on the screen goes on
	events, open := m.stage.Events().Take()
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

// follow shows the screen of what is being done.
func (m *model) follow() {
	switch state := m.state; {
	case state.Result != nil: // ended does the rest when the queue is closed
	case state.Now != nil && m.screen == ScreenRace: // shows the same load
	case state.Now != nil:
		m.screen = ScreenLive
	default:
		m.screen = ScreenBuild
	}
}

// ended is called once the run has ended and all its events are folded.
func (m *model) ended() tea.Cmd {
	if m.state.Result == nil {
		return m.fail(errors.New("the run ended without a result; please report this"))
	}
	m.stage, m.frozen = nil, nil
	if m.stopping {
		return tea.Quit
	}
	m.screen, m.board = ScreenLeaderboard, newBoard(*m.state.Result, m.state.Tracks)
	return nil
}

// now is the time since the run began, as the stream tells it, going on between
// events as the clock does.
func (m *model) now() time.Duration {
	if m.player != nil && m.state.Result == nil {
		return m.player.shownAt()
	}
	if m.stage == nil || m.state.Result != nil {
		return m.state.At
	}
	return m.state.At + max(0, m.clock().Sub(m.seenAt))
}

// shown is the state to draw, and its time.
func (m *model) shown() (*view.State, time.Duration) {
	if m.frozen != nil {
		return m.frozen, m.frozen.At
	}
	return m.state, m.now()
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
	if m.screen == ScreenChoose && m.choose.filtering && !isInterrupt(msg) {
		m.choose.typed(msg, m.keys)
		return nil
	}
	if m.screen == ScreenChoose && m.choose.editor.on && !isInterrupt(msg) {
		m.choose.edited(msg, m.keys)
		return nil
	}
	switch {
	case key.Matches(msg, m.keys.Quit):
		return m.quit(isInterrupt(msg))
	case m.help:
		m.help = false
		return nil
	case key.Matches(msg, m.keys.Help):
		m.help = true
		return nil
	}
	if m.player != nil && m.takeReplayKey(msg) {
		return nil
	}
	if m.presenting() {
		m.takePodiumKey(msg)
		return nil
	}
	switch m.screen {
	case ScreenChoose:
		return m.takeChooseKey(msg)
	case ScreenBuild:
		m.takeBuildKey(msg)
	case ScreenLive:
		m.takeLiveKey(msg)
	case ScreenLeaderboard:
		m.takeBoardKey(msg)
	case ScreenDetail:
		m.takeDetailKey(msg)
	case ScreenRace:
		m.takeRaceKey(msg)
	}
	return nil
}

func isInterrupt(msg tea.KeyMsg) bool { return msg.Type == tea.KeyCtrlC }

// quit leaves, or stops the run first; asked again it leaves at once.
func (m *model) quit(interrupt bool) tea.Cmd {
	if m.help && !interrupt {
		m.help = false
		return nil
	}
	running := m.stage != nil || m.beginning
	switch {
	case !running:
		return tea.Quit
	case m.stopping:
		m.err = ErrForced
		return tea.Quit
	}
	m.stopping, m.frozen = true, nil
	if m.stage != nil {
		m.stage.Stop()
	}
	return nil
}

// leave tells a run that outlives the screen to stop.
func (m *model) leave() {
	if m.stage != nil && !m.stopping {
		m.stage.Stop()
	}
}

func (m *model) takeChooseKey(msg tea.KeyMsg) tea.Cmd {
	if m.beginning {
		return nil
	}
	if key.Matches(msg, m.keys.Go) {
		return m.goAhead()
	}
	m.choose.takeKey(msg, m.keys)
	return nil
}

func (m *model) goAhead() tea.Cmd {
	selection := m.choose.selection()
	if m.choose.lookingFor() > 0 { // which takes CPU that a measurement must have
		m.choose.wanted = true
		m.choose.problem = "it begins as soon as the contenders' tools are found; any other key takes that back"
		return nil
	}
	if len(selection.Contenders) == 0 {
		m.choose.problem = "nothing is selected: space selects a contender, a selects all that can be measured"
		return nil
	}
	m.choose.problem = ""
	return m.begin(selection)
}

func (m *model) takeBuildKey(msg tea.KeyMsg) {
	if key.Matches(msg, m.keys.SkipBuilds) {
		m.skip()
		return
	}
	m.build.takeKey(msg, m.keys, len(m.state.Builds))
}

// skip goes on with the next contender, or without the builds under way.
func (m *model) skip() {
	if m.stage != nil && !m.stopping {
		m.stage.Skip()
	}
}

func (m *model) takeLiveKey(msg tea.KeyMsg) {
	switch {
	case key.Matches(msg, m.keys.Pause):
		if m.frozen != nil {
			m.frozen = nil
			m.follow()
			return
		}
		m.frozen = m.state.Clone()
		m.frozen.At = m.now()
	case key.Matches(msg, m.keys.Skip):
		m.skip()
	case key.Matches(msg, m.keys.Race):
		m.enterRace()
	case key.Matches(msg, m.keys.Present):
		m.present()
	default:
		m.takePanelKey(msg)
	}
}

func (m *model) takeBoardKey(msg tea.KeyMsg) {
	switch {
	case key.Matches(msg, m.keys.Back):
		if m.options.Offer != nil {
			m.screen = ScreenChoose
		}
	case key.Matches(msg, m.keys.Detail):
		if row, ok := m.board.selected(); ok {
			m.screen, m.detail = ScreenDetail, newDetail(row, m.state.Track(row.ID))
		}
	case key.Matches(msg, m.keys.Race):
		m.enterRace()
	case key.Matches(msg, m.keys.Present):
		m.present()
	default:
		m.board.takeKey(msg, m.keys)
	}
}

func (m *model) takeDetailKey(msg tea.KeyMsg) {
	if key.Matches(msg, m.keys.Back, m.keys.Detail) {
		m.screen = ScreenLeaderboard
		return
	}
	m.detail.takeKey(msg, m.keys)
}

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
		for _, hit := range m.hits {
			if hit.in.Contains(msg.X, msg.Y) {
				m.dirty = true
				m.pointer.X, m.pointer.Y = msg.X, msg.Y
				hit.do()
				return nil
			}
		}
		return nil
	default:
		return nil
	}
	m.dirty = true
	return m.takeKey(turn)
}

// click makes a part of the frame that is being drawn do something.
func (m *model) click(in term.Rect, do func()) { m.hits = append(m.hits, hit{in, do}) }

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
	if m.ticking || !m.dirty && m.stage == nil && !m.beginning && !playing {
		return nil
	}
	m.tick++
	m.ticking = true
	id := m.tick
	return tea.Tick(max(time.Millisecond, drawEvery-since), func(time.Time) tea.Msg { return tickMsg{id} })
}

func (m *model) draw() {
	m.dirty, m.drawnAt = false, m.clock()
	m.hits = m.hits[:0]
	m.surface.Reset(m.w, m.h)
	area := m.surface.Bounds()
	if area.Empty() {
		m.frame = ""
		return
	}
	screen := m.screen
	if m.presenting() {
		screen = -1
		m.drawPodium(area)
	}
	switch screen {
	case ScreenChoose:
		m.drawChoose(area)
	case ScreenBuild, ScreenWaiting:
		m.drawBuild(area)
	case ScreenLive:
		m.drawLive(area)
	case ScreenLeaderboard:
		m.drawBoard(area)
	case ScreenDetail:
		m.drawDetail(area)
	case ScreenRace:
		m.drawRace(area)
	}
	if m.help {
		m.drawHelp(area)
	}
	m.frame = m.surface.Encode(m.theme)
}
