package sample

import (
	"bytes"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/system"
	"golang.org/x/sys/unix"
)

// How often the memory that processes share is asked for. The kernel walks through
// the pages of a process to tell it: 0.1 ms and more each, 10 ms for a GB.
const (
	pssEvery  = 2 * time.Second        // at least, as long as nothing changes
	pssPause  = 200                    // times what a round took are to pass before the next: half a percent of one core
	pssSlice  = 2 * time.Millisecond   // that a reading of the tree takes for it at most, and one process more
	pssGrowth = 1.0 / 32               // of RSS since the last round: it is asked for again at once
	pssLeast  = 200 * time.Millisecond // between two rounds, however cheap
)

// pssRounds reads the proportional set size of a tree's processes: a page that n
// processes hold counts 1/n in each, so that their sum is what the tree takes of
// the machine. A round over many processes spreads over several readings.
type pssRounds struct {
	known map[int]figure.Value // by pid, of the last whole round; a missing figure could not be read
	sum   figure.Value         // of that round
	rss   float64              // of the tree, as it began
	count int                  // processes, the same

	began   time.Time     // of the last round, or the one under way
	spent   time.Duration // in it
	reading map[int]figure.Value
	left    []int // still to be read in the round under way
}

// read goes on with the round under way or begins one that is due. whole has it read
// all at once, whatever that takes.
func (p *pssRounds) read(files *system.Files, members map[int]*member, rss float64, whole bool, now time.Time) {
	if len(p.left) == 0 {
		if !whole && !p.due(rss, len(members), now) {
			return
		}
		p.begin(members, rss, now)
	} else if whole { // what was read before is not of now
		p.begin(members, rss, now)
	}
	begun := time.Now()
	for len(p.left) > 0 {
		pid := p.left[0]
		p.left = p.left[1:]
		if members[pid] != nil {
			if bytes, ok := pssOf(files, pid); ok {
				p.reading[pid] = figure.Of(bytes)
			} else if stat, ok := files.Stat(pid); ok && !stat.Ended() {
				p.reading[pid] = figure.Value{} // another user's, or an old kernel
			}
		}
		if took := time.Since(begun); !whole && took > pssSlice {
			break
		}
	}
	p.spent += time.Since(begun)
	if len(p.left) == 0 {
		p.end()
	}
}

// due says whether a round is to begin.
func (p *pssRounds) due(rss float64, count int, now time.Time) bool {
	since := now.Sub(p.began)
	if p.began.IsZero() {
		return true
	}
	changed := count != p.count || rss > p.rss*(1+pssGrowth) || rss < p.rss*(1-pssGrowth)
	return since >= max(pssLeast, pssPause*p.spent) && (changed || since >= pssEvery)
}

func (p *pssRounds) begin(members map[int]*member, rss float64, now time.Time) {
	p.began, p.spent, p.rss, p.count = now, 0, rss, len(members)
	p.reading = make(map[int]figure.Value, len(members))
	p.left = p.left[:0]
	for pid := range members {
		p.left = append(p.left, pid)
	}
	slices.Sort(p.left)
}

// end has the round that was read be the one that is told.
func (p *pssRounds) end() {
	p.known, p.sum = p.reading, figure.Of(0)
	for _, one := range p.known {
		p.sum = p.sum.Plus(one)
	}
	p.sum.Known = p.sum.Known && p.sum.Value > 0
}

// pssOf is the memory of a process in bytes, of what it shares its part.
func pssOf(files *system.Files, pid int) (float64, bool) {
	text, ok := files.Read(unix.AT_FDCWD, system.Path(pid, "smaps_rollup"))
	if !ok {
		return 0, false
	}
	return parsePSS(text)
}

// parsePSS finds the sum in /proc/PID/smaps_rollup.
func parsePSS(text []byte) (float64, bool) {
	_, rest, ok := bytes.Cut(text, []byte("\nPss:"))
	if !ok {
		return 0, false
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	var room [4][]byte
	all := system.Fields(line, room[:])
	if len(all) != 2 || string(all[1]) != "kB" {
		return 0, false
	}
	kilobytes, ok := system.Number(all[0])
	return float64(kilobytes) * 1024, ok
}
