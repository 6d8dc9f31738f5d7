package procs_test

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/sample"
	"github.com/benchtui/benchtui/procs/system"
)

func listens(port int) bool {
	sockets, _ := system.ListenSockets(port)
	return len(sockets) > 0
}

// A server that goes to the background and keeps answering has not ended, and ends
// with us all the same.
func TestServerInTheBackgroundGoesOnServing(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	port := proctest.FreePort(t)
	child := proctest.Start(t, proctest.LeavesListener, proctest.Options{Port: port})
	service := child.Serve(port)
	child.AwaitEnd(t)
	proctest.Until(t, "a listener", func() bool { return listens(port) })
	service.Ready()
	proctest.Until(t, "an heir", func() bool { return service.PID() != child.PID() })
	select {
	case <-service.Done():
		t.Fatalf("it is said to have ended: %s", service.Exit())
	case <-time.After(5 * procs.HeirEvery):
	}
	if serving := sample.ServingOn(port, child.PID()); !slices.Equal(serving.Roots, []int{service.PID()}) {
		t.Errorf("%+v serves, want %d", serving, service.PID())
	}
	if err := service.Stop(context.Background(), time.Second); err != nil {
		t.Error(err)
	}
	if listens(port) {
		t.Error("it still listens")
	}
}

// A log that nobody reads any more would end a server that writes to it.
func TestServerInTheBackgroundIsStillHeard(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	port := proctest.FreePort(t)
	child := proctest.Start(t, proctest.LeavesListener, proctest.Options{Port: port, Talks: true})
	service := child.Serve(port)
	child.AwaitEnd(t)
	proctest.Until(t, "an heir", func() bool { return service.PID() != child.PID() })
	service.Ready()
	// Longer than the log of an ended child was ever read.
	proctest.Until(t, "words", func() bool {
		return slices.Contains(child.Lines(), "word 80")
	})
	select {
	case <-service.Done():
		t.Errorf("it ended: %s", service.Exit())
	default:
	}
}

func TestServerInTheBackgroundThatDiesHasEnded(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	port := proctest.FreePort(t)
	child := proctest.Start(t, proctest.LeavesListener, proctest.Options{Port: port})
	service := child.Serve(port)
	proctest.Until(t, "an heir", func() bool { return service.PID() != child.PID() })
	service.Ready()
	if err := syscall.Kill(service.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-service.Done():
	case <-time.After(proctest.Patience):
		t.Fatal("nobody noticed")
	}
	if exit := service.Exit(); exit.Signal != "SIGKILL" {
		t.Errorf("it ended %q", exit)
	}
}

func TestServerThatEndsAfterItServedHasEndedAtOnce(t *testing.T) {
	child := proctest.Start(t, proctest.ExitsWith3)
	service := child.Serve(proctest.FreePort(t))
	select {
	case <-service.Done():
	case <-time.After(proctest.Patience):
		t.Fatal("nobody noticed")
	}
	if exit := service.Exit(); exit.Code != 3 {
		t.Errorf("it ended %q", exit)
	}
}
