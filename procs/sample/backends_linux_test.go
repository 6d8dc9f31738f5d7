package sample

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/proctest"
)

// A process at the other end of a connection that the server opened works for it; one
// that connected to the server is a client.
func TestOtherProcessesThatTheServerTalksToAreItsBackends(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	for name, c := range map[string]struct{ network, address string }{
		"TCP": {"tcp", "127.0.0.1:0"}, "TCP, both families": {"tcp", "[::]:0"}, "Unix socket": {"unix", path},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen(c.network, c.address)
			if err != nil {
				t.Skip("NOT CHECKED:", err)
			}
			defer listener.Close()
			address := listener.Addr().String()
			port := 0
			if tcp, ok := listener.Addr().(*net.TCPAddr); ok {
				port = tcp.Port
				address = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
			}
			other := proctest.Start(t, proctest.Connects, proctest.Options{Network: c.network, Address: address})
			conn, err := listener.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			other.Await(t, "ready")
			// Seen from the other process, which opened the connection, we are its backend.
			we := []measure.OtherProcess{{PID: os.Getpid()}}
			if markBackends(we, []int{other.PID()}, 1); !we[0].Backend {
				t.Error("who accepted the server's connection is not its backend")
			}
			stranger := proctest.Start(t, proctest.WaitsForTerm)
			stranger.Await(t, "ready")
			if all := []measure.OtherProcess{{PID: stranger.PID()}}; true {
				if markBackends(all, []int{other.PID()}, 1); all[0].Backend {
					t.Error("a stranger is its backend")
				}
			}
			if port == 0 {
				return
			}
			// If we serve on that port, the other one is a client of ours.
			client := []measure.OtherProcess{{PID: other.PID()}}
			if markBackends(client, []int{os.Getpid()}, port); client[0].Backend {
				t.Error("a client is a backend")
			}
		})
	}
}
