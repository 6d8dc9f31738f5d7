package engine

import (
	"bytes"
	"github.com/benchtui/benchtui/internal/traffic"
	"testing"
)

// Endless bodies on many connections must not take all memory.
func TestBodiesShareABudget(t *testing.T) {
	var budget bodyBudget
	piece := bytes.Repeat([]byte("x"), 1<<20)
	var parsers []*replyParser
	kept, short := 0, 0
	for range 64 {
		p := &replyParser{bodyLimit: maxCheckedBody, budget: &budget}
		p.beginHead()
		p.status = 200
		for range 20 {
			p.keepBody(piece)
		}
		kept += cap(p.body)
		cause, ok := newChecker(traffic.Checks{BodyContains: "y"}).judge(p)
		if ok {
			t.Fatal("it passed")
		}
		if cause.kind == kindCheckMemory {
			short++
		}
		parsers = append(parsers, p)
	}
	if kept > maxKeptBodies+64*freeBody || short == 0 {
		t.Errorf("%d bytes are kept, %d bodies found no room", kept, short)
	}
	for _, p := range parsers {
		p.drop()
	}
	if left := budget.kept.Load(); left != 0 {
		t.Errorf("%d bytes are left", left)
	}
}
