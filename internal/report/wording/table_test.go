package wording_test

import (
	"testing"

	"github.com/benchtui/benchtui/internal/figure"
	_ "github.com/benchtui/benchtui/internal/report/recorded" // -update, with which all tests of reports are run
	"github.com/benchtui/benchtui/internal/report/wording"
)

func TestColumnsAlignBesideWideCharacters(t *testing.T) {
	board := wording.Table{Columns: []wording.Column{wording.TextColumn(""), wording.TextColumn("name"), wording.FigureColumn("figure")}}
	board.Add("🥇", "東京", "1")
	board.Add("", "plain", "22")
	board.Add("–", "µs · é", "333")
	for _, line := range board.Lines() {
		if width := wording.Cells.StringWidth(line); width != 2+2+6+2+6 {
			t.Errorf("%q is %d cells wide, want 18", line, width)
		}
	}
	if width := wording.Cells.StringWidth(figure.Medal(1)); width != 2 {
		t.Errorf("a medal is %d cells wide, want 2", width)
	}
}
