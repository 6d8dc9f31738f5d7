package sample

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/system"
)

// acceptQueue is how many connections wait to be accepted on the port, and how many
// may, of the socket that is fullest: several may share the port (SO_REUSEPORT), each
// with a queue of its own, and a worker that is stuck fills only its own.
func acceptQueue(port int) (length, limit figure.Value, listeners int) {
	all, _ := system.ListenSockets(port)
	var fullest system.ListenSocket
	for _, one := range all {
		if one.Limit*fullest.Length <= fullest.Limit*one.Length {
			fullest = one
		}
	}
	if len(all) == 0 {
		return figure.Value{}, figure.Value{}, 0
	}
	return figure.Of(fullest.Length), figure.Of(fullest.Limit), len(all)
}
