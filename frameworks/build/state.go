package build

import (
	"fmt"

	"github.com/benchtui/benchtui/frameworks"
)

// StateKind is whether a contender can be measured on this machine.
type StateKind string

// The states.
const (
	Ready       StateKind = "ready"
	CanBeBuilt  StateKind = "can be built"
	Missing     StateKind = "missing"
	BuildFailed StateKind = "build failed"
)

// State is a StateKind with its reason.
type State struct {
	Kind    StateKind
	Reason  string // "needs Go 1.22 or newer (go not found); install …", "built 2 h ago, cached"
	Variant string // how it would run: "single executable", "plain node 20.20.2", "built in"
	Version string // the framework's, as built or to be built: "Express 4.21.2"
	LogPath string // of the last build; "" if there is none
}

// String says it in a line: "missing: needs Node.js 20 or newer (node not found); …".
func (s State) String() string {
	if s.Reason == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + ": " + s.Reason
}

// largeDownload is from how many MB on a download is told before a build begins it.
const largeDownload = 100

// firstDownload says how much a first build downloads, or "" where it is little or not known.
func firstDownload(m frameworks.Manifest) string {
	if m.DownloadsMB == nil || *m.DownloadsMB < largeDownload {
		return ""
	}
	return fmt.Sprintf("a first build downloads %d MB", *m.DownloadsMB)
}
