package procs

// running says whether the process runs; a zombie does not.
func running(pid int) bool {
	stat, ok := readStat(pid)
	return ok && !stat.ended()
}
