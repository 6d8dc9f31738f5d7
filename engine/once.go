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

// Once sends the request one time on a connection of its own. The error tells
// of a request that got no whole reply; a reply that fails the checks is no error.
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
		return Reply{}, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if _, err := conn.Write(prepared.bytes); err != nil {
		return Reply{}, err
	}
	check := newChecker(checks)
	parser := replyParser{bodyLimit: maxCheckedBody}
	parser.begin(prepared.head)
	buffer := make([]byte, readBuffer)
	for {
		n, err := conn.Read(buffer)
		_, done, bad := parser.feed(buffer[:n])
		if bad != nil {
			return Reply{}, fmt.Errorf("%s: %w", CauseMalformed, bad)
		}
		if done || errors.Is(err, io.EOF) && parser.closed() {
			break
		}
		if err != nil {
			if ctx.Err() != nil {
				return Reply{}, ctx.Err()
			}
			if errors.Is(err, io.EOF) {
				return Reply{}, errors.New("the server closed the connection before the end of a reply")
			}
			return Reply{}, err
		}
	}
	reply := Reply{Status: parser.status, Body: parser.body, Took: time.Since(began)}
	if cause, ok := check.judge(&parser); !ok {
		reply.Cause = cause.cause(checks)
	}
	return reply, nil
}
