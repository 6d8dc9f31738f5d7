package procs

import "time"

// workersPipe is not there: a child can't be given the probe here.
type workersPipe struct{}

func openWorkersPipe(string) *workersPipe { return nil }

func (p *workersPipe) listen(func(line string, now time.Time)) {}

func (p *workersPipe) close(bool) {}
