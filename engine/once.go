package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// Reply is what came back from Once.
type Reply struct {
	Status int
	Body   []byte        // as much as was kept
	Cause  measure.Cause // "" if the reply is OK by the checks
	Took   time.Duration // from dial to the last byte
	Why    string        // it is not OK, beyond the cause; "" if that says it all
	Sample string        // its first bytes, printable
}

// NoReplyError tells of a request that got no whole reply.
type NoReplyError struct {
	Cause     measure.Cause
	Err       error
	Why       string // as precisely as is known; "": Err says it
	Sample    string // the first bytes that came, printable; "" if none did
	Connected bool   // the server took the connection
}

func (e *NoReplyError) Error() string {
	if e.Cause == measure.CauseConnectRefused || e.Cause == measure.CauseConnectFailed { // the system's error says so already
		return e.Err.Error()
	}
	text := fmt.Sprintf("%s: %v", e.Cause, e.Err)
	if e.Why != "" {
		text = fmt.Sprintf("%s: %s", e.Cause, e.Why)
	}
	if e.Sample != "" {
		text += "; what came begins with: " + e.Sample
	}
	return text
}

func (e *NoReplyError) Unwrap() error { return e.Err }

// Once sends the request one time on a connection of its own. The error tells of a
// request that could not be made, or is a *NoReplyError; a reply that fails the
// checks is no error.
func Once(ctx context.Context, request traffic.Request, checks traffic.Checks, timeout time.Duration) (Reply, error) {
	prepared, err := prepare(request)
	if err != nil {
		return Reply{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	began := time.Now()
	var dialer net.Dialer
	conn, err := prepared.dial(ctx, &dialer)
	if err != nil {
		none := &NoReplyError{Cause: dialCause(err), Err: err}
		if none.Cause == measure.CauseConnectTimeout {
			none.Why = whyDial(err)
			none.Connected = none.Why == whyUnshaken
		}
		return Reply{}, none
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, crash.Guarded(func() { conn.socket.Close() }))()
	parser := replyParser{bodyLimit: maxCheckedBody}
	parser.begin(prepared.head)
	var fail failure
	if prepared.http2 == nil {
		fail = onceHTTP1(conn, prepared.bytes, &parser)
	} else {
		fail = onceHTTP2(ctx, conn, prepared.http2, &parser)
	}
	switch {
	case fail.err == nil:
	case ctx.Err() != nil:
		return Reply{}, &NoReplyError{Cause: measure.CauseTimeout, Err: ctx.Err(), Why: parser.onceLate(prepared), Sample: printable(parser.begun), Connected: true}
	default:
		return Reply{}, &NoReplyError{Cause: fail.cause, Err: fail.err, Why: fail.words(), Sample: printable(parser.begun), Connected: true}
	}
	reply := Reply{Status: parser.status, Body: parser.body, Took: time.Since(began), Sample: printable(parser.begun)}
	checker := newChecker(checks)
	if cause, ok := checker.judge(&parser); !ok {
		reply.Cause, reply.Why = cause.cause(checks), checker.whyNot(cause, &parser)
	}
	return reply, nil
}

// onceLate says what a reply lacked when its time was over.
func (p *replyParser) onceLate(request *prepared) string {
	if p.total == 0 && len(p.begun) == 0 {
		return "the connection was accepted, and no byte of a reply came in time"
	}
	if request.http2 != nil {
		return "the head of the reply came, and no end in time"
	}
	return p.late()
}

func onceHTTP1(conn dialled, request []byte, parser *replyParser) failure {
	// A server may reply before it has read the request, and close: an error of
	// writing counts only if there is nothing to read.
	rest := newUpload(conn, request)
	defer rest.stop()
	buffer := make([]byte, readBuffer)
	for {
		n, err := conn.Read(buffer)
		used, done, bad := parser.feed(buffer[:n])
		switch {
		case bad != nil:
			return failure{cause: measure.CauseMalformed, err: bad, why: parser.malformed(bad)}
		case done && used < n:
			return failure{cause: measure.CauseMalformed, err: errAfter, why: parser.after(buffer[used:n])}
		}
		if done || errors.Is(err, io.EOF) && parser.closed(conn.below.cutOff()) {
			return failure{}
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF) && parser.started():
			return failure{cause: measure.CauseClosedMidReply, err: err, why: parser.unfinished()}
		case rest.failed() != nil:
			return failure{cause: measure.CauseConnectionReset, err: rest.failed()}
		case errors.Is(err, io.EOF):
			return failure{cause: measure.CauseClosedBeforeReply, err: err, why: whyClosedBefore}
		default:
			return failure{cause: measure.CauseConnectionReset, err: err}
		}
	}
}

func onceHTTP2(ctx context.Context, conn dialled, requests *http2Requests, parser *replyParser) failure {
	client, err := requests.connect(ctx, conn)
	if err != nil {
		return http2Failure(ctx, err, false, 0)
	}
	defer client.client.Close()
	return client.exchange(ctx, nil, parser, make([]byte, readBuffer))
}
