package engine

import (
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/benchtui/benchtui/internal/traffic"
)

// Endless bodies on many connections must not take all memory.
func TestBodiesShareABudget(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
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

// A few kB may become 16 MiB on each of thousands of connections: what they are
// decompressed to counts as their bodies do.
func TestDecompressedBodiesShareTheBudget(t *testing.T) {
	var small bytes.Buffer
	zip := gzip.NewWriter(&small)
	_, _ = zip.Write(append(bytes.Repeat([]byte(" "), 8<<20), 'y'))
	_ = zip.Close()
	var budget bodyBudget
	p := &replyParser{bodyLimit: maxCheckedBody, budget: &budget}
	p.beginHead()
	p.status, p.encoding = 200, gzipped
	p.keepBody(small.Bytes())
	checker := newChecker(traffic.Checks{BodyContains: "y"})
	if cause, ok := checker.judge(p); !ok {
		t.Errorf("with all the room there is: %+v", cause)
	}
	budget.kept.Add(maxKeptBodies - 4<<20)
	before := budget.kept.Load()
	if cause, ok := newChecker(traffic.Checks{BodyContains: "y"}).judge(p); ok || cause.kind != kindCheckMemory {
		t.Errorf("with room for 4 MiB of 8: %+v, passed %v", cause, ok)
	}
	if after := budget.kept.Load(); after != before {
		t.Errorf("%d bytes were not given back", after-before)
	}
}
