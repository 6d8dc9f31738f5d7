package frameworks

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	idPattern       = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	toolIDPattern   = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	knownProbes     = []string{NodeEventLoop}
	generalValues   = []string{"src", "out", "cache", "exe", "id", "cpus", "self", "self.go"}
	toolValueSuffix = []string{"path", "version", "home"}
)

// check finds the first thing wrong with a completed manifest that strict decoding can't
// see.
func (m *Manifest) check() (field, what string) {
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
	tools := m.Toolchains
	if field, what := checkToolchains("", tools); what != "" {
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
		if field, what := checkToolchains(at, v.Toolchains); what != "" {
			return field, what
		}
		if field, what := checkSteps(at, v.Build, append(names(tools), names(v.Toolchains)...)); what != "" {
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

func checkToolchains(at string, tools []Toolchain) (field, what string) {
	for i, t := range tools {
		if what := t.check(); what != "" {
			return toolchainAt(at, i), what
		}
	}
	return "", ""
}

func toolchainAt(at string, i int) string { return fmt.Sprintf("%stoolchains[%d]", at, i) }

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
