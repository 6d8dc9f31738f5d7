package run

import (
	"context"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/crash"
)

const (
	// askAnewEvery is how long every connection so far stays without a reply before the
	// request is sent on one more.
	askAnewEvery = time.Second
	// mostAsked bounds how many of them are open at once.
	mostAsked = 16
)

// firstReply sends the request and waits for a reply to it, for so long at most. While
// none comes it is sent on further connections, beside those that wait: where several
// sockets listen on the port (SO_REUSEPORT) and the worker behind one is stuck, the kernel
// leads a share of the connections to that one for good, and the others answer.
func firstReply(ctx context.Context, job engine.Job, patience time.Duration) (engine.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	type answer struct {
		reply  engine.Reply
		err    error
		number int // from 1
	}
	answers := make(chan answer)
	asked, pending := 0, 0
	ask := func() {
		asked++
		pending++
		number := asked
		crash.Go(func() {
			reply, err := engine.Once(ctx, job.Request, job.Checks, patience)
			answers <- answer{reply, err, number}
		})
	}
	defer func() {
		cancel()
		for ; pending > 0; pending-- {
			<-answers
		}
	}()
	ask()
	anew := time.NewTicker(askAnewEvery)
	defer anew.Stop()
	for {
		select {
		case got := <-answers:
			pending--
			// What becomes of the others says nothing while the first may yet be answered.
			if got.err == nil || got.number == 1 {
				return got.reply, got.err
			}
		case <-anew.C:
			if pending < mostAsked {
				ask()
			}
		}
	}
}
