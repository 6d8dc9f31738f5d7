package main

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// most is how many colours a palette holds.
const most = 256

// paletted is a picture with its most frequent colours; the others become the
// nearest of these.
func paletted(picture *image.RGBA) *image.Paletted {
	return withPalette(picture, paletteOf(picture))
}

func paletteOf(pictures ...*image.RGBA) color.Palette {
	counts := map[color.RGBA]int{}
	for _, picture := range pictures {
		for at := 0; at < len(picture.Pix); at += 4 {
			p := picture.Pix[at : at+4 : at+4]
			counts[color.RGBA{p[0], p[1], p[2], 0xff}]++
		}
	}
	type used struct {
		colour color.RGBA
		n      int
	}
	var all []used
	for colour, n := range counts {
		all = append(all, used{colour, n})
	}
	slices.SortFunc(all, func(a, b used) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(packed(a.colour), packed(b.colour)))
	})
	var palette color.Palette
	for _, apart := range []int{6, 3, 0} { // first those that eyes tell apart
		for _, one := range all {
			if len(palette) == most {
				return palette
			}
			if far(palette, one.colour, apart) {
				palette = append(palette, one.colour)
			}
		}
	}
	return palette
}

func packed(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }

// far says that a colour differs from all of a palette by more than so much.
func far(palette color.Palette, c color.RGBA, by int) bool {
	for _, other := range palette {
		o := other.(color.RGBA)
		apart := max(abs(int(o.R)-int(c.R)), abs(int(o.G)-int(c.G)), abs(int(o.B)-int(c.B)))
		if apart <= by {
			return false
		}
	}
	return true
}

func abs(n int) int { return max(n, -n) }

func withPalette(picture *image.RGBA, palette color.Palette) *image.Paletted {
	out := image.NewPaletted(picture.Bounds(), palette)
	index := map[color.RGBA]uint8{}
	for at := 0; at < len(picture.Pix); at += 4 {
		c := color.RGBA{picture.Pix[at], picture.Pix[at+1], picture.Pix[at+2], 0xff}
		i, known := index[c]
		if !known {
			i = uint8(palette.Index(c))
			index[c] = i
		}
		out.Pix[at/4] = i
	}
	return out
}
