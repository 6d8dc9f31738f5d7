//go:build unix

package procs

import "syscall"

// CanProbeEventLoops says whether Command.EventLoop does anything here.
const CanProbeEventLoops = true

// neverWaits has writes to a full pipe fail in the child, instead of holding up its
// event loop while we are stopped. Both ends of an inheritance share the flag; os/exec
// clears it as it hands the file over, so that it is set after.
func (p *eventLoopProbe) neverWaits() {
	raw, err := p.writer.SyscallConn()
	if err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.SetNonblock(int(fd), true) })
	}
}
