package run

import (
	"testing"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Rounds of which one has no PSS are told by RSS, each and together.
func TestRoundsAreToldByOneKindOfMemory(t *testing.T) {
	with, without := &tally{status: stream.StatusOK}, &tally{status: stream.StatusOK}
	for _, one := range []*tally{with, without} {
		one.processT.rssMax, one.processT.idleRSS = figure.Of(50e6), figure.Of(40e6)
	}
	with.processT.pssMax, with.processT.idlePSS = figure.Of(10e6), figure.Of(8e6)
	if p := processOf([]*tally{with, with}); p.MemoryIs != stream.MemoryIsPSS || *p.MemoryMBMax() != 10 || *p.MemoryMBIdle() != 8 {
		t.Errorf("two rounds with PSS: %s, %v", p.MemoryIs, *p.MemoryMBMax())
	}
	if p := processOf([]*tally{with, without}); p.MemoryIs != stream.MemoryIsRSS || *p.MemoryMBMax() != 50 || p.PSSMBMax != nil {
		t.Errorf("one of two with PSS: %s, %v", p.MemoryIs, *p.MemoryMBMax())
	}
}
