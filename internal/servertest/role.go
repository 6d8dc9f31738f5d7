//go:build unix

package servertest

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/testrole"
)

// Role is what a server does, or what it does wrong.
type Role = testrole.Role

// The roles, with the options that they heed. A server listens on the port of loopback that
// its first argument is, and answers "ok", unless its role says otherwise.
const (
	Serves Role = "serves" // at once

	// Those that take their time.
	Waits       Role = "waits"        // for the time For in each request, but those whose number Every divides
	Computes    Role = "computes"     // for the time For in each request, in ControlGroup if that is set
	HasWorkers  Role = "has-workers"  // as many Workers, each of which sleeps for the time For over a request
	HasCapacity Role = "has-capacity" // of PerSecond requests, with so many in Store; the rest Queues or has status 503
	WarmsUp     Role = "warms-up"     // each request takes the time Each until the time For is over, then 20 ms
	GetsSlower  Role = "gets-slower"  // each request takes 5 ms, and by Each more with every second, until the time For is over
	StandsStill Role = "stands-still" // for the time For, 3 s after its first request
	Compresses  Role = "compresses"   // its replies cost their reader more than the server, which waits for the time For

	// Those that fail under load.
	Crashes      Role = "crashes"       // with exit code 3 at the request AtRequest, in each start or InStart alone
	Aborts       Role = "aborts"        // the connection in each request whose number Every divides
	Hangs        Role = "hangs"         // for the time For, 0: for good, in the request AtRequest and in each whose number Every divides
	AnswersFirst Role = "answers-first" // so many Requests, and from then on none
	Leaks        Role = "leaks"         // so many KB with each request, at most as many MB
	MakesGarbage Role = "makes-garbage" // 1 MB of it for each request

	// Those that treat connections badly.
	AcceptsSlowly    Role = "accepts-slowly"     // a connection at a time, with a pause For after each; Backlog may wait
	AcceptsFew       Role = "accepts-few"        // as many Connections, and then no more
	AcceptsAtATime   Role = "accepts-at-a-time"  // as many Connections, the others wait in the accept queue
	ServesAtATime    Role = "serves-at-a-time"   // as many Connections of all that it accepts, and takes the time For for each request
	DropsSecond      Role = "drops-second"       // it closes a connection at its second request, without a word
	ResetsAllButOne  Role = "resets-all-but-one" // it resets connections at every request but the first of all
	LimitsRequests   Role = "limits-requests"    // of a connection to so many Requests, OnAverage or exactly
	LimitsAge        Role = "limits-age"         // of a connection to the time After, which it ends with the next reply; each takes the time Each, on every other connection four times that
	ClosesIdle       Role = "closes-idle"        // connections, after the time After
	StopsListening   Role = "stops-listening"    // after the time After, for the time For
	LacksDescriptors Role = "lacks-descriptors"  // it has as many Descriptors, which connections use up
	RenewsTLS        Role = "renews-tls"         // a handshake for each reply; on a port of its own, of which it says the URL

	// Those that answer badly.
	Says             Role = "says"              // Text in place of a reply, WellFirst to all but the first request
	SaysLoading      Role = "says-loading"      // status 503 until the time For is over
	SaysNotModified  Role = "says-not-modified" // where a browser's cache asks whether its copy still holds
	SaysNothing      Role = "says-nothing"      // to whom it accepts
	SplitsReplies    Role = "splits-replies"    // it writes head and body apart, and lets the kernel delay the second
	SendsUnasked     Role = "sends-unasked"     // HTTP/2, and once data on a stream that nobody opened
	SteersTerminals  Role = "steers-terminals"  // by escape sequences in its log and, as failures, in its replies and headers
	ListensElsewhere Role = "listens-elsewhere" // at Address, in which PORT stands for its port
	FindsPortTaken   Role = "finds-port-taken"  // by somebody who does not answer
	NeverListens     Role = "never-listens"     // but says what it waits for
	AsksForPassword  Role = "asks-for-password" // without a line's end, and waits for it
	Exits            Role = "exits"             // at once, Well or with code 4
	KillsItself      Role = "kills-itself"      // as it starts, after it said Text and so many Lines more
	BurnsCPU         Role = "burns-cpu"         // the Share of a core, and has no port
	IgnoresTerm      Role = "ignores-term"      // SIGTERM, and SIGHUP
	Lingers          Role = "lingers"           // as that, with so many Workers that do the same; it has no port
	Forks            Role = "forks"             // two that linger, one of them with a worker
	SharesMemory     Role = "shares-memory"     // so many MB with as many Workers
	Daemonizes       Role = "daemonizes"        // what serves is in a session of its own; what was started ends, or Stays
	BecomesRoot      Role = "becomes-root"      // wholly, of a program that is root's with the set-user-id bit; ignores SIGTERM
)

// Options are what a role is told; each heeds its own.
type Options struct {
	For, Each, After time.Duration

	Every, AtRequest uint64 // numbers of requests, counted from 1 over all connections
	Requests         int
	Connections      int
	Workers          int

	PerSecond, Store float64 // requests
	Queues           bool

	InStart  int    // the number of a start, counted from 1; 0: any
	StartsIn string // a file in which starts are counted

	KB, MB      int // of 1,000 bytes, of 1,000,000
	Backlog     int // connections
	Descriptors int
	OnAverage   bool
	Share       float64 // of a core, from 0 to 1

	Text      string
	WellFirst bool
	Lines     int

	Address      string
	ControlGroup string // its folder
	Stays        bool
	Well         bool

	Inherited bool // its memory is the file that it was started with
}

var roles = map[Role]func(Options){
	Serves:      func(Options) { serve(func() {}) },
	Waits:       waits,
	Computes:    compute,
	HasWorkers:  haveWorkers,
	HasCapacity: haveCapacity,
	WarmsUp:     warmUp,
	GetsSlower:  getSlower,
	StandsStill: standStill,
	Compresses:  compress,

	Crashes:      crash,
	Aborts:       abort,
	Hangs:        hang,
	AnswersFirst: answerFirst,
	Leaks:        leak,
	MakesGarbage: func(Options) { serve(func() { garbage.Store(new([1_000_000]byte)) }) },

	AcceptsSlowly:  acceptSlowly,
	AcceptsFew:     func(o Options) { accept(listen(loopback()), o.Connections, alwaysWell) },
	AcceptsAtATime: acceptAtATime,
	ServesAtATime:  serveAtATime,
	DropsSecond: func(Options) {
		acceptAll(func(c connection) { c.answer(func(nth int) bool { return nth == 1 && c.say(good) }) })
	},
	ResetsAllButOne:  resetAllButOne,
	LimitsRequests:   limitRequests,
	LimitsAge:        limitAge,
	ClosesIdle:       closeIdle,
	StopsListening:   stopListening,
	LacksDescriptors: lackDescriptors,
	RenewsTLS:        renewTLS,

	Says:             sayText,
	SaysLoading:      sayLoading,
	SaysNotModified:  sayNotModified,
	SaysNothing:      func(Options) { acceptAll(connection.ignore) },
	SplitsReplies:    splitReplies,
	SendsUnasked:     sendUnasked,
	SteersTerminals:  steerTerminals,
	ListensElsewhere: listenElsewhere,
	FindsPortTaken:   findPortTaken,
	NeverListens:     func(Options) { fmt.Println("waiting for the database"); select {} },
	AsksForPassword:  func(Options) { fmt.Print("Enter password: "); select {} },
	Exits:            exits,
	KillsItself:      killItself,
	BurnsCPU:         burnCPU,
	IgnoresTerm:      func(Options) { ignoreTerm(); serve(func() {}) },
	Lingers:          linger,
	Forks:            fork,
	SharesMemory:     shareMemory,
	Daemonizes:       daemonize,
	BecomesRoot:      becomeRoots,
}

const variable testrole.Variable = "BENCHTUI_TEST_SERVER"

// Play has this process be the server that its environment says, and returns if it says
// none: what a TestMain begins with.
func Play() {
	if testrole.Play(variable, roles) {
		os.Exit(0)
	}
}

// As is the variable of the environment that has the test's binary play the role; there
// is one set of options at most.
func As(role Role, options ...Options) string { return testrole.As(variable, role, options...) }

// Words are those that stand before a program in a --cmd and have it play the role, if it
// is the test's binary or starts that.
func Words(role Role, options ...Options) string {
	name, value, _ := strings.Cut(As(role, options...), "=")
	return name + "='" + value + "' GORACE=atexit_sleep_ms=0" // the race detector's leave-taking
}

// Command is a --cmd of that id, for a server that the test's binary plays.
func Command(id string, role Role, options ...Options) string {
	return fmt.Sprintf("%s=%s '%s' {port}", id, Words(role, options...), os.Args[0])
}
