package frameworks

// Manifest is contender.yaml: everything that is known of a contender and how it
// is built and started.
//
// Commands, paths and values of environments may hold placeholders:
//
//	{src}            the folder with a copy of the sources, where the steps run; in the
//	                 run command of what is not built, the manifest's own folder
//	{out}            the folder that is kept; the artifact is in it. Common steps write
//	                 to {src}, because {out} is emptied before each variant
//	{cache}          a folder that builds share and that outlives them, such as cargo's target
//	{artifact}       the artifact, once built
//	{port}           the TCP port to listen on
//	{exe}            ".exe" on Windows, "" elsewhere
//	{id}             the contender's id
//	{cpus}           how many cores the machine has
//	{self}           the benchtui program; {self.go}: the version of Go that compiled it
//	{TOOL.path}      the program of a toolchain; {TOOL.version}, {TOOL.home} (where it is installed)
type Manifest struct {
	ID       string `yaml:"id"`       // lower case, also the name in results: "expressjs"
	Name     string `yaml:"name"`     // as people write it: "Express.js"
	Language string `yaml:"language"` // of the contender's sources
	Link     string `yaml:"link"`     // its home page

	// Base names another contender of benchtui's own that this one takes its sources
	// from, and every field that it does not give itself, but the name and Verified.
	// What it gave is all that counts for a build.
	Base string `yaml:"base" json:"-"`

	// Workspace names the folder of sources that several contenders share: one
	// beside the contenders' for those in the binary, one in the manifest's folder
	// for a manifest of your own. "": the manifest's folder.
	Workspace string   `yaml:"workspace"`
	Exclude   []string `yaml:"exclude"` // names of files and folders that are no sources, with * and ?: "target"

	Version    Version     `yaml:"version"`
	Toolchains []Toolchain `yaml:"toolchains"` // needed by every variant
	Build      []Step      `yaml:"build"`      // common to all variants, before theirs
	// DownloadsMB is how much a first build downloads, in MB; told before it does where
	// that takes a while. nil: not measured.
	DownloadsMB *int      `yaml:"downloads_mb"`
	Artifact    string    `yaml:"artifact"` // what Build makes: "{out}/server{exe}"
	Run         Run       `yaml:"run"`
	Variants    []Variant `yaml:"variants"` // in order of preference; none: one without a name

	Request Request  `yaml:"request"` // default: GET /hello
	Checks  Checks   `yaml:"checks"`  // default: status 200, JSON field name; naming any replaces both
	Probes  []string `yaml:"probes"`  // what is loaded into the server to tell of itself: NodeEventLoop

	Verified  *bool     `yaml:"verified"`  // false: written from documentation, never run
	Reason    string    `yaml:"reason"`    // why it is not verified
	Departs   string    `yaml:"departs"`   // where it departs from the framework's defaults, and why
	Behaviour Behaviour `yaml:"behaviour"` // what decides how it fares under a burst
	Notes     []string  `yaml:"notes"`
}

// NodeEventLoop is the probe of a Node server's event loop.
const NodeEventLoop = "node-event-loop"

// Unverified tells why nobody has run this contender yet; ok is false if somebody has.
func (m Manifest) Unverified() (reason string, ok bool) {
	if m.Verified == nil || *m.Verified {
		return "", false
	}
	return m.Reason, true
}

// Variant is one way to build and run a contender.
type Variant struct {
	Name       string      `yaml:"name"` // "single executable"
	Toolchains []Toolchain `yaml:"toolchains"`
	Build      []Step      `yaml:"build"`
	Artifact   string      `yaml:"artifact"` // "": the manifest's
	Run        Run         `yaml:"run"`      // its command, if any, instead of the manifest's; its env beside the manifest's
	Version    Version     `yaml:"version"`  // instead of the manifest's, if any
}

// Step is one command of a build, or a copy.
type Step struct {
	Name string            `yaml:"name"` // what it does: "bundle into one file"
	Run  []string          `yaml:"run"`  // program and arguments, no shell
	Copy *Copy             `yaml:"copy"` // instead of Run
	Dir  string            `yaml:"dir"`  // default {src}
	Env  map[string]string `yaml:"env"`  // beside the environment of this process
	OS   []string          `yaml:"os"`   // only on these (linux, darwin, windows, …); none: on all
	// Lock names what this step may not share with another at the same time, of
	// any contender, such as a package manager's folder. "": nothing.
	Lock string `yaml:"lock"`
	// Telling finds the lines of output that say why the step failed: the first
	// few are in the error. "": the last few are.
	Telling string `yaml:"telling"`
	// Means puts failures that are known into plain words, which stand in the error in
	// place of lines. A line means what the first pattern says that it matches.
	Means []Meaning `yaml:"means"`
}

// Meaning is what a line of a failed step means.
type Meaning struct {
	Pattern string `yaml:"pattern"`
	Text    string `yaml:"text"` // {1} is the pattern's first group
}

// Copy copies a file, or a folder with all in it, permissions to be executed included.
type Copy struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// Run is how the contender is started. PORT is always in its environment. All that
// it does not say is as the person's shell would have it, and the same for all.
type Run struct {
	Command []string          `yaml:"command"`
	Env     map[string]string `yaml:"env"`
	Ulimit  map[string]string `yaml:"ulimit"` // limits by their names in limits.conf(5), values as ulimit(1) takes them: {nofile: 65536}; not on Windows
}

// Version is where the framework's own version is read: Pattern's first group in
// a file of the sources or in a command's output, put into Text for {match}.
type Version struct {
	File    string   `yaml:"file"`    // relative to the sources, a lock file; known before the build
	Command []string `yaml:"command"` // run in {src} after the build
	Pattern string   `yaml:"pattern"`
	Text    string   `yaml:"text"` // "Express {match}"; may hold placeholders
}

func (v Version) empty() bool { return v.File == "" && v.Command == nil && v.Text == "" }

// Request is the load and ready request.
type Request struct {
	Method  string            `yaml:"method"` // default GET
	Path    string            `yaml:"path"`   // default /hello
	Headers map[string]string `yaml:"headers"`
}

// Checks mirrors what a reply must satisfy; zero value of a field: not checked.
type Checks struct {
	Status       int    `yaml:"status"`
	JSONField    string `yaml:"json_field"`
	BodyContains string `yaml:"body_contains"`
}

// Behaviour is what decides how a contender fares under a burst.
type Behaviour struct {
	AcceptBacklog Fact `yaml:"accept_backlog"`
	KeepAlive     Fact `yaml:"keep_alive"`
	// KeepAliveRequests is after how many requests the server closes a connection; 0: never.
	KeepAliveRequests int  `yaml:"keep_alive_requests"`
	WorkerThreads     Fact `yaml:"worker_threads"`
	ETag              Fact `yaml:"etag"`
}

// Fact is something known of a framework, and from where.
type Fact struct {
	Value  string `yaml:"value"`
	Source string `yaml:"source"`
}
