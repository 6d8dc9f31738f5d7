package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/benchtui/benchtui/frameworks"
)

// Build builds the contender unless a cached build is there; output gets the lines
// of the build, from one goroutine at a time. A variant that can't be built gives
// way to the next, and Built.Fallback says why. A build that failed before is tried
// again. When ctx ends, the build's processes are killed and nothing of it is kept.
func (b *Builder) Build(ctx context.Context, c frameworks.Contender, output func(line string)) (Built, error) {
	return b.buildWith(ctx, c, nil, func(line Line) {
		if output != nil {
			output(line.Text)
		}
	})
}

// buildWith is Build with more in the environment of the steps, and the place of each line.
func (b *Builder) buildWith(ctx context.Context, c frameworks.Contender, env []string, output func(Line)) (Built, error) {
	if c.URL != "" {
		return Built{Contender: c, Variant: "already running"}, nil
	}
	if c.Origin == frameworks.OriginCommand {
		program, err := b.program(c)
		if err != nil {
			return Built{}, err
		}
		return Built{Contender: c, Artifact: program}, nil
	}
	built, err := b.build(ctx, c, env, output)
	if err != nil {
		return Built{}, fmt.Errorf("build %s: %w", c.Manifest.ID, err)
	}
	return built, nil
}

func (b *Builder) build(ctx context.Context, c frameworks.Contender, env []string, output func(Line)) (Built, error) {
	view, err := b.look(ctx, c)
	if err != nil {
		return Built{}, err
	}
	if len(view.variants) == 0 {
		return Built{}, errors.New(view.missing[0])
	}
	if !c.IsBuilt(view.variants[0]) {
		return b.unbuilt(c, view, 0, ""), nil
	}
	key, err := buildKey(c, view.tools, b.machine)
	if err != nil {
		return Built{}, err
	}
	if b.cacheDir == "" {
		return b.withoutPlace(c, view, errNoCache)
	}
	place := b.place(c, key)
	if built, ok := b.kept(c, view, place); ok {
		b.use(place)
		return built, nil
	}
	built, err := b.buildAt(ctx, c, view, place, env, output)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		err = fmt.Errorf("%w; builds are kept in %s, which must be yours to write: chown it, or set XDG_CACHE_HOME to a folder of your own", err, b.cacheDir)
	}
	if ours := new(fs.PathError); errors.As(err, &ours) { // what a step says is only text
		return b.withoutPlace(c, view, err)
	}
	return built, err
}

// withoutPlace is the first variant that needs no build, and so no folder to keep one in.
func (b *Builder) withoutPlace(c frameworks.Contender, view resolution, why error) (Built, error) {
	i := slices.IndexFunc(view.variants, func(v frameworks.Variant) bool { return !c.IsBuilt(v) })
	if i < 0 {
		return Built{}, why
	}
	first := fillOrKeep(b.values(c, view.tools), view.variants[0].Name)
	return b.unbuilt(c, view, i, "not as "+first+": "+why.Error()), nil
}

// errNoCache says that there is no place for builds.
var errNoCache = errors.New("there is no folder to keep builds in; set HOME or XDG_CACHE_HOME")

// buildAt builds at the place, once nobody else does.
func (b *Builder) buildAt(ctx context.Context, c frameworks.Contender, view resolution, place string, env []string, output func(Line)) (Built, error) {
	release, err := lock(ctx, place+".lock", func() { output(Line{Text: "waiting for another build of " + c.Manifest.ID}) })
	if err != nil {
		return Built{}, err
	}
	defer release()
	if built, ok := b.kept(c, view, place); ok {
		return built, nil
	}
	job := &buildJob{builder: b, contender: c, view: view, place: place, env: env,
		staging: filepath.Join(b.cacheDir, "staging", filepath.Base(place)), output: output}
	return job.run(ctx)
}

// unbuilt is a variant that runs as it is.
func (b *Builder) unbuilt(c frameworks.Contender, view resolution, i int, fallback string) Built {
	v := view.variants[i]
	general := b.values(c, view.tools)
	if fallback == "" && len(view.missing) > 0 {
		fallback = view.missing[0]
	}
	// Embedded sources have no folder; such a variant runs what is elsewhere,
	// wherever the person stands.
	general["src"] = c.Dir
	return Built{Contender: c, Variant: fillOrKeep(general, v.Name), Version: b.versionBefore(c, v, general),
		Fallback: fallback, run: v.Run, values: general, dir: c.Dir, machine: b.machine}
}

// kept is the whole build at the place, if there is one.
func (b *Builder) kept(c frameworks.Contender, view resolution, place string) (Built, bool) {
	record, ok := readRecord(filepath.Join(place, "build.json"))
	if !ok {
		return Built{}, false
	}
	for i, at := range view.places {
		if at != record.Variant {
			continue
		}
		if !c.IsBuilt(view.variants[i]) {
			built := b.unbuilt(c, view, i, record.Fallback)
			built.Cached, built.record = true, record
			return built, true
		}
		artifact := filepath.Join(place, filepath.FromSlash(record.Artifact))
		if !whole(artifact, record.Size) {
			return Built{}, false
		}
		return b.built(c, view, i, place, artifact, record), true
	}
	return Built{}, false
}

// whole says whether an artifact is as it was built: a full disk, or somebody who
// cleans up, may have left a part of it.
func whole(artifact string, size int64) bool {
	info, err := os.Stat(artifact)
	switch {
	case err != nil:
		return false
	case info.IsDir():
		entries, err := os.ReadDir(artifact)
		return err == nil && len(entries) > 0
	}
	return info.Size() > 0 && (size == 0 || info.Size() == size)
}

func (b *Builder) built(c frameworks.Contender, view resolution, i int, place, artifact string, record buildRecord) Built {
	v := view.variants[i]
	all := b.values(c, view.tools).with(values{"out": place, "artifact": artifact})
	return Built{
		Contender: c, Artifact: artifact, Variant: fillOrKeep(all, v.Name), Version: record.Version,
		Cached: true, Fallback: record.Fallback,
		run: v.Run, values: all, dir: place, record: record, machine: b.machine,
	}
}

// buildJob is one build under way; its lock is held.
type buildJob struct {
	builder   *Builder
	contender frameworks.Contender
	view      resolution
	place     string   // where the whole build goes
	staging   string   // where it is made
	env       []string // of the steps, beside the machine's
	first     bool     // it was never built before
	output    func(Line)
}

func (j *buildJob) run(ctx context.Context) (Built, error) {
	began := j.builder.now()
	// What a process that was killed left behind; the lock says that it is gone.
	if err := os.RemoveAll(j.staging); err != nil {
		return Built{}, err
	}
	defer func() { _ = os.RemoveAll(j.staging) }()
	j.first = !j.builder.builtBefore(j.contender)
	log, err := newBuildLog(j.place+".log", j.output)
	if err != nil {
		return Built{}, err
	}
	defer func() { _ = log.Close() }()

	record, i, err := j.make(ctx, log)
	record.Built, record.Took = began, j.builder.now().Sub(began)
	switch {
	case ctx.Err() != nil:
		return Built{}, ctx.Err()
	case err != nil:
		record.Failure = err.Error()
		if noted := record.write(j.place + ".failed.json"); noted != nil {
			return Built{}, errors.Join(err, noted)
		}
		return Built{}, err
	}
	if err := j.keep(record); err != nil {
		return Built{}, fmt.Errorf("keep the build: %w", err)
	}
	built, ok := j.builder.kept(j.contender, j.view, j.place)
	if !ok {
		return Built{}, fmt.Errorf("variant %d is gone from %s right after it was built", i, j.place)
	}
	built.Cached = false
	j.builder.dropOldBuilds(j.contender, j.place)
	return built, nil
}

func (j *buildJob) src() string { return filepath.Join(j.staging, "src") }
func (j *buildJob) out() string { return filepath.Join(j.staging, "out") }

// make tries the variants in order and returns the record of the first that could be built.
func (j *buildJob) make(ctx context.Context, log *buildLog) (buildRecord, int, error) {
	general := j.builder.values(j.contender, j.view.tools).with(values{"src": j.src(), "out": j.out()})
	if err := copySources(j.contender, j.src()); err != nil {
		return buildRecord{}, 0, fmt.Errorf("copy the sources: %w", err)
	}
	if err := errors.Join(os.MkdirAll(general["cache"], 0o755), os.MkdirAll(j.out(), 0o755)); err != nil {
		return buildRecord{}, 0, err
	}
	var fallback, firstFailure string
	if len(j.view.missing) > 0 {
		fallback = j.view.missing[0]
	}
	if words := firstDownload(j.contender.Manifest); words != "" && j.first {
		log.note(words)
	}
	log.expect(j.stepsHere(j.contender.Manifest.Build) + j.stepsHere(j.view.variants[0].Build))
	common := j.runSteps(ctx, j.contender.Manifest.Build, general, log)
	for i, v := range j.view.variants {
		if i > 0 {
			log.expect(j.stepsHere(v.Build))
		}
		if ctx.Err() != nil {
			return buildRecord{}, 0, ctx.Err()
		}
		// A variant that needs no building survives even the common steps' failing.
		err := common
		if err == nil {
			err = j.makeVariant(ctx, v, general, log)
		}
		if err == nil || !j.contender.IsBuilt(v) {
			record, err := j.record(ctx, v, general)
			record.Variant, record.Fallback = j.view.places[i], fallback
			return record, i, err
		}
		if ctx.Err() != nil { // stopped, which is no word on the variant
			return buildRecord{}, 0, ctx.Err()
		}
		name := fillOrKeep(general, v.Name)
		reason := err.Error()
		if name != "" && common == nil {
			reason = name + ": " + reason
		}
		if firstFailure == "" {
			firstFailure = reason
		}
		fallback = "not as " + reason
		if i < len(j.view.variants)-1 { // else it is the build's own error
			log.note(reason)
		}
	}
	return buildRecord{}, 0, errors.New(firstFailure + " (log: " + j.place + ".log)")
}

func (j *buildJob) makeVariant(ctx context.Context, v frameworks.Variant, general values, log *buildLog) error {
	if len(j.contender.Manifest.Variants) > 1 {
		log.note("variant: " + fillOrKeep(general, v.Name))
	}
	if err := j.runSteps(ctx, v.Build, general, log); err != nil {
		// Nothing of a variant that failed may be taken for the next one's.
		return errors.Join(err, os.RemoveAll(j.out()), os.MkdirAll(j.out(), 0o755))
	}
	if v.Artifact == "" {
		return nil
	}
	artifact, err := general.fill(v.Artifact)
	if err != nil {
		return err
	}
	if !whole(artifact, 0) {
		return fmt.Errorf("the build ended well but made no %s", filepath.Base(artifact))
	}
	return nil
}

func (j *buildJob) record(ctx context.Context, v frameworks.Variant, general values) (buildRecord, error) {
	version, err := j.builder.versionAfter(ctx, j.contender, v, general)
	if err != nil {
		return buildRecord{}, fmt.Errorf("read the version: %w", err)
	}
	record := buildRecord{Version: version}
	if v.Artifact != "" {
		artifact, err := general.fill(v.Artifact)
		if err != nil {
			return buildRecord{}, err
		}
		relative, err := filepath.Rel(j.out(), artifact)
		if err != nil {
			return buildRecord{}, err
		}
		record.Artifact = filepath.ToSlash(relative)
		if info, err := os.Stat(artifact); err == nil && info.Mode().IsRegular() {
			record.Size = info.Size()
		}
	}
	return record, nil
}

// keep moves the whole build to its place in one step, so that nobody ever sees
// half of one.
func (j *buildJob) keep(record buildRecord) error {
	if err := record.write(filepath.Join(j.out(), "build.json")); err != nil {
		return err
	}
	return errors.Join(
		os.RemoveAll(j.place),
		os.Rename(j.out(), j.place),
		removeIfThere(j.place+".failed.json"),
	)
}

// stepsHere is how many of the steps are taken on this machine.
func (j *buildJob) stepsHere(steps []frameworks.Step) int {
	n := 0
	for _, step := range steps {
		if isFor(step, j.builder.machine.os) {
			n++
		}
	}
	return n
}

func (j *buildJob) runSteps(ctx context.Context, steps []frameworks.Step, general values, log *buildLog) error {
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !isFor(step, j.builder.machine.os) {
			continue
		}
		log.step(step.Name)
		if err := j.runStep(ctx, step, general, log); err != nil {
			what := step.Name + ": " + err.Error()
			if meanings := log.meanings(step.Means, failureLines); len(meanings) > 0 {
				what += ": " + strings.Join(meanings, "; ")
			} else if lines := log.telling(step.Telling, failureLines); len(lines) > 0 {
				what += ": " + strings.Join(lines, " | ")
			}
			return errors.New(what)
		}
	}
	return nil
}

// runStep takes a step, once it is alone with what it locks.
func (j *buildJob) runStep(ctx context.Context, step frameworks.Step, general values, log *buildLog) error {
	if step.Lock != "" {
		path := filepath.Join(j.builder.cacheDir, "locks", step.Lock+".lock")
		release, err := lock(ctx, path, func() { log.note("waiting for another build that uses " + step.Lock) })
		if err != nil {
			return err
		}
		defer release()
	}
	there := j.builder.machine
	there.environ = append(slices.Clone(there.environ), j.env...)
	for _, v := range j.view.variants {
		for _, t := range v.Toolchains {
			env, err := general.fillEnv(t.Env)
			if err != nil {
				return err
			}
			there.environ = append(there.environ, env...)
		}
	}
	return runStep(ctx, step, there, general, log)
}

// failureLines is how many lines of a failed step its error holds.
const failureLines = 4

// Forget removes what is kept of a contender's build, good or failed, so that the
// next Build starts anew.
func (b *Builder) Forget(ctx context.Context, c frameworks.Contender) error {
	if c.Source == nil {
		return nil
	}
	view, err := b.look(ctx, c)
	if err != nil {
		return err
	}
	key, err := buildKey(c, view.tools, b.machine)
	if err != nil {
		return err
	}
	if b.cacheDir == "" {
		return errNoCache
	}
	place := b.place(c, key)
	release, err := lock(ctx, place+".lock", func() {})
	if err != nil {
		return err
	}
	defer release()
	return errors.Join(os.RemoveAll(place), removeIfThere(place+".failed.json"), removeIfThere(place+".log"))
}
