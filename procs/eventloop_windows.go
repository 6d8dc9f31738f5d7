package procs

// CanProbeEventLoops says whether Command.EventLoop does anything here: a child
// can't be given a pipe beside its standard ones.
const CanProbeEventLoops = false

func (p *eventLoopProbe) neverWaits() {}
