package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/benchtui/benchtui"

// rooms says, a line each, which rooms each room may import; a room that is not here
// may not be. tui/screen/* are the screens, each a folder there that has no line of its own.
const rooms = `
main: internal/cli
demo:                # what benchtui demo plays
engine: internal/field internal/measure internal/traffic
procs: procs/system procs/runtimes internal/figure internal/files internal/measure
procs/system: internal/figure
procs/sample: procs/system internal/figure internal/measure
procs/machine: procs procs/profile procs/runtimes procs/sample procs/system internal/figure internal/measure
procs/proctest: procs procs/system internal/testrole # children for tests
procs/object:        # reads the files of programs, and starts none
procs/profile: procs/object procs/system internal/files internal/profile internal/foreign # takes profiles of what it did not start
procs/runtimes: procs/object procs/system internal/figure internal/measure # reads what processes tell; starts none
frameworks: internal/field internal/nearest frameworks/contenders internal/foreign internal/files
frameworks/build: frameworks internal/foreign internal/files
frameworks/contenders: # the contenders' data
frameworks/contenders/golang: frameworks/contenders/golang/server
frameworks/contenders/golang/server:
tui: internal/foreign internal/figure internal/measure internal/recording internal/stream tui/screen tui/screen/* tui/term tui/view tui/words
tui/screen: internal/measure internal/stream tui/term tui/view # what the program and its screens agree on; the screens know nothing of each other
tui/screen/*: internal/diagnosis internal/figure internal/foreign internal/leaderboard internal/measure internal/profile internal/scale internal/stream tui/chart tui/part tui/screen tui/term tui/view tui/words # each screen; choose knows plan besides
tui/screen/choose: internal/figure internal/stream internal/plan internal/foreign tui/screen tui/term tui/words
tui/part: internal/foreign internal/diagnosis internal/profile internal/scale internal/figure internal/measure internal/stream tui/chart tui/screen tui/term tui/view tui/words # what more than one screen shows
tui/chart: internal/scale internal/figure tui/term tui/words
tui/view: internal/diagnosis internal/profile internal/figure internal/measure internal/stream internal/leaderboard tui/words # knows no cells
tui/words: internal/diagnosis internal/figure internal/stream internal/measure
tui/term: internal/foreign tui/term/unasked
tui/term/unasked:    # keeps libraries from asking the terminal at the start
tui/tuitest: internal/profile internal/figure internal/measure internal/stream internal/diagnosis internal/leaderboard # of the tests of all these rooms
tui/screen/screentest: internal/plan internal/stream tui/screen tui/screen/choose tui/term tui/tuitest tui/view # of the screens' tests

internal/cli: internal/field internal/figure internal/nearest demo tui tui/term internal/report internal/report/wording internal/report/page internal/report/plain internal/report/compare internal/doctor internal/run internal/plan internal/recording internal/stream internal/traffic frameworks frameworks/build frameworks/contenders/golang/server internal/leaderboard internal/foreign internal/files
internal/report: internal/profile internal/report/wording internal/figure internal/recording internal/stream internal/diagnosis internal/leaderboard internal/foreign internal/measure
internal/report/wording: internal/figure internal/recording internal/stream internal/diagnosis internal/leaderboard internal/foreign internal/measure
internal/report/page: internal/profile internal/scale internal/report internal/report/wording internal/figure internal/recording internal/stream internal/diagnosis internal/leaderboard internal/foreign internal/measure
internal/report/plain: internal/report internal/report/wording internal/figure internal/recording internal/stream internal/diagnosis internal/foreign internal/measure
internal/report/compare: internal/profile internal/figure internal/report internal/report/wording internal/recording internal/stream internal/diagnosis internal/leaderboard internal/foreign internal/measure
internal/report/recorded: internal/profile internal/report internal/report/wording internal/figure internal/recording internal/stream internal/diagnosis internal/leaderboard internal/measure # of the reports' tests
internal/doctor: internal/figure internal/report/wording internal/recording internal/stream procs/machine internal/foreign
internal/run: internal/field internal/profile procs/profile internal/plan internal/stream internal/measure internal/figure internal/traffic engine procs procs/sample procs/machine procs/system frameworks frameworks/build internal/diagnosis internal/leaderboard internal/foreign internal/files procs/runtimes
internal/plan: internal/field internal/nearest internal/stream internal/measure internal/figure internal/traffic internal/leaderboard
internal/recording: internal/stream internal/figure internal/measure internal/traffic internal/leaderboard internal/foreign internal/files
internal/stream: internal/profile internal/measure internal/figure internal/diagnosis internal/leaderboard internal/foreign
internal/measure/measuretest: internal/measure # of the tests
internal/recording/recordingtest: internal/recording internal/stream # of the tests
internal/stream/streamtest: internal/stream internal/diagnosis internal/figure internal/measure
internal/diagnosis: internal/figure internal/measure
internal/leaderboard: internal/field internal/figure internal/measure internal/nearest
internal/profile: internal/figure internal/foreign
internal/traffic: internal/field # what a load is made of, as values
internal/measure: internal/figure # what is measured, and sums of it over time
internal/figure:     # a value that may be missing; how numbers read
internal/nearest:    # the name that somebody who mistyped one meant
internal/scale:      # where values lie along an axis, and what is named beside it
internal/foreign:
internal/field:      # what is wrong with what a person set
internal/files:
internal/crash:      # how goroutines start and what a panic waits for; all may import it
internal/flagname:   # what flags are called, for sentences that advise one; all may import it

internal/oracle:     # of the fuzz tests
internal/testrole:   # of the tests: has their binary be something else
internal/servertest: internal/testrole # servers for tests
internal/e2e:        # end-to-end tests
internal/tools/enginebench: engine internal/measure internal/traffic # the engine beside its peers
internal/tools/screencost:
internal/tools/profilecost: engine internal/leaderboard internal/traffic procs procs/profile # what profilers cost a server
internal/tools/sameness: # a test of all the ways in which a result is told
internal/tools/torture: # faults, tried on the built program
internal/tools/licences:
internal/tools/pictures: internal/field tui tui/term internal/recording internal/stream internal/plan # the documentation's pictures
`

// forAll are the rooms that every other may import.
var forAll = []string{"internal/crash", "internal/flagname"}

// mayImport is rooms by room.
var mayImport = func() map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(rooms) {
		line, _, _ = strings.Cut(line, "#")
		if room, imports, ok := strings.Cut(line, ":"); ok {
			all[strings.TrimSpace(room)] = strings.Fields(imports)
		}
	}
	screens, _ := filepath.Glob("tui/screen/*/*.go")
	for _, file := range screens {
		if screen := filepath.ToSlash(filepath.Dir(file)); all[screen] == nil {
			all[screen] = all["tui/screen/*"]
		}
		all["tui"] = append(all["tui"], filepath.ToSlash(filepath.Dir(file)))
	}
	delete(all, "tui/screen/*")
	all["tui"] = slices.DeleteFunc(all["tui"], func(room string) bool { return room == "tui/screen/*" || room == "tui/screen/screentest" })
	return all
}()

// onlyIn says which rooms alone may import what is not ours.
var onlyIn = map[string][]string{
	"github.com/charmbracelet/":     {"tui/..."},
	"github.com/NimbleMarkets/":     {"tui/chart"},
	"github.com/shirou/gopsutil/v3": {"procs", "procs/system", "procs/sample", "procs/machine"},
	"golang.org/x/image":            {"internal/tools/pictures"},
	"os/exec":                       {"procs", "procs/profile", "procs/proctest", "internal/servertest", "frameworks/build", "internal/tools/enginebench", "internal/tools/torture", "internal/tools/licences", "internal/tools/screencost", "internal/tools/profilecost"},
	"net/http":                      {"engine", "internal/servertest", "internal/tools/enginebench", "internal/tools/torture", "frameworks/contenders/golang/server", "internal/diagnosis"}, // diagnosis: the names of statuses
}

type listedPackage struct {
	ImportPath string
	Imports    []string
	Doc        string
}

func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Doc", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listedPackage
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for decoder.More() {
		var one listedPackage
		if err := decoder.Decode(&one); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, one)
	}
	if len(packages) < len(mayImport) {
		t.Fatalf("go list found %d packages, fewer than there are rooms (%d)", len(packages), len(mayImport))
	}
	return packages
}

func TestRoomsImportDownwardsOnly(t *testing.T) {
	for _, one := range listPackages(t) {
		room := strings.TrimPrefix(one.ImportPath, module+"/")
		if room == module {
			room = "main"
		}
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("room %q is not in the import rule; say there what it may import", room)
			continue
		}
		for _, imported := range one.Imports {
			if ours, found := strings.CutPrefix(imported, module+"/"); found && !slices.Contains(forAll, ours) && !slices.Contains(allowed, ours) {
				t.Errorf("room %q imports %q; it may import %v", room, ours, allowed)
			}
			for prefix, rooms := range onlyIn {
				if strings.HasPrefix(imported, prefix) && !isOneOf(rooms, room) {
					t.Errorf("room %q imports %q; only %v may", room, imported, rooms)
				}
			}
		}
	}
}

// Whoever shows a run, or writes it down, has nothing among its dependencies that
// could start one: that they start and send nothing is no promise then.
func TestReadersOfARunCanStartNothing(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./tui/...", "./internal/report/...", "./internal/recording", "./internal/plan").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, one := range strings.Fields(string(out)) {
		ours, found := strings.CutPrefix(one, module+"/")
		for _, room := range []string{"engine", "procs", "frameworks", "internal/run"} {
			if found && (ours == room || strings.HasPrefix(ours, room+"/")) {
				t.Errorf("a reader of runs depends on %s", ours)
			}
		}
	}
}

func TestEveryRoomSaysWhatItIs(t *testing.T) {
	for _, one := range listPackages(t) {
		if one.Doc == "" {
			t.Errorf("%s has no package comment", one.ImportPath)
		}
	}
}

func TestEveryRoomIsOneOfTheDesign(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		goFiles, _ := filepath.Glob(filepath.Join(entry.Name(), "*.go"))
		if entry.IsDir() && len(goFiles) > 0 {
			if _, known := mayImport[entry.Name()]; !known {
				t.Errorf("folder %s holds Go code and is no room of the design", entry.Name())
			}
		}
	}
}

// isOneOf says whether a room is listed, or lies below one that is listed as "room/...".
func isOneOf(rooms []string, room string) bool {
	for _, one := range rooms {
		if all, below := strings.CutSuffix(one, "/..."); one == room || below && (room == all || strings.HasPrefix(room, all+"/")) {
			return true
		}
	}
	return false
}

// TestProgramKnowsNoScreen holds that the program's model has no part of a screen:
// only the list of them imports them.
func TestProgramKnowsNoScreen(t *testing.T) {
	files, err := filepath.Glob("tui/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		if name == filepath.FromSlash("tui/screens.go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range file.Imports {
			if strings.HasPrefix(strings.Trim(one.Path.Value, `"`), module+"/tui/screen/") {
				t.Errorf("%s imports %s; only tui/screens.go may", name, one.Path.Value)
			}
		}
	}
}
