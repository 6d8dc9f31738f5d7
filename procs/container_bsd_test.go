//go:build unix && !linux

package procs

func asFirstProcess() {}
