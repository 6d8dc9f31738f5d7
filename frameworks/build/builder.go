package build

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/crash"
)

// Builder builds contenders and keeps the builds. It may be used from many
// goroutines, and beside other processes with the same cache.
//
//	cacheDir/builds/ID-KEY/             a whole build, with its build.json
//	cacheDir/builds/ID-KEY.log          what its steps said
//	cacheDir/builds/ID-KEY.failed.json  why it failed, until it succeeds
//	cacheDir/builds/ID-KEY.lock         held while it is built
//	cacheDir/staging/ID-KEY/            a build under way, or what an ended process left of one
//	cacheDir/shared/NAME/               {cache}, by workspace or id
//	cacheDir/locks/NAME.lock            held by a step that names the lock
type Builder struct {
	cacheDir string
	self     string
	machine  machine
	now      func() time.Time

	mu    sync.Mutex
	found map[string]*search // by what is searched for
}

// search is a toolchain being looked for, once for all who ask.
type search struct {
	done      chan struct{}
	detection detection
}

// NewBuilder keeps builds under cacheDir, "" for nowhere: what must be built can't be; self is this program's own path, for the built-in contender.
func NewBuilder(cacheDir, self string) *Builder {
	return &Builder{cacheDir: cacheDir, self: self, machine: thisMachine(), now: time.Now, found: map[string]*search{}}
}

// DefaultCacheDir is where builds are kept unless somebody says otherwise: benchtui in
// the user's cache directory. A relative XDG_CACHE_HOME counts for nothing (so its
// specification has it), and without HOME the machine's list of users is asked. The
// error says that there is none.
func DefaultCacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil || !filepath.IsAbs(dir) {
		home := os.Getenv("HOME")
		if !filepath.IsAbs(home) {
			if person, failed := user.Current(); failed == nil {
				home = person.HomeDir
			}
		}
		if !filepath.IsAbs(home) {
			return "", errNoCache
		}
		dir = filepath.Join(home, ".cache")
	}
	return filepath.Join(dir, "benchtui"), nil
}

// resolution is what the builder can do with a contender on this machine.
type resolution struct {
	variants []frameworks.Variant // that the toolchains allow, in order of preference
	places   []int                // of each in the manifest
	missing  []string             // for each variant before the first allowed, what it lacks
	tools    map[string]tool      // found, by id
}

// look finds the toolchains of all variants, at the same time.
func (b *Builder) look(ctx context.Context, c frameworks.Contender) (resolution, error) {
	all := c.Variants()
	var wait sync.WaitGroup
	for _, v := range all {
		for _, t := range v.Toolchains {
			wait.Go(crash.Guarded(func() { b.detect(ctx, t) }))
		}
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return resolution{}, err
	}
	view := resolution{tools: map[string]tool{}}
	for i, v := range all {
		var lacks []string
		for _, t := range v.Toolchains {
			found, err := choose(t, b.detect(ctx, t))
			if err != nil {
				lacks = append(lacks, err.Error())
				continue
			}
			view.tools[t.ID] = found
		}
		if len(lacks) > 0 {
			if len(view.variants) == 0 {
				view.missing = append(view.missing, strings.Join(lacks, "; "))
			}
			continue
		}
		view.variants, view.places = append(view.variants, v), append(view.places, i)
	}
	return view, nil
}

// detect looks for a toolchain, once.
func (b *Builder) detect(ctx context.Context, t frameworks.Toolchain) detection {
	key := fmt.Sprintf("%q %q %v %q %q %t", t.Find, t.Arguments, t.Env, t.Pattern, t.Otherwise, t.Flat)
	for {
		b.mu.Lock()
		running, ok := b.found[key]
		if !ok {
			running = &search{done: make(chan struct{})}
			b.found[key] = running
		}
		b.mu.Unlock()
		if !ok {
			running.detection = detect(ctx, t, b.machine)
			if ctx.Err() != nil { // it tells of this caller's hurry, not of the toolchain
				b.mu.Lock()
				delete(b.found, key)
				b.mu.Unlock()
			}
			close(running.done)
			return running.detection
		}
		select {
		case <-running.done:
		case <-ctx.Done():
			return detection{why: ctx.Err().Error()}
		}
		b.mu.Lock()
		kept := b.found[key] == running
		b.mu.Unlock()
		if kept {
			return running.detection
		}
	}
}

// values are the placeholders that stand for something whatever is being built.
func (b *Builder) values(c frameworks.Contender, tools map[string]tool) values {
	exe := ""
	if b.machine.os == "windows" {
		exe = ".exe"
	}
	shared := c.Manifest.ID
	if c.Manifest.Workspace != "" {
		shared = strings.ReplaceAll(c.Manifest.Workspace, "/", "-")
	}
	all := values{
		"id": c.Manifest.ID, "exe": exe, "cpus": strconv.Itoa(b.machine.cpus),
		"self": b.self, "self.go": strings.TrimPrefix(runtime.Version(), "go"),
		"cache": filepath.Join(b.cacheDir, "shared", shared),
	}
	for id, t := range tools {
		all[id+".path"], all[id+".version"], all[id+".home"] = t.path, t.version, t.home
	}
	return all
}

// place is where a build is kept; suffixes make the files beside it.
func (b *Builder) place(c frameworks.Contender, key string) string {
	return filepath.Join(b.cacheDir, "builds", c.Manifest.ID+"-"+key)
}

// State looks, without building.
func (b *Builder) State(ctx context.Context, c frameworks.Contender) State {
	if c.URL != "" {
		return State{Kind: Ready, Reason: "runs at " + c.URL + " already; nothing is started", Variant: "already running"}
	}
	if c.Origin == frameworks.OriginCommand {
		if _, err := b.program(c); err != nil {
			return State{Kind: Missing, Reason: err.Error()}
		}
		return State{Kind: Ready, Reason: "your own command"}
	}
	view, err := b.look(ctx, c)
	if err != nil {
		return State{Kind: Missing, Reason: "looking for toolchains: " + err.Error()}
	}
	general := b.values(c, view.tools)
	if len(view.variants) == 0 {
		return State{Kind: Missing, Reason: view.missing[0], Version: b.versionBefore(c, c.Variants()[0], general)}
	}
	first := view.variants[0]
	state := State{Variant: fillOrKeep(general, first.Name), Version: b.versionBefore(c, first, general)}
	if !c.IsBuilt(first) {
		return b.unbuiltState(c, view, state)
	}
	key, err := buildKey(c, view.tools, b.machine)
	if err != nil {
		state.Kind, state.Reason = BuildFailed, err.Error()
		return state
	}
	if b.cacheDir == "" {
		state.Kind, state.Reason = Missing, errNoCache.Error()
		if built, err := b.withoutPlace(c, view, errNoCache); err == nil {
			state.Kind, state.Reason, state.Variant, state.Version = Ready, built.Fallback, built.Variant, built.Version
		}
		return state
	}
	place := b.place(c, key)
	if _, err := os.Stat(place + ".log"); err == nil {
		state.LogPath = place + ".log"
	}
	if built, ok := b.kept(c, view, place); ok {
		state.Kind, state.Variant, state.Version = Ready, built.Variant, built.Version
		state.Reason = fmt.Sprintf("built %s ago, cached", ago(b.now().Sub(built.record.Built)))
		if built.Fallback != "" {
			state.Reason += "; " + built.Fallback
		}
		return state
	}
	if failed, ok := readRecord(place + ".failed.json"); ok {
		state.Kind, state.Reason = BuildFailed, failed.Failure
		return state
	}
	state.Kind, state.Reason = CanBeBuilt, b.foundWords(first, view.tools)
	if words := firstDownload(c.Manifest); words != "" && !b.builtBefore(c) {
		state.Reason += "; " + words
	}
	return state
}

// unbuiltState completes the state of a contender that runs as it is.
func (b *Builder) unbuiltState(c frameworks.Contender, view resolution, state State) State {
	built := b.unbuilt(c, view, 0, "")
	if _, err := built.Launch(1); err != nil {
		state.Kind, state.Reason = Missing, err.Error()
		return state
	}
	state.Kind, state.Reason = Ready, "nothing to build"
	if built.Fallback != "" {
		state.Reason = state.Variant + "; compiled here once " + b.wanting(c.Variants()[0], view.tools)
	}
	return state
}

// wanting says what is to be installed for a variant: "Go is installed", "Go 1.22 or
// newer is installed (found 1.19.8)".
func (b *Builder) wanting(v frameworks.Variant, found map[string]tool) string {
	var names, old []string
	for _, t := range v.Toolchains {
		if _, ok := found[t.ID]; ok {
			continue
		}
		name := t.Name
		// A search that is over: it was looked for before.
		if there := b.detect(context.Background(), t); len(there.tools) > 0 {
			name = strings.TrimSpace(name+" "+t.Minimum) + " or newer"
			old = append(old, there.tools[0].version)
		}
		names = append(names, name)
	}
	words := strings.Join(names, " and ") + " is installed"
	if len(names) > 1 {
		words = strings.Join(names, " and ") + " are installed"
	}
	if len(old) > 0 {
		words += " (found " + strings.Join(old, ", ") + ")"
	}
	return words
}

// foundWords says what a build will use: "with Node.js 20.20.2, npm 11.1.0".
func (b *Builder) foundWords(v frameworks.Variant, tools map[string]tool) string {
	if len(v.Toolchains) == 0 {
		return "not built yet"
	}
	words := make([]string, len(v.Toolchains))
	for i, t := range v.Toolchains {
		words[i] = t.Name + " " + tools[t.ID].version
	}
	return "with " + strings.Join(words, ", ")
}

// ago says how long it is since, in the largest whole unit.
func ago(since time.Duration) string {
	switch {
	case since < time.Minute:
		return fmt.Sprintf("%d s", max(0, int(since.Seconds())))
	case since < time.Hour:
		return fmt.Sprintf("%d min", int(since.Minutes()))
	case since < 48*time.Hour:
		return fmt.Sprintf("%d h", int(since.Hours()))
	}
	return fmt.Sprintf("%d days", int(since.Hours()/24))
}
