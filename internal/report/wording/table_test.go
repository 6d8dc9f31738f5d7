package wording

import "testing"

func TestColumnsAlignBesideWideCharacters(t *testing.T) {
	board := Table{Columns: []Column{TextColumn(""), TextColumn("name"), FigureColumn("figure")}}
	board.Add("🥇", "東京", "1")
	board.Add("", "plain", "22")
	board.Add("–", "µs · é", "333")
	for _, line := range board.Lines() {
		if width := Cells.StringWidth(line); width != 2+2+6+2+6 {
			t.Errorf("%q is %d cells wide, want 18", line, width)
		}
	}
	if width := Cells.StringWidth(medals[1]); width != 2 {
		t.Errorf("a medal is %d cells wide, want 2", width)
	}
}
