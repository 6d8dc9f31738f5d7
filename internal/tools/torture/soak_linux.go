package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// soak loads a server of ours at a constant rate and says whether all stayed level.
func (t *torture) soak(over time.Duration) bool {
	var served atomic.Uint64
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return false
	}
	go func() {
		_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			served.Add(1)
			_, _ = io.WriteString(w, "ok")
		}))
	}()
	const rate, connections = 1000, 16
	// Go keeps what its heap once needed at most, up to about a fifth above its goal: what
	// is live is level after a minute, and that comes to rest in ten to fifteen.
	settling := over / 4
	fmt.Printf("%d requests/s over %d connections for %s; memory and descriptors are looked at after %s\n", rate, connections, over, settling)
	recording, path := filepath.Join(t.folder, "soak.btr"), filepath.Join(t.folder, "soak.json")
	cmd := exec.Command(t.program, "run", "--url", "http://"+listener.Addr().String()+"/", "-w", "rate", "-q", strconv.Itoa(rate), "-c", strconv.Itoa(connections),
		"-z", over.String(), "--warmup", "0s", "--quiet", "--record", recording, "--json", path)
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+t.folder)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		return false
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	began := time.Now()
	var memory, files []float64
	told := 0 // tenths of the time
	tick := time.NewTicker(max(time.Second, over/600))
	defer tick.Stop()
	for running := true; running; {
		select {
		case err = <-ended:
			running = false
		case <-tick.C:
			at := time.Since(began)
			if at < settling || at > over-over/50 {
				continue
			}
			if rss, descriptors, ok := held(cmd.Process.Pid); ok {
				memory, files = append(memory, rss), append(files, descriptors)
			}
			if tenth := int(10 * at / over); tenth > told && len(memory) > 0 {
				told = tenth
				fmt.Printf("after %-8s %.1f MB, %.0f descriptors\n", at.Round(time.Second), memory[len(memory)-1], files[len(files)-1])
			}
		}
	}
	well := err == nil
	if err != nil {
		fmt.Println("benchtui:", err)
	}
	for _, one := range []struct {
		name   string
		values []float64
		unit   string
	}{{"memory", memory, "MB"}, {"descriptors", files, ""}} {
		if len(one.values) < 8 {
			fmt.Println(one.name, "was hardly read")
			well = false
			continue
		}
		quarter := len(one.values) / 4
		first, last := mean(one.values[:quarter]), mean(one.values[len(one.values)-quarter:])
		growth := 100 * (last - first) / first
		fmt.Printf("%-12s %.1f %s in the first quarter, %.1f %s in the last: %+.1f %%; %.1f to %.1f %s\n", one.name, first, one.unit, last, one.unit, growth,
			slices.Min(one.values), slices.Max(one.values), one.unit)
		well = well && growth < 5 // less is well, too
	}
	var result struct {
		Contenders []struct {
			Requests struct{ Total, OK, Retried uint64 }
		}
	}
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &result) != nil || len(result.Contenders) != 1 {
		fmt.Println("no result:", err)
		return false
	}
	requests := result.Contenders[0].Requests
	// The server is asked once whether it answers, which is no part of the load.
	counted := served.Load() - 1
	fmt.Printf("%-12s %d told, %d asked for, %d counted by the server\n", "requests", requests.Total, uint64(rate*over.Seconds()), counted)
	well = well && requests.Total == counted && requests.OK == requests.Total && requests.Retried == 0 && requests.Total == uint64(rate*over.Seconds())
	intervals, whole, err := intervalsOf(recording)
	fmt.Printf("%-12s %d in the recording, without a gap: %v %v\n", "intervals", intervals, whole, errorWords(err))
	return well && whole && err == nil && intervals >= int(over/(100*time.Millisecond))*99/100
}

func errorWords(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func mean(values []float64) (sum float64) {
	for _, value := range values {
		sum += value
	}
	return sum / float64(len(values))
}

// held is what a process holds: MB of memory of its own, and open files.
func held(pid int) (mb, descriptors float64, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, false
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "RssAnon:"); found {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			mb = kb / 1000
		}
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return mb, float64(len(open)), err == nil && mb > 0
}
