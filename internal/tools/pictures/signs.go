package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// drawSign draws by geometry what must join its neighbours, borders, blocks and
// braille, and what the font has no letter for; it says whether it was one of those.
func drawSign(picture *image.RGBA, in image.Rectangle, r rune, ink, ground color.RGBA, bold bool) bool {
	s := sign{picture, in, ink, ground, max(1, in.Dx()/8)}
	switch {
	case r >= '\u2800' && r <= '\u28ff':
		s.braille(byte(r - '\u2800'))
	case r >= '▀' && r <= '▟':
		s.block(r)
	case r >= '╱' && r <= '╳':
		s.diagonals(r)
	case r >= '─' && r <= '╿':
		return s.line(r)
	default:
		return s.shape(r)
	}
	return true
}

type sign struct {
	picture     *image.RGBA
	in          image.Rectangle
	ink, ground color.RGBA
	stroke      int
}

func (s sign) fill(r image.Rectangle, with color.RGBA) {
	draw.Draw(s.picture, r.Intersect(s.in), image.NewUniform(with), image.Point{}, draw.Src)
}

// part is a part of the cell in shares of its width and height.
func (s sign) part(x0, y0, x1, y1 float64) image.Rectangle {
	w, h := float64(s.in.Dx()), float64(s.in.Dy())
	at := func(v float64) int { return int(math.Round(v)) }
	return image.Rect(s.in.Min.X+at(x0*w), s.in.Min.Y+at(y0*h), s.in.Min.X+at(x1*w), s.in.Min.Y+at(y1*h))
}

// braille draws the dots; the bits go down the left column, down the right one, and
// then the lowest of both.
func (s sign) braille(dots byte) {
	places := [8][2]float64{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}
	for bit, place := range places {
		if dots>>bit&1 == 0 {
			continue
		}
		cell := s.part(place[0]/2, place[1]/4, (place[0]+1)/2, (place[1]+1)/4)
		side := max(2, min(cell.Dx(), cell.Dy())*7/10)
		x, y := cell.Min.X+(cell.Dx()-side)/2, cell.Min.Y+(cell.Dy()-side)/2
		s.fill(image.Rect(x, y, x+side, y+side), s.ink)
	}
}

func (s sign) block(r rune) {
	switch {
	case r == '▀':
		s.fill(s.part(0, 0, 1, 0.5), s.ink)
	case r <= '█': // lower eighths
		s.fill(s.part(0, 1-float64(r-'▀')/8, 1, 1), s.ink)
	case r <= '▏': // left eighths
		s.fill(s.part(0, 0, float64('▐'-r)/8, 1), s.ink)
	case r == '▐':
		s.fill(s.part(0.5, 0, 1, 1), s.ink)
	case r <= '▓': // a shade: a grid of dots, as terminals draw it
		s.shade(int(r - '░'))
	case r == '▔':
		s.fill(s.part(0, 0, 1, 0.125), s.ink)
	case r == '▕':
		s.fill(s.part(0.875, 0, 1, 1), s.ink)
	default:
		quarters := map[rune]byte{'▖': 4, '▗': 8, '▘': 1, '▙': 13, '▚': 9, '▛': 7, '▜': 11, '▝': 2, '▞': 6, '▟': 14}[r]
		for bit := range 4 {
			if quarters>>bit&1 == 1 {
				x, y := float64(bit%2)/2, float64(bit/2)/2
				s.fill(s.part(x, y, x+0.5, y+0.5), s.ink)
			}
		}
	}
}

// diagonals are ╱, ╲ and ╳, from corner to corner.
func (s sign) diagonals(r rune) {
	w, h := s.in.Dx(), s.in.Dy()
	for y := range h {
		x := y * w / h
		if r != '╱' {
			s.fill(image.Rect(x, y, x+s.stroke, y+1).Add(s.in.Min), s.ink)
		}
		if r != '╲' {
			s.fill(image.Rect(w-1-x, y, w-1-x+s.stroke, y+1).Add(s.in.Min), s.ink)
		}
	}
}

func (s sign) shade(level int) {
	s.fill(s.in, mix(s.ink, s.ground, []float64{0.28, 0.5, 0.75}[level]))
	if level != 1 {
		return
	}
	for y := s.in.Min.Y; y < s.in.Max.Y; y++ { // the texture of what is stacked
		for x := s.in.Min.X; x < s.in.Max.X; x++ {
			if (x+y)/2%2 == 0 {
				s.picture.SetRGBA(x, y, mix(s.ink, s.ground, 0.8))
			} else {
				s.picture.SetRGBA(x, y, mix(s.ink, s.ground, 0.3))
			}
		}
	}
}

// arms are the lines from a cell's middle: up, right, down, left; 1 is light, 2 heavy.
var arms = map[rune][4]int{
	'─': {0, 1, 0, 1}, '━': {0, 2, 0, 2}, '│': {1, 0, 1, 0}, '┃': {2, 0, 2, 0},
	'╭': {0, 1, 1, 0}, '╮': {0, 0, 1, 1}, '╯': {1, 0, 0, 1}, '╰': {1, 1, 0, 0},
	'┌': {0, 1, 1, 0}, '┐': {0, 0, 1, 1}, '┘': {1, 0, 0, 1}, '└': {1, 1, 0, 0},
	'┏': {0, 2, 2, 0}, '┓': {0, 0, 2, 2}, '┛': {2, 0, 0, 2}, '┗': {2, 2, 0, 0},
	'├': {1, 1, 1, 0}, '┤': {1, 0, 1, 1}, '┬': {0, 1, 1, 1}, '┴': {1, 1, 0, 1}, '┼': {1, 1, 1, 1},
	'╵': {1, 0, 0, 0}, '╶': {0, 1, 0, 0}, '╷': {0, 0, 1, 0}, '╴': {0, 0, 0, 1},
}

// dashes are into how many pieces a line is broken.
var dashes = map[rune]struct {
	pieces int
	down   bool
}{'╌': {2, false}, '┄': {3, false}, '┈': {4, false}, '╎': {2, true}, '┆': {3, true}, '┊': {4, true}}

func (s sign) line(r rune) bool {
	if dash, ok := dashes[r]; ok {
		for i := range dash.pieces {
			from, to := float64(i)/float64(dash.pieces), (float64(i)+0.55)/float64(dash.pieces)
			piece := s.part(from, 0.5, to, 0.5)
			piece.Min.Y, piece.Max.Y = s.middle().Y, s.middle().Y+s.stroke
			if dash.down {
				piece = s.part(0.5, from, 0.5, to)
				piece.Min.X, piece.Max.X = s.middle().X, s.middle().X+s.stroke
			}
			s.fill(piece, s.ink)
		}
		return true
	}
	arm, ok := arms[r]
	if !ok {
		return false
	}
	middle := s.middle()
	for side, weight := range arm {
		if weight == 0 {
			continue
		}
		more := (weight - 1) * s.stroke
		across := image.Rect(middle.X-more, middle.Y-more, middle.X+s.stroke+more, middle.Y+s.stroke+more)
		switch side {
		case 0:
			across.Min.Y = s.in.Min.Y
		case 1:
			across.Max.X = s.in.Max.X
		case 2:
			across.Max.Y = s.in.Max.Y
		case 3:
			across.Min.X = s.in.Min.X
		}
		s.fill(across, s.ink)
	}
	return true
}

// middle is where the strokes of lines begin.
func (s sign) middle() image.Point {
	return image.Pt(s.in.Min.X+(s.in.Dx()-s.stroke)/2, s.in.Min.Y+(s.in.Dy()-s.stroke)/2)
}

// polygons are signs in shares of a square as wide as the cell, in its middle.
var polygons = map[rune][][][2]float64{
	'⚑': {{{0.18, -0.2}, {0.3, -0.2}, {0.3, 1.25}, {0.18, 1.25}}, {{0.3, -0.2}, {1, 0.1}, {0.3, 0.5}}},
	'✓': {{{0.08, 0.55}, {0.22, 0.4}, {0.42, 0.68}, {0.82, -0.05}, {0.98, 0.05}, {0.44, 0.95}}},
	'✗': {{{0.08, 0.05}, {0.24, -0.08}, {0.94, 0.92}, {0.78, 1.05}}, {{0.78, -0.08}, {0.94, 0.05}, {0.24, 1.05}, {0.08, 0.92}}},
	'▸': {{{0.2, 0}, {0.85, 0.5}, {0.2, 1}}}, '◂': {{{0.8, 0}, {0.15, 0.5}, {0.8, 1}}},
	'▶': {{{0.05, -0.1}, {1, 0.5}, {0.05, 1.1}}}, '◀': {{{0.95, -0.1}, {0, 0.5}, {0.95, 1.1}}},
	'▾': {{{0.05, 0.2}, {0.95, 0.2}, {0.5, 0.9}}}, '▴': {{{0.05, 0.8}, {0.95, 0.8}, {0.5, 0.1}}},
	'▲': {{{0, 1}, {0.5, -0.05}, {1, 1}}}, '▼': {{{0, 0}, {1, 0}, {0.5, 1.05}}},
	'‖': {{{0.2, -0.15}, {0.4, -0.15}, {0.4, 1.15}, {0.2, 1.15}}, {{0.6, -0.15}, {0.8, -0.15}, {0.8, 1.15}, {0.6, 1.15}}},
	'⏸': {{{0.2, -0.15}, {0.4, -0.15}, {0.4, 1.15}, {0.2, 1.15}}, {{0.6, -0.15}, {0.8, -0.15}, {0.8, 1.15}, {0.6, 1.15}}},
	'◆': {{{0.5, -0.05}, {1, 0.5}, {0.5, 1.05}, {0, 0.5}}},
	'⚡': {{{0.62, -0.2}, {0.28, 0.6}, {0.48, 0.6}, {0.38, 1.25}, {0.74, 0.38}, {0.52, 0.38}}},
}

var medals = map[rune]struct {
	colour color.RGBA
	place  int
}{
	'🥇': {color.RGBA{0xf2, 0xc2, 0x2c, 0xff}, 1}, '🥈': {color.RGBA{0xb9, 0xc4, 0xcf, 0xff}, 2},
	'🥉': {color.RGBA{0xcf, 0x87, 0x46, 0xff}, 3}, '🏅': {color.RGBA{0x6f, 0x92, 0xc4, 0xff}, 4},
}

func (s sign) shape(r rune) bool {
	if medal, ok := medals[r]; ok {
		s.medal(medal.colour, medal.place)
		return true
	}
	switch r {
	case '●':
		s.disc(0.5, 0.5, 0.46, s.ink)
		return true
	case '○':
		s.disc(0.5, 0.5, 0.46, s.ink)
		s.disc(0.5, 0.5, 0.30, s.ground)
		return true
	case '⚠':
		s.polygon([][2]float64{{0.5, -0.2}, {1.08, 1.05}, {-0.08, 1.05}}, s.ink)
		s.polygon([][2]float64{{0.43, 0.2}, {0.57, 0.2}, {0.55, 0.68}, {0.45, 0.68}}, s.ground)
		s.polygon([][2]float64{{0.43, 0.78}, {0.57, 0.78}, {0.57, 0.92}, {0.43, 0.92}}, s.ground)
		return true
	}
	shapes, ok := polygons[r]
	for _, shape := range shapes {
		s.polygon(shape, s.ink)
	}
	return ok
}

// place turns shares of a square in the cell's middle into pixels of the cell.
func (s sign) place(x, y float64) (float32, float32) {
	w, h := float64(s.in.Dx()), float64(s.in.Dy())
	return float32(x * w), float32((h-w)/2 + y*w)
}

func (s sign) polygon(corners [][2]float64, with color.RGBA) {
	raster := vector.NewRasterizer(s.in.Dx(), s.in.Dy())
	for i, corner := range corners {
		x, y := s.place(corner[0], corner[1])
		if i == 0 {
			raster.MoveTo(x, y)
		} else {
			raster.LineTo(x, y)
		}
	}
	raster.ClosePath()
	raster.Draw(s.picture, s.in, image.NewUniform(with), image.Point{})
}

func (s sign) disc(x, y, radius float64, with color.RGBA) {
	var corners [][2]float64
	const n = 32
	for i := range n {
		angle := 2 * math.Pi * float64(i) / n
		corners = append(corners, [2]float64{x + radius*math.Cos(angle), y + radius*math.Sin(angle)})
	}
	s.polygon(corners, with)
}

// medal is a disc on a ribbon in a cell of two columns, with its place as bars.
func (s sign) medal(colour color.RGBA, place int) {
	ribbon := color.RGBA{0x3d, 0x6f, 0xb6, 0xff}
	s.polygon([][2]float64{{0.30, 0}, {0.44, 0}, {0.54, 0.36}, {0.42, 0.4}}, ribbon)
	s.polygon([][2]float64{{0.70, 0}, {0.56, 0}, {0.46, 0.36}, {0.58, 0.4}}, ribbon)
	s.disc(0.5, 0.62, 0.32, colour)
	dark := mix(colour, color.RGBA{A: 0xff}, 0.45)
	width := 0.06
	for i := range place {
		x := 0.5 + (float64(i)-float64(place-1)/2)*0.12
		s.polygon([][2]float64{{x - width/2, 0.46}, {x + width/2, 0.46}, {x + width/2, 0.78}, {x - width/2, 0.78}}, dark)
	}
}
