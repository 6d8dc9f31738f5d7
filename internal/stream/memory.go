package stream

import (
	"cmp"
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
)

// What memory is told as. PSS counts a page that n processes share 1/n in each, so that
// the sum over forked workers is what they take of the machine; RSS counts it in each.
const (
	MemoryIsPSS = "PSS"
	MemoryIsRSS = "RSS"
)

// SetMemory sets which of the two stands for the process's memory: PSS where it was told.
func (p *ProcessResult) SetMemory() {
	switch {
	case p.PSSMBMax != nil && (p.PSSMBIdle != nil || p.RSSMBIdle == nil):
		p.MemoryIs = MemoryIsPSS
	case p.RSSMBMax != nil || p.RSSMBIdle != nil:
		p.MemoryIs = MemoryIsRSS
	}
}

// MemoryWord is which of the two it is, in a word for titles.
func (p *ProcessResult) MemoryWord() string { return cmp.Or(p.MemoryIs, MemoryIsRSS) }

// MemoryMBIdle is the memory when ready and before any load; nil: not known. Of which
// kind it is says MemoryIs.
func (p *ProcessResult) MemoryMBIdle() *float64 {
	if p.MemoryIs == MemoryIsPSS {
		return p.PSSMBIdle
	}
	return p.RSSMBIdle
}

// MemoryMBMax is the most memory under the load.
func (p *ProcessResult) MemoryMBMax() *float64 {
	if p.MemoryIs == MemoryIsPSS {
		return p.PSSMBMax
	}
	return p.RSSMBMax
}

// BesideRSS is the RSS beside a peak that is told as PSS, to stand behind it where no word
// says which it is: " (PSS; RSS 122 MB)"; "" of what has RSS alone.
func (p *ProcessResult) BesideRSS() string { return p.rssBeside(MemoryIsPSS + "; ") }

// BesidePSS is the same behind a peak whose name says that it is PSS: " (RSS 122 MB)".
func (p *ProcessResult) BesidePSS() string { return p.rssBeside("") }

func (p *ProcessResult) rssBeside(kind string) string {
	if p.MemoryIs != MemoryIsPSS {
		return ""
	}
	return " (" + kind + MemoryIsRSS + " " + figure.Known(p.RSSMBMax, figure.MB) + ")"
}

// MemoryWord is the memory's kind for titles: "PSS" or "RSS".
func MemoryWord(contenders []ContenderResult) string {
	return cmp.Or(MemoryIs(contenders), MemoryIsRSS)
}

// MemoryIs says in which way the memory of the contenders is told: "PSS" where each is
// told so; "" where none is known.
func MemoryIs(contenders []ContenderResult) string {
	is := ""
	for _, one := range contenders {
		switch {
		case one.Process == nil || one.Process.MemoryMBMax() == nil:
		case one.Process.MemoryIs != MemoryIsPSS: // also of results from before PSS was read
			return MemoryIsRSS
		default:
			is = MemoryIsPSS
		}
	}
	return is
}

// ByRSS is the contender with its memory told as RSS, to be set beside one that has no PSS.
func (r ContenderResult) ByRSS() ContenderResult {
	if r.Process == nil || r.Process.MemoryIs != MemoryIsPSS {
		return r
	}
	r.Process = r.Process.byRSS(r.RPS.OK)
	return r.RoundsByRSS()
}

// RoundsByRSS has no round told in another way than the contender.
func (r ContenderResult) RoundsByRSS() ContenderResult {
	if !slices.ContainsFunc(r.Rounds, func(round RoundResult) bool { return round.Process != nil && round.Process.MemoryIs == MemoryIsPSS }) {
		return r
	}
	r.Rounds = slices.Clone(r.Rounds)
	for i, round := range r.Rounds {
		if round.Process != nil {
			r.Rounds[i].Process = round.Process.byRSS(round.RPS.OK)
		}
	}
	if len(r.Intervals) > 0 {
		r.Intervals = IntervalsOf(r)
	}
	return r
}

func (p ProcessResult) byRSS(rps float64) *ProcessResult {
	p.MemoryIs = MemoryIsRSS
	p.SetPerMB(rps)
	return &p
}

// AlikeInMemory has memory told in the same way of all: as RSS, if one has no PSS.
func AlikeInMemory(contenders []ContenderResult) []ContenderResult {
	if MemoryIs(contenders) == MemoryIsRSS {
		for i, one := range contenders {
			contenders[i] = one.ByRSS()
		}
	}
	return contenders
}

// SetPerMB sets the throughput, in replies per second, against the memory at its peak.
func (p *ProcessResult) SetPerMB(rps float64) {
	if most := p.MemoryMBMax(); most != nil && *most > 0 {
		perMB := rps / *most
		p.RPSPerMB = &perMB
	}
}
