package term

// ScrollBar marks in a box's right border what part of a longer list is seen.
func (s *Surface) ScrollBar(box Rect, from, to, n int) {
	rows := box.H - 2
	if box.H < 4 {
		return // it has no border
	}
	if to-from >= n || rows < 1 {
		return
	}
	first := rows * from / n
	last := max(first+1, rows*to/n)
	for row := first; row < min(last, rows); row++ {
		s.Set(box.X+box.W-1, box.Y+1+row, '┃', RoleKey)
	}
}
