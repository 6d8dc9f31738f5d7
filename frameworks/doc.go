// Package frameworks knows the contenders: it reads their manifests, checks and completes
// them, and makes contenders of a command line (--cmd) and of an address (--url). It starts
// nothing and keeps nothing; it must not know of toolchains on this machine, load or screens.
package frameworks
