package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// namesFlags are the rooms that may write out a flag of the command line: itself, what
// it is shown by and tested with, and the list of names that everybody else takes them of.
var namesFlags = []string{"internal/cli", "internal/flagname", "internal/e2e", "internal/tools/...", "demo", "tui/tuitest", "tui/screen/screentest", "internal/report/recorded"}

// flagsOfOthers says, a line each, which flags of which other programs a file names.
const flagsOfOthers = `
frameworks/build/jobserver_unix.go: --jobserver-auth # make
frameworks/contenders/golang/server/server.go: --port # its own
frameworks/check.go: --port # an example of a server's
internal/diagnosis/cpu_quota.go: --cpus # docker
internal/profile/rules.go: --max-semi-space-size # node
internal/run/measure.go: --foreground --no-daemon # servers
procs/eventloop.go: --require # node
procs/machine/check_cpu.go: --cpus --cpuset-cpus # docker
procs/machine/check_limits.go: --ulimit --pids-limit # docker
procs/machine/check_memory.go: --sort --memory # ps, docker
procs/profile/jfr.go: --json --stack-depth --events # jfr
procs/profile/pyspy.go: --format --gil --native --full-filenames --threads --subprocesses --rate --duration --output --pid # py-spy
procs/profile/refusal_linux.go: --cap-add # docker
procs/profile/kinds.go: --pid --cpu-prof # phpspy, rbspy, bun
procs/profile/resolve_linux.go: --perf-basic-prof-only-functions --release --v8-flags # node, cargo, deno
procs/system/owner.go: --user # systemctl
procs/profile/server.go: --pid --output --permission --allow-inspector # py-spy, node
`

// Only the command line knows what its flags are called: whoever advises one takes its
// name of internal/flagname, which is held against the flags that there are.
func TestNobodyBelowTheCommandLineWritesOutAFlag(t *testing.T) {
	others := map[string][]string{}
	for line := range strings.Lines(flagsOfOthers) {
		line, _, _ = strings.Cut(line, "#")
		if file, flags, ok := strings.Cut(line, ":"); ok {
			others[file] = strings.Fields(flags)
		}
	}
	flag := regexp.MustCompile(`(?:^|[^\w-])(--[a-z][a-z0-9-]+)`)
	unused := map[string][]string{}
	for file, flags := range others {
		unused[file] = slices.Clone(flags)
	}
	for _, file := range sources(t) {
		if isOneOf(namesFlags, filepath.ToSlash(filepath.Dir(file.name))) {
			continue
		}
		ast.Inspect(file.tree, func(node ast.Node) bool {
			literal, ok := node.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range flag.FindAllStringSubmatch(text, -1) {
				if name := found[1]; slices.Contains(others[file.name], name) {
					unused[file.name] = slices.DeleteFunc(unused[file.name], func(one string) bool { return one == name })
				} else {
					t.Errorf("%s names %s in %q; take it of internal/flagname, or say whose flag it is in flagsOfOthers", file.at(literal), name, text)
				}
			}
			return true
		})
	}
	for file, flags := range unused {
		for _, name := range flags {
			t.Errorf("%s names %s no longer; take it out of flagsOfOthers", file, name)
		}
	}
}

// CONTRIBUTING lists the rooms so that each stands above all that it imports, which shows
// that there is no circle, and what rests on what.
func TestRoomsAreListedAboveWhatTheyImport(t *testing.T) {
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "\n    main  ")
	list, beside, ok := strings.Cut(list, "\n\n")
	if !ok {
		t.Fatal("CONTRIBUTING.md has no list of the rooms")
	}
	beside, _, _ = strings.Cut(beside, "\n###")
	place := map[string]int{}
	for line := range strings.Lines("main " + list) {
		place[strings.Fields(line)[0]] = len(place) + 1
	}
	for room, imports := range mayImport {
		if place[room] == 0 {
			if !strings.Contains(beside, "`"+room+"`") && !strings.HasPrefix(room, "internal/tools/") {
				t.Errorf("CONTRIBUTING.md has no line for the room %s", room)
			}
			continue
		}
		for _, below := range imports {
			if place[below] <= place[room] {
				t.Errorf("CONTRIBUTING.md lists %s below %s, which it imports", room, below)
			}
		}
	}
	for room := range place {
		if _, ok := mayImport[room]; !ok {
			t.Errorf("CONTRIBUTING.md lists %s, which is no room", room)
		}
	}
}

// The size from which on a room wants a second look: is it one thing? A warning, for
// there are rooms of many like things, such as findings.
const (
	manyFiles = 25
	manyNames = 40
)

func TestLargeRoomsAreNamed(t *testing.T) {
	files, names := map[string]int{}, map[string]int{}
	for _, file := range sources(t) {
		room := filepath.ToSlash(filepath.Dir(file.name))
		files[room]++
		names[room] += exportedNames(file.tree)
	}
	for room, count := range files {
		if count > manyFiles || names[room] > manyNames {
			t.Logf("WARNING: %s has %d files and %d exported names; rooms of more than %d or %d are to be looked at", room, count, names[room], manyFiles, manyNames)
		}
	}
}

// exportedNames counts types, functions, variables and constants; methods and fields are
// their types'.
func exportedNames(file *ast.File) (count int) {
	for _, declaration := range file.Decls {
		switch one := declaration.(type) {
		case *ast.FuncDecl:
			if one.Recv == nil && one.Name.IsExported() {
				count++
			}
		case *ast.GenDecl:
			for _, spec := range one.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if spec.Name.IsExported() {
						count++
					}
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						if name.IsExported() {
							count++
						}
					}
				}
			}
		}
	}
	return count
}

type source struct {
	name string // with slashes, from the root
	tree *ast.File
	set  *token.FileSet
}

func (s source) at(node ast.Node) token.Position { return s.set.Position(node.Pos()) }

// sources are all files of Go but for tests and their data.
func sources(t *testing.T) (all []source) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "testdata" || len(name) > 1 && name[0] == '.' {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		one := source{name: filepath.ToSlash(path), set: token.NewFileSet()}
		if one.tree, err = parser.ParseFile(one.set, path, nil, parser.SkipObjectResolution); err == nil {
			all = append(all, one)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("found %d files", len(all))
	}
	return all
}

// readsWallClock says who may look at the wall clock as a number, and why.
const readsWallClock = `
engine/arrival.go # lays the kernel's stamps, which are by the wall clock, onto the monotonic one, and notices that it was set
`

// A length of time is the difference of two readings of the monotonic clock, which
// time.Time carries unless it is taken out of it: the wall clock may be set at any moment.
func TestNoLengthOfTimeComesOfTheWallClock(t *testing.T) {
	for _, file := range sources(t) {
		if strings.Contains(readsWallClock, "\n"+file.name+" ") || strings.HasPrefix(file.name, "internal/tools/") || strings.HasPrefix(file.name, "internal/servertest/") {
			continue
		}
		ast.Inspect(file.tree, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch selector.Sel.Name {
			case "Unix", "UnixNano", "UnixMicro", "UnixMilli":
				if len(call.Args) > 0 {
					return true // time.Unix, which makes a time
				}
			case "Round":
				if literal, ok := slices.Concat(call.Args, []ast.Expr{nil})[0].(*ast.BasicLit); !ok || literal.Value != "0" {
					return true
				}
			default:
				return true
			}
			t.Errorf("%s: %s takes the monotonic clock out of a time; take differences by Sub or Since, or say in readsWallClock why not", file.at(node), selector.Sel.Name)
			return true
		})
	}
}

// The contender golang is this program: where its run queue lies in memory is read of the
// debug data, which -w leaves out, and -s, too, unless it is told not to.
func TestReleaseForLinuxKeepsItsDebugData(t *testing.T) {
	text, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `{{ if eq .Os "linux" }}-s -w=0{{ else }}`) {
		t.Error(".goreleaser.yaml has Linux built without the debug data that its run queue is found by")
	}
}
