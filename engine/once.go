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
	conn, err := prepared.dial(ctx, &dialer)
	if err != nil {
		return Reply{}, &NoReplyError{dialCause(err), err}
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.socket.Close() })()
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
		return Reply{}, &NoReplyError{CauseTimeout, ctx.Err()}
	default:
		return Reply{}, &NoReplyError{fail.cause, fail.err}
	}
	reply := Reply{Status: parser.status, Body: parser.body, Took: time.Since(began)}
	if cause, ok := newChecker(checks).judge(&parser); !ok {
		reply.Cause = cause.cause(checks)
	}
	return reply, nil
}

func onceHTTP1(conn net.Conn, request []byte, parser *replyParser) failure {
	// A server may reply before it has read the request, and close: an error of
	// writing counts only if there is nothing to read.
	_, unwritten := conn.Write(request)
	buffer := make([]byte, readBuffer)
	for {
		n, err := conn.Read(buffer)
		_, done, bad := parser.feed(buffer[:n])
		if bad != nil {
			return failure{cause: CauseMalformed, err: bad}
		}
		if done || errors.Is(err, io.EOF) && parser.closed() {
			return failure{}
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF) && parser.started():
			return failure{cause: CauseClosedMidReply, err: errClosedMid}
		case unwritten != nil:
			return failure{cause: CauseConnectionReset, err: unwritten}
		case errors.Is(err, io.EOF):
			return failure{cause: CauseClosedBeforeReply, err: errClosedBefore}
		default:
			return failure{cause: CauseConnectionReset, err: err}
		}
	}
}

func onceHTTP2(ctx context.Context, conn dialled, requests *http2Requests, parser *replyParser) failure {
	client, err := requests.connect(ctx, conn)
	if err != nil {
		return http2Failure(ctx, err, false)
	}
	defer client.client.Close()
	return client.exchange(ctx, nil, parser, make([]byte, readBuffer))
}
