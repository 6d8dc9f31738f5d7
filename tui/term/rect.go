package term

// Rect is a part of the screen, in cells from its top left corner.
type Rect struct{ X, Y, W, H int }

// Empty says that nothing fits in.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Contains says whether the cell lies in the rectangle.
func (r Rect) Contains(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Inset is the rectangle without a border of n cells.
func (r Rect) Inset(n int) Rect {
	return Rect{r.X + n, r.Y + n, max(0, r.W-2*n), max(0, r.H-2*n)}
}

// Row is the nth line of the rectangle; empty when there is none.
func (r Rect) Row(n int) Rect {
	if n < 0 || n >= r.H {
		return Rect{X: r.X, Y: r.Y}
	}
	return Rect{r.X, r.Y + n, r.W, 1}
}

// CutTop splits off the first n lines, or as many as there are.
func (r Rect) CutTop(n int) (top, rest Rect) {
	n = min(max(n, 0), r.H)
	return Rect{r.X, r.Y, r.W, n}, Rect{r.X, r.Y + n, r.W, r.H - n}
}

// CutBottom splits off the last n lines, or as many as there are.
func (r Rect) CutBottom(n int) (rest, bottom Rect) {
	rest, bottom = r.CutTop(r.H - min(max(n, 0), r.H))
	return rest, bottom
}

// From is the rectangle without its first n columns, or as many as there are.
func (r Rect) From(n int) Rect {
	n = min(max(n, 0), r.W)
	return Rect{r.X + n, r.Y, r.W - n, r.H}
}

// Columns splits the rectangle side by side by weights; no cell is lost.
func (r Rect) Columns(weights ...int) []Rect {
	total := 0
	for _, weight := range weights {
		total += weight
	}
	columns := make([]Rect, len(weights))
	x, sum := 0, 0
	for i, weight := range weights {
		sum += weight
		end := r.W * sum / total
		columns[i] = Rect{r.X + x, r.Y, end - x, r.H}
		x = end
	}
	return columns
}

// Centre is a rectangle of at most w by h in the middle.
func (r Rect) Centre(w, h int) Rect {
	w, h = min(w, r.W), min(h, r.H)
	return Rect{r.X + (r.W-w)/2, r.Y + (r.H-h)/2, w, h}
}

// Narrow is the rectangle without n columns at either side.
func (r Rect) Narrow(n int) Rect { return Rect{r.X + n, r.Y, max(0, r.W-2*n), r.H} }
