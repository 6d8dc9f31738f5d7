//go:build unix

package servertest

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

func ignoreTerm() { signal.Ignore(syscall.SIGTERM, syscall.SIGHUP) }

// beside is a command that has a process play a role beside this one, on the same port.
func beside(role Role, options ...Options) *exec.Cmd {
	cmd := exec.Command(os.Args[0], port())
	cmd.Env = append(os.Environ(), As(role, options...))
	return cmd
}

func linger(o Options) {
	ignoreTerm()
	for range o.Workers {
		must(beside(Lingers).Start())
	}
	select {}
}

func fork(Options) {
	must(beside(Lingers, Options{Workers: 1}).Start())
	must(beside(Lingers).Start())
	serve(func() {})
}

func daemonize(o Options) {
	daemon := beside(IgnoresTerm)
	daemon.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	must(daemon.Start())
	if o.Stays {
		select {}
	}
}

func becomeRoots(Options) {
	if err := becomeRoot(); err != nil {
		fail("not root's:", err)
	}
	ignoreTerm()
	serve(func() {})
}

func exits(o Options) {
	if o.Well {
		os.Exit(0)
	}
	os.Exit(4)
}

// killItself says what it dies of, and then so many lines that nobody needs.
func killItself(o Options) {
	fmt.Fprintln(os.Stderr, "listening")
	time.Sleep(50 * time.Millisecond)
	fmt.Fprintln(os.Stderr, o.Text)
	for i := range o.Lines {
		fmt.Fprintf(os.Stderr, "  at frame %d\n", i)
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

func burnCPU(o Options) {
	const turn = 20 * time.Millisecond
	for {
		busy := time.Duration(o.Share * float64(turn))
		spin(busy)
		time.Sleep(turn - busy)
	}
}

// shareMemory writes to a file without a name any more, which its workers inherit.
func shareMemory(o Options) {
	size := o.MB * 1_000_000
	shared := os.NewFile(3, "shared")
	if !o.Inherited {
		var err error
		shared, err = os.CreateTemp("", "shared")
		must(err)
		_ = os.Remove(shared.Name())
		must(shared.Truncate(int64(size)))
	}
	memory, err := syscall.Mmap(int(shared.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	must(err)
	for at := 0; at < len(memory); at += os.Getpagesize() {
		memory[at] = 1
	}
	if o.Inherited {
		fmt.Println("ready")
		select {}
	}
	for range o.Workers {
		worker := beside(SharesMemory, Options{MB: o.MB, Inherited: true})
		worker.ExtraFiles = []*os.File{shared}
		ready, err := worker.StdoutPipe()
		must(err)
		must(worker.Start())
		_, _ = ready.Read(make([]byte, 1))
	}
	serve(func() {})
}
