package frameworks

import (
	"context"
	"io/fs"
)

// Manifest is contender.yaml.
type Manifest struct {
	ID         string      `yaml:"id"`
	Name       string      `yaml:"name"`
	Language   string      `yaml:"language"`
	Link       string      `yaml:"link"`
	Toolchains []Toolchain `yaml:"toolchains"`
	Build      []Step      `yaml:"build"`
	Artifact   string      `yaml:"artifact"`
	Run        Run         `yaml:"run"`
	Request    Request     `yaml:"request"`
	Checks     Checks      `yaml:"checks"`
	Probes     []string    `yaml:"probes"`
	// … (version source, variants/fallbacks, notes, verified, behaviour: yours to lay out)
}

// Request is the load and ready request; Path defaults to /hello.
type Request struct {
	Method  string
	Path    string
	Headers map[string]string
}

// Checks mirrors what a reply must satisfy; zero value of a field: not checked.
type Checks struct {
	Status       int
	JSONField    string
	BodyContains string
}

type Toolchain struct{}
type Step struct{}
type Run struct{}

// Contender is one that can be measured.
type Contender struct {
	Manifest Manifest
	Source   fs.FS  // its folder; nil for one that is not built (--cmd, --url)
	Origin   string // "embedded", the manifest's path, "--cmd", "--url"
}

// StateKind is whether a contender can be measured on this machine.
type StateKind string

const (
	Ready       StateKind = "ready"
	CanBeBuilt  StateKind = "can be built"
	Missing     StateKind = "missing"
	BuildFailed StateKind = "build failed"
)

// State is a StateKind with its reason.
type State struct {
	Kind    StateKind
	Reason  string // "needs Go 1.24 (go not found): install …"; "built 2 h ago, cached"
	Variant string // how it would run: "single executable", "plain node v20.20.2", "built in"
	Version string // the framework's, as built or to be built: "Express 4.21.1"
	LogPath string // of the last build
}

// Catalogue is all contenders known to a run.
type Catalogue struct{}

// Embedded returns the catalogue of the contenders in the binary.
func Embedded() (*Catalogue, error) { panic("contract") }

// All returns them in the article's order.
func (c *Catalogue) All() []Contender { panic("contract") }

// Find resolves an id or the path of a manifest. An unknown id's error suggests the nearest.
func (c *Catalogue) Find(idOrFile string) (Contender, error) { panic("contract") }

// Command makes a contender of --cmd 'name=command line with {port}'.
func Command(spec string) (Contender, error) { panic("contract") }

// URL makes a contender of --url.
func URL(raw string) (Contender, error) { panic("contract") }

// Shop builds contenders and keeps the builds.
type Shop struct{}

// NewShop keeps builds under cacheDir; self is this program's own path, for the built-in contender.
func NewShop(cacheDir, self string) *Shop { panic("contract") }

// State looks, without building.
func (s *Shop) State(ctx context.Context, contender Contender) State { panic("contract") }

// Build builds the contender unless a cached build is there; output gets the lines of the build.
func (s *Shop) Build(ctx context.Context, contender Contender, output func(line string)) (Built, error) {
	panic("contract")
}

// Built is a contender that can be started.
type Built struct {
	Contender Contender
	Artifact  string
	Variant   string
	Version   string
	Cached    bool
}

// Launch is what to start: the line between frameworks and procs.
type Launch struct {
	Path string
	Args []string
	Dir  string
	Env  []string
}

// Launch fills port and artifact into the run command.
func (b Built) Launch(port int) (Launch, error) { panic("contract") }
