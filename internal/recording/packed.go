package recording

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/klauspost/compress/flate"

	"github.com/benchtui/benchtui/internal/stream"
)

const (
	// Events are kept in blocks: large enough that they compress well, small enough that
	// one is opened in a moment.
	blockBytes  = 64 << 10
	blockEvents = 1024
	// plainBytes are kept as they are, of the most recordings all. What comes after them
	// is compressed: an hour of a run takes a tenth, and a million small events next to nothing.
	plainBytes = 24 << 20
	// openBlocks is how many are kept open: one that is read on, one that is looked up.
	openBlocks = 2
)

// packedEvents are events as they were written, of which a few at a time are at hand.
// Its size is that of their text: what they become is made when they are asked for.
type packedEvents struct {
	mutex  sync.Mutex // of what is open; all else is written before anybody reads
	blocks []block
	open   [openBlocks]openBlock // the one that was used last first

	length  int           // events, those that are being filled in included
	last    time.Duration // when the newest was
	bytes   int           // that blocks take
	filling []byte
	filled  int
	packer  *flate.Writer
	opener  io.ReadCloser
}

// block is consecutive events.
type block struct {
	first int    // the number of the first, from 0
	size  int    // of the text, bytes
	text  []byte // compressed, if it is not of that size
}

// openBlock is a block's events, taken apart.
type openBlock struct {
	first  int
	events []stream.Raw
}

// add appends an event, of which it keeps no memory.
func (p *packedEvents) add(event stream.Raw) {
	p.filling = binary.AppendUvarint(p.filling, event.Seq)
	p.filling = binary.AppendUvarint(p.filling, uint64(event.At))
	for _, text := range []string{event.Contender, event.Kind} {
		p.filling = binary.AppendUvarint(p.filling, uint64(len(text)))
		p.filling = append(p.filling, text...)
	}
	p.filling = binary.AppendUvarint(p.filling, uint64(len(event.Body)))
	p.filling = append(p.filling, event.Body...)
	p.filled++
	p.length++
	p.last = event.At
	if p.filled == blockEvents || len(p.filling) >= blockBytes {
		p.seal()
	}
}

// seal ends the block that is being filled. Until then its events can't be read.
func (p *packedEvents) seal() {
	if p.filled == 0 {
		return
	}
	one := block{first: p.length - p.filled, size: len(p.filling)}
	if p.bytes+one.size > plainBytes {
		one.text = p.pack(p.filling)
	}
	if one.text == nil {
		one.text = slices.Clone(p.filling)
	}
	p.blocks, p.bytes = append(p.blocks, one), p.bytes+len(one.text)
	if p.filling, p.filled = p.filling[:0], 0; cap(p.filling) > 4*blockBytes {
		p.filling = nil
	}
}

// pack compresses a text; nil if that is of no use.
func (p *packedEvents) pack(text []byte) []byte {
	var packed bytes.Buffer
	if p.packer == nil {
		p.packer, _ = flate.NewWriter(nil, flate.BestSpeed) // a level that there is
	}
	p.packer.Reset(&packed)
	_, _ = p.packer.Write(text) // memory takes all
	_ = p.packer.Close()
	if packed.Len() >= len(text) {
		return nil
	}
	return slices.Clone(packed.Bytes())
}

// text is what a block holds.
func (p *packedEvents) text(one block) []byte {
	if len(one.text) == one.size {
		return one.text
	}
	if p.opener == nil {
		p.opener = flate.NewReader(bytes.NewReader(one.text))
	} else {
		_ = p.opener.(flate.Resetter).Reset(bytes.NewReader(one.text), nil)
	}
	text := make([]byte, one.size)
	_, _ = io.ReadFull(p.opener, text) // it is what pack made
	return text
}

// at is event i, of a block that is sealed. Nobody may change it.
func (p *packedEvents) at(i int) *stream.Raw {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for j, one := range p.open {
		if i >= one.first && i < one.first+len(one.events) {
			copy(p.open[1:j+1], p.open[:j])
			p.open[0] = one
			return &one.events[i-one.first]
		}
	}
	number := sort.Search(len(p.blocks), func(n int) bool { return p.blocks[n].first > i }) - 1
	copy(p.open[1:], p.open[:])
	p.open[0] = openBlock{p.blocks[number].first, eventsOf(p.text(p.blocks[number]))}
	return &p.open[0].events[i-p.open[0].first]
}

// eventsOf takes a block's text apart.
func eventsOf(text []byte) (events []stream.Raw) {
	var contender, kind string
	number := func() uint64 {
		value, length := binary.Uvarint(text)
		text = text[length:]
		return value
	}
	piece := func() []byte {
		length := number()
		one := text[:length:length]
		text = text[length:]
		return one
	}
	word := func(last *string) string { // mostly that of the event before
		if one := piece(); string(one) != *last {
			*last = string(one)
		}
		return *last
	}
	for len(text) > 0 {
		var event stream.Raw
		event.Seq, event.At = number(), time.Duration(number())
		event.Contender, event.Kind = word(&contender), word(&kind)
		event.Body = piece()
		events = append(events, event)
	}
	return events
}
