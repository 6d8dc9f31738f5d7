package tui

import (
	"github.com/charmbracelet/bubbles/key"

	"github.com/benchtui/benchtui/tui/screen"
)

// replayKeys go through a recording, on every screen. Seek, SeekFar and Speed stand in
// footers for two keys each.
type replayKeys struct {
	Play, Seek, SeekFar, Speed, FromStart    key.Binding
	SeekBack, SeekOn, SeekFarBack, SeekFarOn key.Binding
	Slower, Faster                           key.Binding
	NextFinding, PreviousFinding             key.Binding
	NextContender, PreviousContender         key.Binding
}

func newReplayKeys() replayKeys {
	bind := screen.Bind
	return replayKeys{
		Play:              bind("space", "pause", " "),
		Seek:              bind(",/.", "seek", ",", "."),
		SeekFar:           bind("</>", "30 s back and on", "<", ">"),
		Speed:             bind("-/+", "speed", "-", "+", "="),
		FromStart:         bind("0", "from the start", "0"),
		SeekBack:          bind(",", "5 s back", ","),
		SeekOn:            bind(".", "5 s on", "."),
		SeekFarBack:       bind("<", "30 s back", "<"),
		SeekFarOn:         bind(">", "30 s on", ">"),
		Slower:            bind("-", "slower", "-"),
		Faster:            bind("+", "faster", "+", "="),
		NextFinding:       bind("f", "finding", "f"),
		PreviousFinding:   bind("F", "the finding before", "F"),
		NextContender:     bind("c", "contender", "c"),
		PreviousContender: bind("C", "the contender before", "C"),
	}
}
