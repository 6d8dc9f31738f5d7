package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/benchtui/benchtui/tui/term"
)

// paper draws frames in one size of letters, on a dark or a light background.
type paper struct {
	cellW, cellH           int
	background, foreground color.RGBA
	regular, bold          font.Face
	baseline               int // of a cell
}

var (
	darkBackground, darkForeground   = color.RGBA{0x16, 0x18, 0x1d, 0xff}, color.RGBA{0xd8, 0xdb, 0xe2, 0xff}
	lightBackground, lightForeground = color.RGBA{0xfd, 0xfd, 0xfb, 0xff}, color.RGBA{0x24, 0x27, 0x2e, 0xff}
)

// newPaper has cells of so many pixels; letters are as large as these allow.
func newPaper(cellW, cellH int, light bool) (*paper, error) {
	p := &paper{cellW: cellW, cellH: cellH, background: darkBackground, foreground: darkForeground}
	if light {
		p.background, p.foreground = lightBackground, lightForeground
	}
	const advance = 0.6 // of Go Mono, of its size
	var err error
	if p.regular, err = face(gomono.TTF, float64(cellW)/advance); err != nil {
		return nil, err
	}
	if p.bold, err = face(gomonobold.TTF, float64(cellW)/advance); err != nil {
		return nil, err
	}
	metrics := p.regular.Metrics()
	p.baseline = (cellH + metrics.Ascent.Round() - metrics.Descent.Round()) / 2
	return p, nil
}

func face(ttf []byte, size float64) (font.Face, error) {
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("make letters of size %.1f: %w", size, err)
	}
	return face, nil
}

// draw draws a frame with a margin of half a cell around it.
func (p *paper) draw(frame term.Frame) *image.RGBA {
	margin := p.cellW / 2
	picture := image.NewRGBA(image.Rect(0, 0, frame.W*p.cellW+2*margin, frame.H*p.cellH+2*margin))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(p.background), image.Point{}, draw.Src)
	for y := range frame.H {
		for x := range frame.W {
			if cell := frame.Cells[y*frame.W+x]; cell.Width > 0 {
				at := image.Pt(margin+x*p.cellW, margin+y*p.cellH)
				p.cell(picture, image.Rectangle{at, at.Add(image.Pt(cell.Width*p.cellW, p.cellH))}, cell)
			}
		}
	}
	return picture
}

func (p *paper) cell(picture *image.RGBA, in image.Rectangle, cell term.FrameCell) {
	ink, ground := p.foreground, p.background
	if r, g, b, ok := term.RGB(cell.Foreground); ok {
		ink = color.RGBA{r, g, b, 0xff}
	}
	if r, g, b, ok := term.RGB(cell.Background); ok {
		ground = color.RGBA{r, g, b, 0xff}
	}
	if cell.Faint {
		ink = mix(ink, ground, 0.55)
	}
	if cell.Reversed {
		ink, ground = ground, ink
	}
	if ground != p.background {
		draw.Draw(picture, in, image.NewUniform(ground), image.Point{}, draw.Src)
	}
	r, size := utf8.DecodeRuneInString(cell.Text)
	if r == ' ' {
		return
	}
	if size == len(cell.Text) && drawSign(picture, in, r, ink, ground, cell.Bold) {
		return
	}
	face := p.regular
	if cell.Bold {
		face = p.bold
	}
	pen := font.Drawer{Dst: picture, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(in.Min.X, in.Min.Y+p.baseline)}
	pen.DrawString(cell.Text)
}

// mix is so much of one colour with the rest of another.
func mix(a, b color.RGBA, share float64) color.RGBA {
	one := func(a, b uint8) uint8 { return uint8(float64(a)*share + float64(b)*(1-share) + 0.5) }
	return color.RGBA{one(a.R, b.R), one(a.G, b.G), one(a.B, b.B), 0xff}
}
