package measure

import "time"

// ConnectionTime is what the connections that a load wants open did with their time,
// summed over them: while 64 connections wait for a reply, each second adds 64 s to
// Waiting. It says whose turn it was, whatever became of the requests.
type ConnectionTime struct {
	// Connecting is from the dial to the connection, a TLS handshake included; and of a
	// server that refuses, the pause before it is asked again.
	Connecting time.Duration `json:"connecting_ns"`
	// Waiting is from the send to the arrival of the reply's end, or to the request's
	// failure.
	Waiting time.Duration `json:"waiting_ns"`
	// Held is free with a request due, or with a reply that was not read yet: the
	// generator's own time.
	Held time.Duration `json:"held_ns"`
	// Idle is free, with nothing due.
	Idle time.Duration `json:"idle_ns"`
}

// Add adds what the same connections did in another stretch, or others in the same.
func (c *ConnectionTime) Add(other ConnectionTime) {
	c.Connecting += other.Connecting
	c.Waiting += other.Waiting
	c.Held += other.Held
	c.Idle += other.Idle
}
