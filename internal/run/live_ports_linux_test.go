package run

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/traffic"
)

// narrowPorts leaves this network so many local ports. It must be a new one, whose
// loopback is still down.
func narrowPorts(count int) error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, request); err != nil {
		return fmt.Errorf("take loopback up: %w", err)
	}
	text := fmt.Sprintf("41000 %d", 41000+count-1)
	return os.WriteFile("/proc/sys/net/ipv4/ip_local_port_range", []byte(text), 0o600)
}

// A port range of eight, for sixteen connections and for six.
func TestGeneratorWithoutPortsIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	for _, c := range []struct {
		connections int
		lacks       bool
	}{{16, true}, {6, false}} {
		network := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET}
		if os.Getuid() != 0 {
			network.Cloneflags |= unix.CLONE_NEWUSER
			network.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
			network.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
		}
		load := traffic.Load{Model: traffic.Closed, Connections: c.connections, Duration: 1500 * time.Millisecond}
		_, r := generatesIn(t, network, generating{URL: "http://127.0.0.1:8080", Load: load, LocalPorts: 8}).told()
		if r.told(diagnosis.GeneratorExhausted) != c.lacks {
			t.Errorf("%d connections by eight ports: the findings are %+v", c.connections, r.result.Findings)
		}
		if c.lacks {
			r.rules(t, diagnosis.VerdictGenerator, "out of what it needs: generator: no local ports")
		}
	}
}
