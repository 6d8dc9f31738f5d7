package sample

// cpuTimes is CPU time in seconds.
type cpuTimes struct{ user, system float64 }

func (c cpuTimes) total() float64 { return c.user + c.system }

func (c cpuTimes) plus(d cpuTimes) cpuTimes { return cpuTimes{c.user + d.user, c.system + d.system} }

func (c cpuTimes) minus(d cpuTimes) cpuTimes { return cpuTimes{c.user - d.user, c.system - d.system} }

// sinceAll is what was spent since an earlier reading of the same process. The sum
// is exact where user and system are shares of it that may step back a little.
func (c cpuTimes) since(before cpuTimes) cpuTimes {
	all := max(0, c.total()-before.total())
	user := min(all, max(0, c.user-before.user))
	return cpuTimes{user: user, system: all - user}
}
