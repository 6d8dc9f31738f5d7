package term

import "strconv"

// Frame is a screen as a terminal would show it, cell by cell: for pictures.
type Frame struct {
	W, H  int
	Cells []FrameCell // line by line
}

// FrameCell is one column of a line. A wide character takes two; the second is empty.
type FrameCell struct {
	Text                   string // a character with what combines with it
	Width                  int    // in columns; 0: the second half of a wide one
	Foreground, Background string // "#56b4e9"; "": the terminal's own
	Bold, Faint, Reversed  bool
}

// Picture is what the surface shows with colours on a dark or a light background, or
// with none.
func (s *Surface) Picture(dark, colours bool) Frame {
	frame := Frame{W: s.w, H: s.h, Cells: make([]FrameCell, len(s.cells))}
	for i, c := range s.cells {
		if c.width == 0 {
			continue
		}
		at := c.role.appearance(dark, colours)
		at.Width, at.Text = int(c.width), string(c.r)+c.more
		if s.ascii {
			at.Text = asciiRune(c.r, int(c.width))
		}
		frame.Cells[i] = at
	}
	return frame
}

// appearance is how a role looks, as the theme's sequences have it.
func (r Role) appearance(dark, colours bool) FrameCell {
	if r >= RoleCount {
		if !colours {
			return FrameCell{}
		}
		upper, lower := int(r-RoleCount)/HeatLevels, int(r-RoleCount)%HeatLevels
		switch {
		case upper == 0 && lower == 0:
			return FrameCell{}
		case upper == 0 || upper == lower:
			return FrameCell{Foreground: heatColour(lower, dark)}
		case lower == 0:
			return FrameCell{Foreground: heatColour(upper, dark)}
		}
		return FrameCell{Foreground: heatColour(upper, dark), Background: heatColour(lower, dark)}
	}
	look := looks[r]
	cell := FrameCell{Bold: look.bold, Reversed: look.reversed}
	switch {
	case !colours:
		cell.Faint = look.faint
	case dark:
		cell.Foreground, cell.Background = look.dark, look.darkGround
	default:
		cell.Foreground, cell.Background = look.light, look.lightGround
	}
	return cell
}

// Text is the frame without colours, lines without the blanks at their ends.
func (f Frame) Text() string {
	text := ""
	for y := range f.H {
		line, blanks := "", 0
		for _, c := range f.Cells[y*f.W : (y+1)*f.W] {
			switch {
			case c.Width == 0:
			case c.Text == " ":
				blanks++
			default:
				for range blanks {
					line += " "
				}
				line, blanks = line+c.Text, 0
			}
		}
		text += line + "\n"
	}
	return text
}

// RGB reads a colour of a cell.
func RGB(hex string) (red, green, blue uint8, ok bool) {
	if len(hex) != 7 || hex[0] != '#' {
		return 0, 0, 0, false
	}
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	return uint8(v >> 16), uint8(v >> 8), uint8(v), err == nil
}
