package frameworks

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
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

var (
	idPattern       = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	toolIDPattern   = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	knownProbes     = []string{NodeEventLoop}
	generalValues   = []string{"src", "out", "cache", "exe", "id", "cpus", "self", "self.go"}
	toolValueSuffix = []string{"path", "version", "home"}
)

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

// complete checks the manifest and fills in what it leaves to its base, to the
// known toolchains and to defaults.
func (d draft) complete(known map[string]Toolchain, bases []Contender) (Manifest, error) {
	m := d.manifest
	field, what := m.takeFromBase(bases)
	if what == "" {
		field, what = m.check(known)
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

// check finds the first thing wrong with a manifest that strict decoding can't
// see, fills in defaults and the toolchains that are named by id alone.
func (m *Manifest) check(known map[string]Toolchain) (field, what string) {
	switch {
	case m.ID == "":
		return "id", "is required: a short name in lower case, such as id: my-server"
	case !idPattern.MatchString(m.ID):
		return "id", fmt.Sprintf("%q must be lower-case letters, digits, dots and dashes, such as my-server", m.ID)
	case m.Name == "":
		return "name", "is required: the name as people write it, such as name: My Server"
	case m.Language == "":
		return "language", "is required, such as language: Go"
	case m.Workspace != "" && !fs.ValidPath(m.Workspace):
		return "workspace", fmt.Sprintf("%q must be a folder's name with plain slashes, without ..", m.Workspace)
	case m.Verified != nil && !*m.Verified && m.Reason == "":
		return "reason", "is required with verified: false"
	}
	if m.Request.Method == "" {
		m.Request.Method = "GET"
	}
	if m.Request.Path == "" {
		m.Request.Path = "/hello"
	}
	if m.Checks == (Checks{}) {
		m.Checks = Checks{Status: 200, JSONField: "name"}
	}
	if !strings.HasPrefix(m.Request.Path, "/") {
		return "request.path", fmt.Sprintf("%q must begin with /", m.Request.Path)
	}
	for i, name := range m.Exclude {
		if _, err := path.Match(name, ""); err != nil || strings.Contains(name, "/") {
			return fmt.Sprintf("exclude[%d]", i), fmt.Sprintf("%q must be a name, with * and ? if need be", name)
		}
	}
	for i, probe := range m.Probes {
		if !slices.Contains(knownProbes, probe) {
			return fmt.Sprintf("probes[%d]", i), fmt.Sprintf("unknown probe %q; known: %s", probe, strings.Join(knownProbes, ", "))
		}
	}
	tools, field, what := fillToolchains("", m.Toolchains, known)
	if what != "" {
		return field, what
	}
	if field, what := checkSteps("", m.Build, names(tools)); what != "" {
		return field, what
	}
	if len(m.Variants) == 0 {
		return m.checkVariant("", Variant{Build: m.Build, Artifact: m.Artifact, Run: m.Run, Version: m.Version}, tools)
	}
	if field, what := checkRun("run", m.Run, append(names(tools), "port", "artifact")); what != "" {
		return field, what
	}
	seen := map[string]bool{}
	for i, v := range m.Variants {
		at := fmt.Sprintf("variants[%d].", i)
		if v.Name == "" {
			return at + "name", "is required, such as name: single executable"
		}
		if seen[v.Name] {
			return at + "name", fmt.Sprintf("%q is there twice", v.Name)
		}
		seen[v.Name] = true
		more, field, what := fillToolchains(at, v.Toolchains, known)
		if what != "" {
			return field, what
		}
		if field, what := checkSteps(at, v.Build, append(names(tools), names(more)...)); what != "" {
			return field, what
		}
	}
	for i, v := range (Contender{Manifest: *m}).Variants() {
		if field, what := m.checkVariant(fmt.Sprintf("variants[%d].", i), v, v.Toolchains); what != "" {
			return field, what
		}
	}
	return "", ""
}

// checkVariant checks a variant with what the manifest says for all filled in.
func (m *Manifest) checkVariant(at string, v Variant, tools []Toolchain) (field, what string) {
	names := names(tools)
	if len(v.Run.Command) == 0 {
		return at + "run.command", `is required: program and arguments, such as command: ["{artifact}", --port, "{port}"]`
	}
	if field, what := checkTexts(at+"artifact", names, v.Artifact); what != "" {
		return field, what
	}
	built := len(m.Build) > 0 || len(v.Build) > 0
	if inside, ok := strings.CutPrefix(v.Artifact, "{out}/"); built && (!ok || !fs.ValidPath(inside)) {
		return at + "artifact", `is required with build steps, and begins with {out}/, the folder that is kept: "{out}/server{exe}"`
	}
	if !built && v.Artifact != "" {
		return at + "artifact", "needs build steps that make it"
	}
	// The copy of the sources is gone when what was built from it runs.
	running, gone := append(slices.Clone(names), "port", "artifact"), "src"
	if !built {
		running, gone = append(slices.Clone(names), "port"), "out"
	}
	running = slices.DeleteFunc(running, func(name string) bool { return name == gone })
	if field, what := checkRun(at+"run", v.Run, running); what != "" {
		return field, what
	}
	if v.Name != "" {
		if field, what := checkTexts(at+"name", names, v.Name); what != "" {
			return field, what
		}
	}
	return checkVersion(at+"version", v.Version, names)
}

// fillToolchains completes, in place, toolchains that are named by id alone.
func fillToolchains(at string, tools []Toolchain, known map[string]Toolchain) (filled []Toolchain, field, what string) {
	for i, t := range tools {
		here := fmt.Sprintf("%stoolchains[%d]", at, i)
		base, ok := known[t.ID]
		if !ok && len(t.Find) == 0 {
			return nil, here + ".id", fmt.Sprintf("unknown toolchain %q; known: %s; or give it name, find, arguments and pattern",
				t.ID, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		base.ID = t.ID
		for _, set := range []struct{ into, from *string }{
			{&base.Name, &t.Name}, {&base.Minimum, &t.Minimum}, {&base.Pattern, &t.Pattern}, {&base.Install, &t.Install},
		} {
			if *set.from != "" {
				*set.into = *set.from
			}
		}
		if len(t.Find) > 0 {
			base.Find = t.Find
		}
		if t.Arguments != nil {
			base.Arguments = t.Arguments
		}
		if t.Env != nil {
			base.Env = t.Env
		}
		if t.Otherwise != nil {
			base.Otherwise = t.Otherwise
		}
		base.Flat = base.Flat || t.Flat
		if what := base.check(); what != "" {
			return nil, here, what
		}
		tools[i] = base
	}
	return tools, "", ""
}

func (t Toolchain) check() string {
	switch {
	case !toolIDPattern.MatchString(t.ID):
		return fmt.Sprintf("id %q must be lower-case letters, digits and dashes", t.ID)
	case t.Name == "":
		return "name is required"
	case len(t.Find) == 0:
		return "find is required: the programs to look for"
	case t.Minimum != "" && !regexp.MustCompile(`^\d+(\.\d+)*$`).MatchString(t.Minimum):
		return fmt.Sprintf("minimum %q must be a version such as 1.24", t.Minimum)
	}
	patterns := []string{t.Pattern}
	for _, question := range t.Otherwise {
		patterns = append(patterns, question.Pattern)
	}
	for _, text := range patterns {
		pattern, err := regexp.Compile(text)
		if err != nil {
			return "pattern: " + err.Error()
		}
		if pattern.NumSubexp() == 0 {
			return "pattern needs a group that finds the version"
		}
	}
	return ""
}

func checkSteps(at string, steps []Step, names []string) (field, what string) {
	for i, s := range steps {
		here := fmt.Sprintf("%sbuild[%d]", at, i)
		switch {
		case s.Name == "":
			return here, "name is required: what the step does"
		case len(s.Run) == 0 && s.Copy == nil:
			return here, "needs run (program and arguments) or copy (from, to)"
		case len(s.Run) > 0 && s.Copy != nil:
			return here, "has both run and copy; make it two steps"
		case s.Copy != nil && (s.Copy.From == "" || s.Copy.To == ""):
			return here + ".copy", "needs from and to"
		case s.Lock != "" && !idPattern.MatchString(s.Lock):
			return here + ".lock", fmt.Sprintf("%q must be a name in lower case, such as maven", s.Lock)
		}
		if _, err := regexp.Compile(s.Telling); err != nil {
			return here + ".telling", err.Error()
		}
		for i, meaning := range s.Means {
			pattern, err := regexp.Compile(meaning.Pattern)
			if err != nil {
				return fmt.Sprintf("%s.means[%d].pattern", here, i), err.Error()
			}
			if _, what := checkTexts("", groupsOf(pattern), meaning.Text); what != "" || meaning.Text == "" {
				return fmt.Sprintf("%s.means[%d].text", here, i), cmp.Or(what, "is required: what the failure means, in a few words")
			}
		}
		texts := append([]string{s.Dir}, s.Run...)
		if s.Copy != nil {
			texts = append(texts, s.Copy.From, s.Copy.To)
		}
		for _, value := range s.Env {
			texts = append(texts, value)
		}
		if _, what := checkTexts(here, names, texts...); what != "" {
			return here, what
		}
	}
	return "", ""
}

// groupsOf are the placeholders for what a pattern finds: {1}, {2} and so on.
func groupsOf(pattern *regexp.Regexp) []string {
	var names []string
	for i := range pattern.NumSubexp() {
		names = append(names, strconv.Itoa(i+1))
	}
	return names
}

func checkRun(at string, r Run, names []string) (field, what string) {
	if field, what := checkTexts(at+".command", names, r.Command...); what != "" {
		return field, what
	}
	for _, name := range slices.Sorted(maps.Keys(r.Env)) {
		if _, what := checkTexts("", names, r.Env[name]); what != "" {
			return at + ".env", what
		}
	}
	if what := checkUlimit(r.Ulimit); what != "" {
		return at + ".ulimit", what
	}
	return "", ""
}

func checkVersion(at string, v Version, names []string) (field, what string) {
	pattern, err := regexp.Compile(v.Pattern)
	switch {
	case err != nil:
		return at + ".pattern", err.Error()
	case v.File != "" && v.Command != nil:
		return at, "has both file and command; one of them"
	case (v.File != "" || v.Command != nil) && pattern.NumSubexp() == 0:
		return at + ".pattern", "needs a group that finds the version"
	}
	if field, what := checkTexts(at+".command", names, v.Command...); what != "" {
		return field, what
	}
	return checkTexts(at+".text", append(slices.Clone(names), "match"), v.Text)
}

// checkTexts finds a placeholder that stands for nothing.
func checkTexts(at string, names []string, texts ...string) (field, what string) {
	for _, text := range texts {
		for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(names, found[1]) {
				return at, fmt.Sprintf("%s in %q is no placeholder here; known: {%s}", found[0], text, strings.Join(names, "} {"))
			}
		}
	}
	return "", ""
}

// names are the placeholders there are with these toolchains.
func names(tools []Toolchain) []string {
	all := slices.Clone(generalValues)
	for _, t := range tools {
		for _, suffix := range toolValueSuffix {
			all = append(all, t.ID+"."+suffix)
		}
	}
	return all
}
