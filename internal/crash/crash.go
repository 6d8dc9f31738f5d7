// Package crash starts goroutines of which none takes the program down before what must
// be given back is: the terminal above all, into whose other screen the trace of a panic
// would be printed, where nobody sees it.
package crash

import (
	"slices"
	"sync"
	"sync/atomic"
)

var (
	turn   sync.Mutex
	before []*func()
	under  atomic.Bool // a panic is on its way
)

// Go runs do in a goroutine of its own. A panic in it ends the program, once what Before
// was told of is done.
func Go(do func()) { go guarded(do)() }

// Guarded is do for a goroutine that somebody else starts.
func Guarded(do func()) func() { return guarded(do) }

func guarded(do func()) func() {
	inject := injected()
	return func() {
		defer caught()
		inject()
		do()
	}
}

// Before has a panic be preceded by what gives something back; it must come to an end
// whatever state the program is in. release takes it out again.
func Before(giveBack func()) (release func()) {
	turn.Lock()
	defer turn.Unlock()
	one := &giveBack
	before = append(before, one)
	return func() {
		turn.Lock()
		defer turn.Unlock()
		before = slices.DeleteFunc(before, func(other *func()) bool { return other == one })
	}
}

// caught is deferred. The panic goes on, and its trace with it: it tells where it began.
func caught() {
	broken := recover()
	if broken == nil {
		return
	}
	if under.Swap(true) {
		select {} // the first one ends the program
	}
	turn.Lock() // for good: who is about to take something that must be given back waits
	for _, giveBack := range slices.Backward(before) {
		(*giveBack)()
	}
	panic(broken)
}

// Begin says that the program is about to end with a trace for another reason.
func Begin() { under.Store(true) }

// Await keeps the program from ending before a panic that is under way has ended it: what
// was deferred in a goroutine that panics may have told others that it is done.
func Await() {
	if under.Load() {
		select {}
	}
}
