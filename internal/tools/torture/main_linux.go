package main

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// torture is one round of all faults.
type torture struct {
	program, panics string // benchtui; the same with panics that can be injected, or ""
	self, folder    string
	short           bool
	seed            uint64
	stepClock       bool
	starts          atomic.Int64
	calledOff       atomic.Bool
	unread          sync.Map // the readers' ends of pipes that nobody reads
	groups          sync.Map // control groups that are there, by their paths
}

func main() {
	if role := os.Getenv(roleVariable); role != "" {
		play(role, os.Args[len(os.Args)-1])
	}
	if what := os.Getenv(stepperVariable); what != "" {
		stepsClock(what)
	}
	if place, ok := os.LookupEnv(insideVariable); ok {
		inside(place, os.Args[1:])
	}
	t := torture{}
	flag.StringVar(&t.program, "benchtui", "./benchtui", "the program to try them on")
	flag.StringVar(&t.panics, "panics", "", "the program built with the tag injectpanics")
	flag.BoolVar(&t.short, "short", false, "a few of each kind, in less than a minute")
	flag.Uint64Var(&t.seed, "seed", 1, "of what is left to chance")
	flag.BoolVar(&t.stepClock, "step-clock", false, "set this machine's clock by an hour and back, for a second each; whatever else runs on it sees that")
	list := flag.Bool("list", false, "name what is to be survived, and the faults that are tried for it")
	only := flag.String("only", "", "the faults whose names match")
	soak := flag.Duration("soak", 0, "instead, load a server at a constant rate for so long")
	flag.Parse()
	chosen, err := regexp.Compile(*only)
	if err == nil && flag.NArg() > 0 { // a server whose role was lost must not begin all anew
		err = fmt.Errorf("torture takes flags alone, and was given %q", flag.Args())
	}
	if err == nil {
		err = t.settle()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.RemoveAll(t.folder)
		os.Exit(1)
	}
	good := true
	switch {
	case *list:
		printPromises(t.faults())
	case *soak > 0:
		good = t.soak(*soak)
	default:
		began := time.Now()
		t.endsOnSignal()
		rows := t.all(t.picked(chosen))
		good = table(rows, int(t.starts.Load()), time.Since(began))
	}
	os.RemoveAll(t.folder)
	if !good {
		os.Exit(1)
	}
}

// settle makes the folder with the programs in it, which others may start, too: some
// faults are tried as another user.
func (t *torture) settle() (err error) {
	if t.self, err = os.Executable(); err != nil {
		return err
	}
	if t.folder, err = os.MkdirTemp("", "torture"); err != nil {
		return err
	}
	if err = os.Chmod(t.folder, 0o755); err != nil {
		return err
	}
	for name, path := range map[string]*string{"benchtui": &t.program, "benchtui-panics": &t.panics, "torture": &t.self} {
		if *path == "" {
			continue
		}
		copied := filepath.Join(t.folder, name)
		if err = copyFile(copied, *path); err != nil {
			return err
		}
		*path = copied
	}
	return nil
}

// endsOnSignal leaves nobody and nothing behind when a round is called off.
func (t *torture) endsOnSignal() {
	ending := make(chan os.Signal, 1)
	signal.Notify(ending, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		fmt.Fprintln(os.Stderr, <-ending)
		t.calledOff.Store(true)
		for range 5 { // who is started meanwhile carries the mark, too
			for _, pid := range leftBy(t.mark()) {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.groups.Range(func(path, _ any) bool { return os.Remove(path.(string)) == nil })
		for until := time.Now().Add(time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
			os.RemoveAll(t.folder) // faults that are under way still write there
		}
		os.Exit(130)
	}()
}

// mark is how all begin that are in the environments of those who are started.
func (t *torture) mark() string { return fmt.Sprintf("TORTURE=%d-", os.Getpid()) }

func (t *torture) faults() []fault {
	return slices.Concat(serverFaults(), http2Faults(), tlsFaults(), signalFaults(), terminalFaults(), outputFaults(),
		diskFaults(), panicFaults(), machineFaults(), clockFaults(), fileFaults())
}

// shortOf is how many of each kind a short round tries.
var shortOf = map[string]int{"server": 10, "HTTP/2": 2, "TLS": 1, "signal": 3, "terminal": 2, "output": 1, "disk": 1, "us": 1, "machine": 6, "files": 6}

// picked are the faults whose names match; in a short round some of each kind, others
// with each seed.
func (t *torture) picked(names *regexp.Regexp) (all []fault) {
	chance := rand.New(rand.NewPCG(t.seed, t.seed))
	faults := t.faults()
	taken := map[string]int{}
	order := make([]int, len(faults))
	for i := range order {
		order[i] = i
	}
	if t.short {
		chance.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		order = slices.DeleteFunc(order, func(i int) bool {
			kind, _, _ := strings.Cut(faults[i].name, ":")
			if faults[i].long || taken[kind] == shortOf[kind] {
				return true
			}
			taken[kind]++
			return false
		})
		slices.Sort(order)
	}
	for _, i := range order {
		if names.MatchString(faults[i].name) {
			all = append(all, faults[i])
		}
	}
	return all
}

// atOnce is how many faults are tried at the same time: most of their time is waiting.
const atOnce = 6

// all tries them: those that want the machine for themselves after the others.
func (t *torture) all(faults []fault) []*row {
	rows := make([]*row, len(faults))
	for i, one := range faults {
		sum := fnv.New64()
		fmt.Fprint(sum, one.name)
		rows[i] = &row{t: t, fault: one, codes: map[int]int{}, chance: rand.New(rand.NewPCG(t.seed, sum.Sum64()))}
		rows[i].folder = filepath.Join(t.folder, fmt.Sprint(i), "jail", "work")
	}
	var group sync.WaitGroup
	var done atomic.Int64
	places := make(chan struct{}, atOnce)
	for _, alone := range []bool{false, true} {
		for _, one := range rows {
			if one.fault.alone != alone {
				continue
			}
			places <- struct{}{}
			group.Go(func() {
				began := time.Now()
				one.try()
				fmt.Fprintf(os.Stderr, "%4d of %d  %-60s %5.1f s\n", done.Add(1), len(rows), one.fault.name, time.Since(began).Seconds())
				<-places
			})
			if alone {
				group.Wait()
			}
		}
		group.Wait()
	}
	return rows
}
