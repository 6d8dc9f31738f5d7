package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// machine is what a build sees of this one; tests give it another.
type machine struct {
	environ []string // NAME=value
	os      string   // as GOOS
	arch    string   // as GOARCH
	cpus    int
}

func thisMachine() machine {
	return machine{environ: os.Environ(), os: runtime.GOOS, arch: runtime.GOARCH, cpus: runtime.NumCPU()}
}

// getenv returns the last value of a variable, as a child would see it.
func (m machine) getenv(name string) string {
	for _, pair := range slices.Backward(m.environ) {
		key, value, _ := strings.Cut(pair, "=")
		if key == name || m.os == "windows" && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// look finds a program by its name in PATH, or by its path.
func (m machine) look(name string) (path string, ok bool) {
	if strings.ContainsAny(name, `/\`) {
		path, err := exec.LookPath(name)
		return path, err == nil
	}
	for _, dir := range filepath.SplitList(m.getenv("PATH")) {
		if !filepath.IsAbs(dir) {
			continue // a program that depends on where one stands is no toolchain
		}
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path, true
		}
	}
	return "", false
}
