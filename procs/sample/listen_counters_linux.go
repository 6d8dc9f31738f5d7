package sample

import (
	"bytes"

	"github.com/benchtui/benchtui/procs/system"
	"golang.org/x/sys/unix"
)

// readListenCounters reads TcpExt of the network namespace that the process is in.
func readListenCounters(pid int) (listenCounters, bool) {
	text, ok := system.NewFiles().Read(unix.AT_FDCWD, system.Path(pid, "net/netstat"))
	if !ok {
		return listenCounters{}, false
	}
	return parseListenCounters(text)
}

// parseListenCounters reads pairs of lines: names, then values.
func parseListenCounters(text []byte) (found listenCounters, ok bool) {
	prefix := []byte("TcpExt:")
	var names [][]byte
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, prefix) {
			continue
		}
		values := system.Fields(line, nil)
		if names == nil {
			names = values
			continue
		}
		for i := 1; i < min(len(names), len(values)); i++ {
			value, _ := system.Number(values[i])
			switch string(names[i]) {
			case "ListenOverflows":
				found.overflows, ok = float64(value), true
			case "ListenDrops":
				found.drops = float64(value)
			case "TCPSynRetrans":
				found.synRetries = float64(value)
			}
		}
		return found, ok
	}
	return found, false
}
