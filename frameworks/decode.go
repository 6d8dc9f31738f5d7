package frameworks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/benchtui/benchtui/internal/foreign"
)

// ManifestName is the file that makes a folder a contender.
const ManifestName = "contender.yaml"

// maxManifestBytes keeps a mistaken path, to a binary say, from being parsed at length.
const maxManifestBytes = 1 << 20

// manifestError is one thing wrong with a manifest, in one line.
type manifestError struct {
	file  string
	line  int    // 0: unknown
	field string // "run.command"; "" for the file as a whole
	what  string
}

func (e *manifestError) Error() string {
	text := e.file
	if e.line > 0 {
		text += fmt.Sprintf(":%d", e.line)
	}
	if e.field != "" {
		text += ": " + e.field
	}
	return text + ": " + e.what
}

// draft is a manifest as written: neither checked nor completed.
type draft struct {
	file     string // for errors
	data     []byte
	manifest Manifest
}

// parseManifest reads a contender.yaml strictly. known are the toolchains that a
// manifest may name by id alone, bases the contenders that it may build on; file is
// for errors.
func parseManifest(file string, data []byte, known map[string]Toolchain, bases []Contender) (Manifest, error) {
	d, err := readDraft(file, data)
	if err != nil {
		return Manifest{}, err
	}
	return d.complete(known, bases)
}

func readDraft(file string, data []byte) (draft, error) {
	d := draft{file: file, data: data}
	err := decodeStrict(file, data, &d.manifest)
	d.manifest.harmless()
	return d, err
}

// harmless cleans what is only shown. What is run and sent stays as it was written: it
// is cleaned where it is told.
func (m *Manifest) harmless() {
	steps := func(all []Step) {
		for i := range all {
			all[i].Name = foreign.Line(all[i].Name)
		}
	}
	tools := func(all []Toolchain) {
		for i := range all {
			all[i].Name, all[i].Install = foreign.Line(all[i].Name), foreign.Line(all[i].Install)
		}
	}
	for _, text := range []*string{&m.Name, &m.Language, &m.Link, &m.Version.Text, &m.Reason, &m.Departs} {
		*text = foreign.Line(*text)
	}
	steps(m.Build)
	tools(m.Toolchains)
	for i := range m.Variants {
		v := &m.Variants[i]
		v.Name, v.Version.Text = foreign.Line(v.Name), foreign.Line(v.Version.Text)
		steps(v.Build)
		tools(v.Toolchains)
	}
	m.Behaviour, m.Notes = foreign.Value(m.Behaviour), foreign.Value(m.Notes)
}

// complete fills in what the manifest leaves to its base, to the known toolchains and to
// defaults, and checks what came of it.
func (d draft) complete(known map[string]Toolchain, bases []Contender) (Manifest, error) {
	m := d.manifest
	field, what := m.takeFromBase(bases)
	if what == "" {
		field, what = m.fillDefaults(known)
	}
	if what == "" {
		field, what = m.check()
	}
	if what != "" {
		return Manifest{}, &manifestError{file: d.file, line: lineOf(d.data, field), field: field, what: what}
	}
	return m, nil
}

// parseToolchains reads a toolchains.yaml.
func parseToolchains(file string, data []byte) (map[string]Toolchain, error) {
	var list []Toolchain
	if err := decodeStrict(file, data, &list); err != nil {
		return nil, err
	}
	known := map[string]Toolchain{}
	for i, t := range list {
		field := fmt.Sprintf("[%d]", i)
		if what := t.check(); what != "" {
			return nil, &manifestError{file: file, line: lineOf(data, field), field: field, what: what}
		}
		known[t.ID] = t
	}
	return known, nil
}

func decodeStrict(file string, data []byte, into any) (err error) {
	// go-yaml 1.19 panics on some input, on a tag without a value for one.
	defer func() {
		if gaveUp := recover(); gaveUp != nil {
			err = &manifestError{file: file, what: fmt.Sprintf("can't be read as YAML (%v); is a value missing after a tag (!) or an anchor (&)?", gaveUp)}
		}
	}()
	if len(data) > maxManifestBytes {
		return &manifestError{file: file, what: fmt.Sprintf("is larger than %d bytes; is it a manifest?", maxManifestBytes)}
	}
	if line, what := checkShape(data); what != "" {
		return &manifestError{file: file, line: line, what: what}
	}
	err = yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into)
	var wrong yaml.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return &manifestError{file: file, what: "is empty; see any contender of benchtui for what a manifest holds"}
	case errors.As(err, &wrong):
		e := &manifestError{file: file, what: strings.Join(strings.Fields(wrong.GetMessage()), " ")}
		if token := wrong.GetToken(); token != nil && token.Position != nil {
			e.line = token.Position.Line
		}
		return e
	}
	return &manifestError{file: file, what: strings.Join(strings.Fields(err.Error()), " ")}
}

// lineOf finds the line of a field, or of the nearest field around it that is there.
func lineOf(data []byte, field string) (line int) {
	defer func() {
		if recover() != nil { // as in decodeStrict; the error is as good without its line
			line = 0
		}
	}()
	parsed, err := parser.ParseBytes(data, 0)
	if err != nil || len(parsed.Docs) == 0 {
		return 0
	}
	for field != "" {
		prefix := "$."
		if strings.HasPrefix(field, "[") {
			prefix = "$"
		}
		if path, err := yaml.PathString(prefix + field); err == nil {
			if node, err := path.FilterFile(parsed); err == nil && node != nil {
				return firstLine(node)
			}
		}
		field = field[:max(strings.LastIndexAny(field, ".["), 0)]
	}
	return 0
}

func firstLine(node ast.Node) int {
	// The token of a mapping is the colon of its first entry, which is on its line.
	if token := node.GetToken(); token != nil && token.Position != nil {
		return token.Position.Line
	}
	return 0
}
