package engine

import "errors"

// What a failure without a byte of a reply is shown by, where the system has no
// error of its own.
var (
	errConnectTimeout = errors.New("no answer to the connect")
	errTimeout        = errors.New("no whole reply in time")
	errClosedBefore   = errors.New("the server closed the connection without a reply")
	errClosedMid      = errors.New("the server closed the connection in the middle of its reply")
	errNeverFree      = errors.New("it was due, and no connection became free before the load was given up")
)
