// Package build makes contenders ready to be started: it finds toolchains, runs the steps
// of a build and keeps what they made, by all that went into it. It must not know of load,
// sampling or screens.
package build
