package frameworks

// Toolchain is a program that builds or runs contenders, and how to find it. A
// manifest needs only the id and the minimum of those in toolchains.yaml.
type Toolchain struct {
	ID        string            `yaml:"id"`
	Name      string            `yaml:"name"`      // as people write it: "Node.js"
	Minimum   string            `yaml:"minimum"`   // version; "": any
	Find      []string          `yaml:"find"`      // program names, or paths with $VARIABLES and *, several with | between them; in order of preference
	Arguments []string          `yaml:"arguments"` // that make it tell its version
	Env       map[string]string `yaml:"env"`       // for that, and for the steps of every build that it is used in
	// Pattern finds the version in the output: its group "version", in its group
	// "path", if any, where the program really is, and in its group "home" the
	// folder that it is installed in.
	Pattern string `yaml:"pattern"`
	// Otherwise is what it is asked, in turn, where Pattern finds nothing.
	Otherwise []Question `yaml:"otherwise"`
	// Flat: the program lies in its home itself, not in a folder bin of it.
	Flat    bool   `yaml:"flat"`
	Install string `yaml:"install"` // what a person does to get it
}

// Question is what else a program is asked that does not say its version, or that
// has none of what is needed.
type Question struct {
	Arguments []string `yaml:"arguments"`
	Pattern   string   `yaml:"pattern"` // as a toolchain's
	// Says is why the program is no such toolchain, with what to do, if the pattern
	// matches: {version} is what it found. "": then it is one.
	Says string `yaml:"says"`
}
