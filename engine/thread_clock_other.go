//go:build !linux

package engine

// threadSource is how a thread fares with the scheduler: this system does not tell.
type threadSource struct{}

func openOwnThread() (threadSource, bool)    { return threadSource{}, false }
func (threadSource) read() (scheduled, bool) { return scheduled{}, false }
func (threadSource) close()                  {}

// processClock reads the same of all threads of this process: this system does not tell.
type processClock struct{}

func (*processClock) growth() (scheduled, bool) { return scheduled{}, false }
