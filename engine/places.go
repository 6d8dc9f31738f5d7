package engine

import (
	"os"
	"runtime"
	"sync"
)

// places are what Go's scheduler calls Ps: as many goroutines run at once, and a
// loop that waits briefly keeps its own. More loops than places would wait for each
// other, up to a ms at a time; so while they run there is one for each, and one for
// the rest of the program. On fewer cores the kernel shares these out.
var places struct {
	sync.Mutex
	loops  int // that run now, of all loads
	before int // how many places there were before the first raise; 0: none was needed
}

func takePlaces(loops int) {
	places.Lock()
	defer places.Unlock()
	places.loops += loops
	if now := runtime.GOMAXPROCS(0); now <= places.loops {
		if places.before == 0 {
			places.before = now
		}
		runtime.GOMAXPROCS(places.loops + 1)
	}
}

func returnPlaces(loops int) {
	places.Lock()
	defer places.Unlock()
	places.loops -= loops
	if places.loops > 0 || places.before == 0 {
		return
	}
	if os.Getenv("GOMAXPROCS") != "" {
		runtime.GOMAXPROCS(places.before)
	} else {
		runtime.SetDefaultGOMAXPROCS() // as the CPUs are that the process may use by now
	}
	places.before = 0
}

// usualPlaces is how many places there are when no loop runs.
func usualPlaces() int {
	places.Lock()
	defer places.Unlock()
	if places.before > 0 {
		return places.before
	}
	return runtime.GOMAXPROCS(0)
}
