package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Reply is what came back from Once.
type Reply struct {
	Status int
	Body   []byte        // as much as was kept
	Cause  Cause         // "" if the reply is OK by the checks
	Took   time.Duration // from dial to the last byte
}

// NoReplyError tells of a request that got no whole reply.
type NoReplyError struct {
	Cause Cause
	Err   error
}

func (e *NoReplyError) Error() string {
	if e.Cause == CauseConnectRefused { // the system's error says so already
		return e.Err.Error()
	}
	return fmt.Sprintf("%s: %v", e.Cause, e.Err)
}

func (e *NoReplyError) Unwrap() error { return e.Err }

// Once sends the request one time on a connection of its own. The error tells of a
// request that could not be made, or is a *NoReplyError; a reply that fails the
// checks is no error.
func Once(ctx context.Context, request Request, checks Checks, timeout time.Duration) (Reply, error) {
	prepared, err := prepare(request)
	if err != nil {
		return Reply{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	began := time.Now()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", prepared.address)
	if err != nil {
		return Reply{}, &NoReplyError{dialCause(err), err}
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	noReply := func(cause Cause, err error) (Reply, error) {
		if ctx.Err() != nil {
			cause, err = CauseTimeout, ctx.Err()
		}
		return Reply{}, &NoReplyError{cause, err}
	}
	// A server may reply before it has read the request, and close: an error of
	// writing counts only if there is nothing to read.
	_, unwritten := conn.Write(prepared.bytes)
	parser := replyParser{bodyLimit: maxCheckedBody}
	parser.begin(prepared.head)
	buffer := make([]byte, readBuffer)
	for {
		n, err := conn.Read(buffer)
		_, done, bad := parser.feed(buffer[:n])
		if bad != nil {
			return noReply(CauseMalformed, bad)
		}
		if done || errors.Is(err, io.EOF) && parser.closed() {
			break
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF) && parser.started():
			return noReply(CauseClosedMidReply, errClosedMid)
		case unwritten != nil:
			return noReply(CauseConnectionReset, unwritten)
		case errors.Is(err, io.EOF):
			return noReply(CauseClosedBeforeReply, errClosedBefore)
		default:
			return noReply(CauseConnectionReset, err)
		}
	}
	reply := Reply{Status: parser.status, Body: parser.body, Took: time.Since(began)}
	if cause, ok := newChecker(checks).judge(&parser); !ok {
		reply.Cause = cause.cause(checks)
	}
	return reply, nil
}
