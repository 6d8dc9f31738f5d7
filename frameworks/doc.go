// Package frameworks holds the contenders: a folder each with its manifest and
// sources, embedded in the binary; it finds toolchains, builds contenders and
// caches the builds. It must not know of load, sampling or screens.
package frameworks
