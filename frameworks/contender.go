package frameworks

import (
	"io/fs"

	"github.com/benchtui/benchtui/internal/flagname"
)

// Contender is one that can be measured.
type Contender struct {
	Manifest Manifest
	Source   fs.FS  // what is built: its folder or its workspace; nil for one that is not built (--cmd, --url)
	Origin   string // "embedded", the manifest's path, "--cmd", "--url"

	// URL is where a contender of --url is already running: scheme, host and
	// port, path and query. "" for one that is started here.
	URL string

	Dir string // the folder of a manifest given by path; "" for the others
}

// Where a contender came from, besides the path of its manifest.
const (
	OriginEmbedded = "embedded"
	OriginCommand  = flagname.Cmd
	OriginURL      = flagname.URL
)

// Variants are the ways to build and run it, with what the manifest says for all
// of them filled in.
func (c Contender) Variants() []Variant {
	m := c.Manifest
	if len(m.Variants) == 0 {
		return []Variant{{Toolchains: m.Toolchains, Artifact: m.Artifact, Run: m.Run, Version: m.Version}}
	}
	all := make([]Variant, len(m.Variants))
	for i, v := range m.Variants {
		v.Toolchains = append(append([]Toolchain{}, m.Toolchains...), v.Toolchains...)
		if v.Artifact == "" {
			v.Artifact = m.Artifact
		}
		if len(v.Run.Command) == 0 {
			v.Run.Command = m.Run.Command
		}
		env := map[string]string{}
		for _, from := range []map[string]string{m.Run.Env, v.Run.Env} {
			for name, value := range from {
				env[name] = value
			}
		}
		v.Run.Env = env
		if v.Run.Ulimit == nil {
			v.Run.Ulimit = m.Run.Ulimit
		}
		if v.Version.empty() {
			v.Version = m.Version
		}
		all[i] = v
	}
	return all
}

// IsBuilt tells whether a variant takes any building.
func (c Contender) IsBuilt(v Variant) bool { return len(c.Manifest.Build) > 0 || len(v.Build) > 0 }
