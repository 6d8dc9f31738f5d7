package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// flameScript zooms and searches flame graphs, which stand and can be read without it. The
// page's content security policy lets no other script run.
//
//go:embed flame.js
var flameScript string

// flamePolicy is the source of the script as a content security policy names it.
func flamePolicy() string {
	sum := sha256.Sum256([]byte(flameScript))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// profilePart is where a server's CPU went.
type profilePart struct {
	Words   string
	Reasons []string
	Advice  string
	Columns []string
	Rows    [][]string
	Missing []string
	Flame   *flame
}

// flame is a flame graph, from the root down.
type flame struct {
	Rows   int // of the height
	Frames []flameFrame
	Keys   []flameKey // whose code is what
}

// flameFrame is a function in a flame graph.
type flameFrame struct {
	Left, Width string // percent of the graph's
	Row         int
	Kind        string // the class that says whose it is
	Letter      string // the same where there are no colours
	Name, Title string
}

type flameKey struct{ Kind, Letter, Words string }

const (
	// leastFlame is the share of the time from which a function is drawn.
	leastFlame = 0.001
	// deepestFlame is how many functions above one another are drawn.
	deepestFlame = 100
)

// newProfilePart is nil where no profile was taken; whole is the profile itself, nil where
// only its sums are known.
func newProfilePart(one stream.ContenderResult, whole *profile.Profile) *profilePart {
	const most = 15
	result := one.Profile
	if result == nil {
		return nil
	}
	part := &profilePart{Words: wording.Profile(*result)}
	part.Reasons, part.Advice = wording.ProfileReasons(one)
	table := wording.ProfileTable(*result, most)
	for _, column := range table.Columns {
		part.Columns = append(part.Columns, column.Title)
	}
	part.Rows = table.Rows
	for _, missing := range result.Missing {
		part.Missing = append(part.Missing, wording.Missing(missing))
	}
	if whole != nil && len(whole.Samples) > 0 {
		part.Flame = newFlame(whole)
	}
	return part
}

func newFlame(p *profile.Profile) *flame {
	root := p.Tree()
	f := &flame{}
	if root.Total <= 0 {
		return nil
	}
	all := root.Total.Seconds()
	kinds := map[profile.Kind]bool{}
	var add func(node *profile.Node, from float64, row int)
	add = func(node *profile.Node, from float64, row int) {
		share := node.Total.Seconds() / all
		if share < leastFlame || row >= deepestFlame {
			return
		}
		name := foreign.Line(node.Name)
		if row == 0 {
			name = "all"
		} else {
			kinds[node.Kind] = true
		}
		title := name
		if place := node.Place(); place != "" {
			title += " (" + foreign.Line(place) + ")"
		}
		title += fmt.Sprintf(", %s: %s of the time, %s in itself", node.Kind, figure.Percent(share), figure.Percent(node.Self.Seconds()/all))
		if row == 0 {
			title = "all of the time"
		}
		letter := node.Kind.Letter()
		if row == 0 {
			letter = "" // it is everybody's
		}
		f.Frames = append(f.Frames, flameFrame{
			Left: fmt.Sprintf("%.3f", 100*from), Width: fmt.Sprintf("%.3f", 100*share), Row: row,
			Kind: flameClass(node.Kind), Letter: letter, Name: name, Title: title,
		})
		f.Rows = max(f.Rows, row+1)
		for _, child := range node.Children {
			add(child, from, row+1)
			from += child.Total.Seconds() / all
		}
	}
	add(root, 0, 0)
	for _, kind := range profile.Kinds {
		if kinds[kind] {
			f.Keys = append(f.Keys, flameKey{flameClass(kind), kind.Letter(), kind.String()})
		}
	}
	return f
}

// flameClass is the style of a kind of code.
func flameClass(kind profile.Kind) string {
	return "k" + strings.ToLower(strings.Trim(kind.Letter(), "?"))
}

// scripted is the page's script, if it has a flame graph.
func (p *page) scripted() {
	for _, section := range p.Contenders {
		if section.Profile != nil && section.Profile.Flame != nil {
			p.Script, p.ScriptPolicy = template.JS(flameScript), flamePolicy()
			return
		}
	}
}
