package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/frameworks"
)

// detectTimeout bounds how long a toolchain may take to tell its version.
const detectTimeout = 15 * time.Second

// tool is a toolchain as found on this machine.
type tool struct {
	path    string
	home    string // the folder it is installed in
	version string
}

// detection is what was found of a toolchain: all of its programs in order of
// preference, or why there are none.
type detection struct {
	tools []tool
	why   string // "node not found"
	told  bool   // why says what to do, too
}

// lacking is why a program that is there is no toolchain, in a manifest's own words.
type lacking string

func (l lacking) Error() string { return string(l) }

// choose returns the preferred tool that is new enough, or says why there is none.
func choose(t frameworks.Toolchain, found detection) (tool, error) {
	var tooOld []string
	for _, candidate := range found.tools {
		if compareVersions(candidate.version, t.Minimum) >= 0 {
			return candidate, nil
		}
		tooOld = append(tooOld, candidate.version)
	}
	need := "needs " + t.Name
	if t.Minimum != "" {
		need += " " + t.Minimum + " or newer"
	}
	why := found.why
	if len(tooOld) > 0 {
		why = "found " + strings.Join(slices.Compact(tooOld), ", ")
	}
	if found.told && len(tooOld) == 0 {
		return tool{}, errors.New(need + " (" + why + ")")
	}
	return tool{}, errors.New(strings.TrimSuffix(need+" ("+why+"); "+t.Install, "; "))
}

// detect asks every program that may be the toolchain for its version.
func detect(ctx context.Context, t frameworks.Toolchain, m machine) detection {
	ctx, cancel := context.WithTimeout(ctx, detectTimeout)
	defer cancel()
	var found detection
	why := strings.Join(programNames(t.Find), ", ") + " not found"
	for _, find := range t.Find {
		var tools []tool
		for _, path := range m.allCandidates(find) {
			one, err := ask(ctx, t, m, path)
			if err != nil {
				if !found.told {
					why = err.Error()
					found.told = errors.As(err, new(lacking))
				}
				continue
			}
			tools = append(tools, one)
		}
		slices.SortStableFunc(tools, func(a, b tool) int { return compareVersions(b.version, a.version) })
		found.tools = append(found.tools, tools...)
	}
	if len(found.tools) == 0 {
		found.why = why
	}
	return found
}

// ask puts the questions to a program until one is answered. None being answered, the
// first one's error tells most of what is wrong.
func ask(ctx context.Context, t frameworks.Toolchain, m machine, path string) (tool, error) {
	var first error
	for _, question := range append([]frameworks.Question{{Arguments: t.Arguments, Pattern: t.Pattern}}, t.Otherwise...) {
		found, err := put(ctx, t, m, path, question)
		if err == nil || errors.As(err, new(lacking)) {
			return found, err
		}
		if first == nil {
			first = err
		}
	}
	return tool{}, first
}

// put asks a program one question.
func put(ctx context.Context, t frameworks.Toolchain, m machine, path string, question frameworks.Question) (tool, error) {
	pattern, err := regexp.Compile(question.Pattern)
	if err != nil {
		return tool{}, err
	}
	env, err := values{}.fillEnv(t.Env)
	if err != nil {
		return tool{}, err
	}
	var said beginning
	// The temporary folder, because a file of the folder one stands in
	// (go.mod, global.json, .nvmrc) may change which version answers.
	err = runProcess(ctx, process{path: path, args: question.Arguments, dir: neutralDir(), env: append(slices.Clone(m.environ), env...), output: &said})
	match := pattern.FindStringSubmatch(said.String())
	if match == nil {
		if err == nil {
			err = fmt.Errorf("no version in its answer")
		}
		return tool{}, fmt.Errorf("%s: %w", strings.Join(append([]string{path}, question.Arguments...), " "), err)
	}
	found := tool{path: path, version: match[1]}
	if i := pattern.SubexpIndex("version"); i > 0 {
		found.version = match[i]
	}
	if question.Says != "" {
		return tool{}, lacking(fillOrKeep(values{"version": found.version}, question.Says))
	}
	if i := pattern.SubexpIndex("path"); i > 0 && match[i] != "" {
		found.path = match[i]
	}
	found.home = homeOf(t, found.path)
	if i := pattern.SubexpIndex("home"); i > 0 && match[i] != "" {
		found.home = filepath.Clean(match[i])
	}
	return found, nil
}

// homeOf is the folder that a program is installed in which does not tell of it.
func homeOf(t frameworks.Toolchain, path string) string {
	if !t.Flat {
		return filepath.Dir(filepath.Dir(path))
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return filepath.Dir(path)
}

// allCandidates are the programs that an entry of Find stands for, of all its
// places; none of these is preferred.
func (m machine) allCandidates(find string) []string {
	var programs []string
	for place := range strings.SplitSeq(find, "|") {
		programs = append(programs, m.candidates(strings.TrimSpace(place))...)
	}
	return programs
}

// candidates are the programs that one place of an entry of Find stands for.
func (m machine) candidates(find string) []string {
	missing := false
	find = os.Expand(find, func(name string) string {
		value := m.getenv(name)
		missing = missing || value == ""
		return value
	})
	if missing {
		return nil
	}
	paths := []string{find}
	if strings.Contains(find, "*") {
		paths, _ = filepath.Glob(find)
	}
	var programs []string
	for _, path := range paths {
		if program, ok := m.look(path); ok {
			programs = append(programs, program)
		}
	}
	return programs
}

func programNames(find []string) []string {
	var names []string
	for _, entry := range find {
		for place := range strings.SplitSeq(entry, "|") {
			name := filepath.Base(filepath.FromSlash(strings.TrimSpace(place)))
			name = strings.TrimSuffix(strings.TrimSuffix(name, ".exe"), ".cmd")
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// compareVersions compares dotted numbers; what is missing counts as 0.
func compareVersions(a, b string) int {
	left, right := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(left), len(right)) {
		if order := cmp.Compare(versionPart(left, i), versionPart(right, i)); order != 0 {
			return order
		}
	}
	return 0
}

func versionPart(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	number, _ := strconv.Atoi(parts[i])
	return number
}

// neutralDir is a folder that says nothing of versions: the temporary one, or where
// there is none the root.
func neutralDir() string {
	dir := os.TempDir()
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return string(filepath.Separator)
	}
	return dir
}
