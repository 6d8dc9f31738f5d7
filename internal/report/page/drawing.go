package page

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// drawing is an SVG that is being written. It escapes all text and every
// attribute; what it holds is well-formed XML once each group is closed.
type drawing struct{ out strings.Builder }

// attributes are names and values in turn; a value is a string or a float64.
type attributes = []any

// open begins an element that others go into.
func (d *drawing) open(name string, with ...any) {
	d.tag(name, with)
	d.out.WriteString(">")
}

func (d *drawing) close(name string) { d.out.WriteString("</" + name + ">\n") }

// element is one without content.
func (d *drawing) element(name string, with ...any) {
	d.tag(name, with)
	d.out.WriteString("/>\n")
}

// text is an element that holds a text.
func (d *drawing) text(name, content string, with ...any) {
	d.tag(name, with)
	d.out.WriteString(">" + escapeXML(content) + "</" + name + ">\n")
}

func (d *drawing) tag(name string, with attributes) {
	d.out.WriteString("<" + name)
	for i := 0; i+1 < len(with); i += 2 {
		value := ""
		switch v := with[i+1].(type) {
		case float64:
			value = pixels(v)
		case string:
			value = v
		}
		if value != "" {
			d.out.WriteString(" " + with[i].(string) + `="` + escapeXML(value) + `"`)
		}
	}
}

func (d *drawing) String() string { return d.out.String() }

// pixels writes a length to a tenth.
func pixels(v float64) string {
	v = math.Round(v*10) / 10
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return "0"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// escapeXML writes text of others so that it stays text. What XML has no way to
// hold, such as control characters, becomes U+FFFD.
func escapeXML(text string) string {
	var escaped strings.Builder
	xml.EscapeText(&escaped, []byte(text)) // to a Builder, which never errs
	return escaped.String()
}

// path is the d of a path.
type path struct{ out strings.Builder }

func (p *path) command(letter string, at ...float64) {
	p.out.WriteString(letter)
	for i, v := range at {
		text := pixels(v)
		if i > 0 && !strings.HasPrefix(text, "-") {
			p.out.WriteByte(' ')
		}
		p.out.WriteString(text)
	}
}

func (p *path) String() string { return p.out.String() }
