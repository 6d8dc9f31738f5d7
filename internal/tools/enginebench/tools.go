//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// load is what every tool is asked for.
type load struct {
	connections int
	duration    time.Duration
	rate        float64 // 0: closed
	extra       []string
}

// tool is a load generator: how it is called, and where its figures stand.
type tool struct {
	name    string
	program string // "" is this program
	args    func(url, dir string, load load) []string
	read    func(output []byte, dir string, out *outcome) error
	// intended: under a rate it tells times from the intended start.
	intended bool
}

func (t tool) path() (string, error) {
	if t.program == "" {
		return os.Executable()
	}
	return exec.LookPath(t.program)
}

// run runs the tool once and counts its CPU time as the kernel does.
func (t tool) run(url string, load load) (outcome, error) {
	path, err := t.path()
	if err != nil {
		return outcome{}, err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return outcome{}, err
	}
	defer os.RemoveAll(dir)
	command := exec.Command(path, t.args(url, dir, load)...)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	output, err := command.Output()
	if err != nil {
		return outcome{}, fmt.Errorf("%s: %w", t.name, err)
	}
	var out outcome
	if err := t.read(output, dir, &out); err != nil {
		return outcome{}, fmt.Errorf("%s: %w in %s", t.name, err, output)
	}
	if out.Requests == 0 {
		return outcome{}, fmt.Errorf("%s: no requests in %s", t.name, output)
	}
	used := command.ProcessState.SysUsage().(*syscall.Rusage)
	out.CPUMicros = float64(used.Utime.Nano()+used.Stime.Nano()) / 1000 / float64(out.Requests)
	return out, nil
}

func ourTool(name string, extra ...string) tool {
	return tool{
		name: name,
		args: func(url, _ string, l load) []string {
			model := "closed"
			if l.rate > 0 {
				model = "rate"
			}
			args := []string{"ours", "-url", url, "-model", model, "-c", strconv.Itoa(l.connections),
				"-z", l.duration.String(), "-q", fmt.Sprint(l.rate)}
			return append(append(args, extra...), l.extra...)
		},
		read: func(output []byte, _ string, out *outcome) error { return json.Unmarshal(output, out) },
	}
}

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in`)
	wrkQuantile = regexp.MustCompile(`(?m)^\s*(50|90|99)(?:\.000)?%\s+([\d.]+)(us|ms|s)`)
	wrkMean     = regexp.MustCompile(`(?m)^\s*Latency\s+([\d.]+)(us|ms|s)`)
	wrkRate     = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	wrkErrors   = regexp.MustCompile(`Non-2xx or 3xx responses: (\d+)`)
	inMS        = map[string]float64{"us": 0.001, "ms": 1, "s": 1000}
)

func wrkTool(name, program string, extra ...string) tool {
	return tool{
		name: name, program: program,
		args: func(url, _ string, l load) []string {
			args := []string{"-t1", "-c" + strconv.Itoa(l.connections), "-d" + strconv.Itoa(int(l.duration.Seconds())) + "s"}
			if l.rate > 0 {
				args = append(args, fmt.Sprintf("-R%.0f", l.rate))
			}
			return append(append(args, extra...), url)
		},
		read: func(output []byte, _ string, out *outcome) error {
			found := wrkRequests.FindSubmatch(output)
			if found == nil {
				return fmt.Errorf("no count")
			}
			out.Requests, _ = strconv.ParseUint(string(found[1]), 10, 64)
			for _, quantile := range wrkQuantile.FindAllSubmatch(output, -1) {
				value, _ := strconv.ParseFloat(string(quantile[2]), 64)
				value *= inMS[string(quantile[3])]
				switch string(quantile[1]) {
				case "50":
					out.P50MS = value
				case "90":
					out.P90MS = value
				default:
					out.P99MS = value
				}
			}
			if mean := wrkMean.FindSubmatch(output); mean != nil {
				out.MeanMS, _ = strconv.ParseFloat(string(mean[1]), 64)
				out.MeanMS *= inMS[string(mean[2])]
			}
			if rate := wrkRate.FindSubmatch(output); rate != nil {
				out.RequestsPS, _ = strconv.ParseFloat(string(rate[1]), 64)
			}
			if errors := wrkErrors.FindSubmatch(output); errors != nil {
				out.KO, _ = strconv.ParseUint(string(errors[1]), 10, 64)
			}
			return nil
		},
	}
}

func wrk2() tool {
	one := wrkTool("wrk2", "wrk2", "--latency")
	one.intended = true
	return one
}

func oha() tool {
	return tool{
		name: "oha", program: "oha",
		args: func(url, _ string, l load) []string {
			return []string{"--no-tui", "--output-format", "json", "-c", strconv.Itoa(l.connections), "-z", l.duration.String(), url}
		},
		read: func(output []byte, _ string, out *outcome) error {
			var read struct {
				Summary struct {
					Average        float64
					RequestsPerSec float64
				}
				Percentiles map[string]float64 `json:"latencyPercentiles"` // s
				Statuses    map[string]uint64  `json:"statusCodeDistribution"`
			}
			err := json.Unmarshal(output, &read)
			for status, count := range read.Statuses {
				out.Requests += count
				if status != "200" {
					out.KO += count
				}
			}
			out.RequestsPS, out.MeanMS = read.Summary.RequestsPerSec, 1000*read.Summary.Average
			out.P50MS, out.P90MS, out.P99MS = 1000*read.Percentiles["p50"], 1000*read.Percentiles["p90"], 1000*read.Percentiles["p99"]
			return err
		},
	}
}

func bombardier() tool {
	return tool{
		name: "bombardier", program: "bombardier",
		args: func(url, _ string, l load) []string {
			return []string{"-c", strconv.Itoa(l.connections), "-d", l.duration.String(), "-o", "json", "-p", "r", url}
		},
		read: func(output []byte, _ string, out *outcome) error {
			var read struct {
				Result struct {
					Req2xx uint64 `json:"req2xx"`
				} `json:"result"`
			}
			err := json.Unmarshal(output, &read)
			out.Requests = read.Result.Req2xx
			return err
		},
	}
}

func vegeta() tool {
	return tool{
		name: "vegeta", program: "vegeta",
		args: func(url, dir string, l load) []string {
			targets := filepath.Join(dir, "targets")
			_ = os.WriteFile(targets, []byte("GET "+url+"\n"), 0o644)
			rate := "0"
			if l.rate > 0 {
				rate = fmt.Sprintf("%.0f", l.rate)
			}
			connections := strconv.Itoa(l.connections)
			return []string{"attack", "-targets", targets, "-rate", rate, "-duration", l.duration.String(), "-workers", connections,
				"-max-workers", connections, "-connections", connections, "-output", filepath.Join(dir, "out")}
		},
		read: func(_ []byte, dir string, out *outcome) error {
			text, err := exec.Command("vegeta", "report", "-type=json", filepath.Join(dir, "out")).Output()
			if err != nil {
				return err
			}
			var read struct {
				Requests   uint64             `json:"requests"`
				Throughput float64            `json:"throughput"`
				Success    float64            `json:"success"`
				Latencies  map[string]float64 `json:"latencies"` // ns
			}
			err = json.Unmarshal(text, &read)
			out.Requests, out.RequestsPS, out.MeanMS = read.Requests, read.Throughput, read.Latencies["mean"]/1e6
			out.KO = uint64(float64(read.Requests)*(1-read.Success) + 0.5)
			out.P50MS, out.P90MS, out.P99MS = read.Latencies["50th"]/1e6, read.Latencies["90th"]/1e6, read.Latencies["99th"]/1e6
			return err
		},
	}
}

func k6() tool {
	return tool{
		name: "k6", program: "k6",
		args: func(url, dir string, l load) []string {
			script := filepath.Join(dir, "script.js")
			options := fmt.Sprintf("{ vus: %d, duration: '%s', summaryTrendStats: ['avg', 'med', 'p(90)', 'p(99)'] }", l.connections, l.duration)
			if l.rate > 0 {
				options = fmt.Sprintf("{ summaryTrendStats: ['avg', 'med', 'p(90)', 'p(99)'], scenarios: { rate: { executor: 'constant-arrival-rate', "+
					"rate: %.0f, timeUnit: '1s', duration: '%s', preAllocatedVUs: %d, maxVUs: %[3]d } } }", l.rate, l.duration, l.connections)
			}
			_ = os.WriteFile(script, []byte("import http from 'k6/http'; export const options = "+options+
				"; export default function () { http.get('"+url+"'); }"), 0o644)
			return []string{"run", "--quiet", "--no-usage-report", "--summary-export", filepath.Join(dir, "out"), script}
		},
		read: func(_ []byte, dir string, out *outcome) error {
			text, err := os.ReadFile(filepath.Join(dir, "out"))
			if err != nil {
				return err
			}
			var read struct {
				Metrics map[string]map[string]any `json:"metrics"`
			}
			err = json.Unmarshal(text, &read)
			figure := func(metric, name string) float64 {
				value, _ := read.Metrics[metric][name].(float64)
				return value
			}
			out.Requests, out.RequestsPS = uint64(figure("http_reqs", "count")), figure("http_reqs", "rate")
			const took = "http_req_duration" // from the first byte sent to the last received
			out.MeanMS, out.P50MS, out.P90MS, out.P99MS = figure(took, "avg"), figure(took, "med"), figure(took, "p(90)"), figure(took, "p(99)")
			out.KO = uint64(figure("http_req_failed", "passes")) // k6 counts a failed request as one that passes the check "failed"
			return err
		},
	}
}

// present drops the tools that this machine does not have, and says which.
func present(tools []tool, missing map[string]bool) []tool {
	var found []tool
	for _, one := range tools {
		if _, err := one.path(); err != nil {
			missing[strings.Fields(one.name)[0]] = true
			continue
		}
		found = append(found, one)
	}
	return found
}
