//go:build linux

package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

// bar is how much of a core drawing may take, in percent; DESIGN section 10.
const bar = 5

// plan is what is measured.
type plan struct {
	binary    string
	contender string // "": the server that is part of benchtui
	rounds    int
	rate      int
	length    time.Duration
	columns   int
	rows      int
}

func main() {
	var p plan
	flag.StringVar(&p.contender, "contender", "", "what to load; default: the server that is part of benchtui")
	flag.IntVar(&p.rounds, "rounds", 3, "runs of each kind, in turn")
	flag.IntVar(&p.rate, "rate", 2000, "requests per second")
	flag.DurationVar(&p.length, "length", 12*time.Second, "of a run")
	flag.IntVar(&p.columns, "columns", 160, "of the terminal")
	flag.IntVar(&p.rows, "rows", 45, "of the terminal")
	flag.Parse()
	p.binary = flag.Arg(0)
	if p.binary == "" {
		p.binary = "./benchtui"
	}
	if err := measure(p); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure runs both kinds in turn and prints the medians.
func measure(p plan) error {
	args := []string{"run", p.contender}
	if p.contender == "" {
		server, port, err := serve(p.binary)
		if err != nil {
			return err
		}
		defer func() {
			server.Process.Kill()
			server.Wait()
		}()
		args = []string{"run", "--url", fmt.Sprintf("http://127.0.0.1:%d/hello", port), "--pid", strconv.Itoa(server.Process.Pid)}
	}
	args = append(args, "-w", "rate", "-q", strconv.Itoa(p.rate), "-c", "64", "-z", p.length.String(), "--warmup", "0s", "--no-record")
	fmt.Printf("benchtui %v, %d times each, screen of %dx%d\n", args, p.rounds, p.columns, p.rows)
	var plains, screens []float64
	for range p.rounds {
		plain, err := runPlain(p, args)
		if err != nil {
			return err
		}
		screen, err := runScreen(p, args)
		if err != nil {
			return err
		}
		percent := func(cpu time.Duration) float64 { return 100 * cpu.Seconds() / p.length.Seconds() }
		plains, screens = append(plains, percent(plain)), append(screens, percent(screen.cpu))
		fmt.Printf("  --plain %5.1f %%   screen %5.1f %%   of one core; %.1f redraws/s, %.0f kB/s to the terminal\n",
			percent(plain), percent(screen.cpu), float64(screen.redraws)/p.length.Seconds(), float64(screen.bytes)/1000/p.length.Seconds())
	}
	drawing := median(screens) - median(plains)
	fmt.Printf("medians: --plain %.1f %%, screen %.1f %%: drawing takes %.1f %% of one core (bar: below %d %%)\n",
		median(plains), median(screens), drawing, bar)
	if drawing >= bar {
		return fmt.Errorf("drawing takes %.1f %% of a core; find what became dear with go test ./tui -run '^$' -bench View -cpuprofile cpu.out", drawing)
	}
	return nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// serve starts the server that is part of benchtui and waits until it listens.
func serve(binary string) (*exec.Cmd, int, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, 0, fmt.Errorf("find a free port: %w", err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	server := exec.Command(binary, "serve-golang", "--port", strconv.Itoa(port))
	if err := server.Start(); err != nil {
		return nil, 0, fmt.Errorf("start %s: %w; make build makes it", binary, err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			conn.Close()
			return server, port, nil
		}
		if time.Now().After(deadline) {
			server.Process.Kill()
			server.Wait()
			return nil, 0, fmt.Errorf("the server does not listen on port %d: %w", port, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// runPlain is the CPU time of a run that draws nothing.
func runPlain(p plan, args []string) (time.Duration, error) {
	run := exec.Command(p.binary, append(slices.Clone(args), "--plain")...)
	if out, err := run.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%v: %w\n%s", run.Args, err, out)
	}
	return cpu(run), nil
}

// cpu is what an ended process took, user and system.
func cpu(ended *exec.Cmd) time.Duration {
	return ended.ProcessState.UserTime() + ended.ProcessState.SystemTime()
}
