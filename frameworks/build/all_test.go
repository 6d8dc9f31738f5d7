package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/frameworks"
)

// named is a small contender with an id and a workspace of its own.
func named(t *testing.T, id, workspace, script string) frameworks.Contender {
	t.Helper()
	c := shellContender(t, script)
	c.Manifest.ID, c.Manifest.Workspace = id, workspace
	return c
}

func TestAFailedBuildDoesNotStopTheOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	all := []frameworks.Contender{
		named(t, "good", "", makeServer),
		named(t, "bad", "", "echo 'no such header' >&2; exit 3"),
		named(t, "fine", "", makeServer),
	}
	builder := NewBuilder(t.TempDir(), "self")
	news := map[string]News{}
	builder.BuildAll(t.Context(), all, 1, func(n News) {
		if n.Done {
			news[n.Contender.Manifest.ID] = n
		}
	})
	for _, id := range []string{"good", "fine"} {
		if n := news[id]; n.Err != nil || n.Built.Artifact == "" {
			t.Errorf("%s: %v, artifact %q", id, n.Err, n.Built.Artifact)
		}
	}
	if err := news["bad"].Err; err == nil || !strings.Contains(err.Error(), "no such header") {
		t.Errorf("bad: %v", err)
	}
	if state := builder.State(t.Context(), all[1]); state.Kind != BuildFailed || !strings.Contains(state.Reason, "no such header") || state.LogPath == "" {
		t.Errorf("state %v, log %q", state, state.LogPath)
	}
}

// Each build waits for the other, so that both end only if they run at the same time.
func TestBuildsRunBesideEachOther(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	dir := t.TempDir()
	meet := func(mine, other string) string {
		return fmt.Sprintf("touch %q; i=0; while [ ! -e %q ]; do i=$((i+1)); [ $i -gt 3000 ] && exit 1; sleep 0.02; done; ",
			filepath.Join(dir, mine), filepath.Join(dir, other))
	}
	all := []frameworks.Contender{named(t, "left", "", meet("left", "right")+makeServer), named(t, "right", "", meet("right", "left")+makeServer)}
	NewBuilder(t.TempDir(), "self").BuildAll(t.Context(), all, 2, func(n News) {
		if n.Err != nil {
			t.Error(n.Err)
		}
	})
}

func TestBuildsOfAWorkspaceRunOneAfterAnother(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	// mkdir fails if the folder is there, which is so while another build runs.
	held := filepath.Join(t.TempDir(), "held")
	script := fmt.Sprintf("mkdir %q || exit 1; sleep 0.1; rmdir %q; ", held, held) + makeServer
	all := []frameworks.Contender{named(t, "warp", "rust", script), named(t, "axum", "rust", script), named(t, "rocket", "rust", script)}
	var order []string
	NewBuilder(t.TempDir(), "self").BuildAll(t.Context(), all, 3, func(n News) {
		if n.Err != nil {
			t.Error(n.Err)
		}
		if n.Done {
			order = append(order, n.Contender.Manifest.ID)
		}
	})
	if !slices.Equal(order, []string{"warp", "axum", "rocket"}) {
		t.Errorf("order %v", order)
	}
}

// With two places, one that waits for the other's lock would keep the third from its own.
func TestBuildsThatShareALockLeaveAPlaceToTheOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	ended := filepath.Join(t.TempDir(), "ended")
	untilOther := fmt.Sprintf("i=0; while [ ! -e %q ]; do i=$((i+1)); [ $i -gt 3000 ] && exit 1; sleep 0.02; done; ", ended)
	all := []frameworks.Contender{named(t, "ktor", "", untilOther+makeServer), named(t, "vertx", "", makeServer), named(t, "bun", "", "touch '"+ended+"'; "+makeServer)}
	for i := range 2 {
		all[i].Manifest.Variants[0].Build[0].Lock = "maven"
	}
	var begun []string
	NewBuilder(t.TempDir(), "self").BuildAll(t.Context(), all, 2, func(n News) {
		if n.Err != nil {
			t.Error(n.Err)
		}
		if n.Begun {
			begun = append(begun, n.Contender.Manifest.ID)
		}
	})
	if begun[2] != "vertx" {
		t.Errorf("begun in the order %v", begun)
	}
}

func TestBuildsBeginInTheirOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	var all []frameworks.Contender
	var want, begun []string
	for i := range 8 {
		want = append(want, fmt.Sprint("c", i))
		all = append(all, named(t, want[i], "", makeServer))
	}
	NewBuilder(t.TempDir(), "self").BuildAll(t.Context(), all, 1, func(n News) {
		if n.Begun {
			begun = append(begun, n.Contender.Manifest.ID)
		}
	})
	if !slices.Equal(begun, want) {
		t.Errorf("begun in the order %v", begun)
	}
}

func TestInterruptedBuildsSaySoAndTheDoneOnesStay(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	dir := t.TempDir()
	all := []frameworks.Contender{named(t, "first", "", makeServer), named(t, "second", "", "sleep 60"), named(t, "third", "", makeServer)}
	errs := map[string]error{}
	builder := NewBuilder(dir, "self")
	// One lane holds the order.
	for i := range all {
		all[i].Manifest.Workspace = "one"
	}
	builder.BuildAll(ctx, all, 1, func(n News) {
		if n.Contender.Manifest.ID == "second" && n.Line.Text == "# step of v0" {
			cancel()
		}
		if n.Done {
			errs[n.Contender.Manifest.ID] = n.Err
		}
	})
	if errs["first"] != nil || !errors.Is(errs["second"], context.Canceled) || !errors.Is(errs["third"], context.Canceled) {
		t.Errorf("errors %v", errs)
	}
	if state := builder.State(t.Context(), all[0]); state.Kind != Ready {
		t.Errorf("first is %v", state)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "staging")); err == nil && len(left) > 0 {
		t.Errorf("left in staging: %v", left)
	}
}

// A builder that knows the way takes the cores that no build holds.
func TestBuildsShareTheCores(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	script := `case "$MAKEFLAGS" in *--jobserver-auth=fifo:*) ;; *) exit 7;; esac
tokens=${MAKEFLAGS##*fifo:}
[ -p "$tokens" ] || exit 8
got=$(dd if="$tokens" bs=1 count=2 2>/dev/null)
printf '%s' "$got" > "$tokens"
[ "$got" = "++" ] || exit 9
` + makeServer
	builder := NewBuilder(t.TempDir(), "self")
	builder.machine.cpus = 3
	all := []frameworks.Contender{named(t, "first", "rust", script), named(t, "second", "rust", script)}
	builder.BuildAll(t.Context(), all, 1, func(n News) {
		if n.Err != nil {
			t.Error(n.Err)
		}
	})
	if _, err := builder.Build(t.Context(), named(t, "alone", "", `case "$MAKEFLAGS" in *benchtui-jobs*) exit 9;; esac; `+makeServer), nil); err != nil {
		t.Error(err)
	}
}

func TestLinesTellWhichStepIsUnderWay(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	c := shellContender(t, "exit 1", "echo second; "+makeServer)
	c.Manifest.Build = []frameworks.Step{{Name: "common", Run: []string{"sh", "-c", "echo first"}}, {Name: "elsewhere", OS: []string{"none"}, Run: []string{"false"}}}
	var seen []Line
	NewBuilder(t.TempDir(), "self").BuildAll(t.Context(), []frameworks.Contender{c}, 1, func(n News) {
		if n.Line.Text != "" {
			seen = append(seen, n.Line)
		}
		if n.Err != nil {
			t.Error(n.Err)
		}
	})
	for _, want := range []Line{{"# common", 1, 2}, {"first", 1, 2}, {"# step of v0", 2, 2}, {"# step of v1", 3, 3}, {"second", 3, 3}} {
		if !slices.Contains(seen, want) {
			t.Errorf("no %+v in %+v", want, seen)
		}
	}
}

func TestASkippedBuildDoesNotStopTheOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	all := []frameworks.Contender{named(t, "slow", "", "sleep 60"), named(t, "good", "", makeServer)}
	errs := map[string]error{}
	var skip func()
	NewBuilder(t.TempDir(), "self").BuildAll(t.Context(), all, 1, func(n News) {
		if n.Begun && n.Contender.Manifest.ID == "slow" {
			skip = n.Skip
		}
		if n.Line.Text == "# step of v0" && n.Contender.Manifest.ID == "slow" {
			skip()
		}
		if n.Done {
			errs[n.Contender.Manifest.ID] = n.Err
		}
	})
	if !errors.Is(errs["slow"], context.Canceled) || errs["good"] != nil {
		t.Errorf("errors %v", errs)
	}
}
