//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// crossed is one load that benchtui and others put on one server in turn.
type crossed struct {
	server *server
	load   load
	tools  []tool // benchtui first
}

// crossedRun is what one run came to, and what the server counted of it.
type crossedRun struct {
	outcome
	server metered
}

// crosscheck runs benchtui and wrk under a closed load, benchtui, vegeta and k6 at a
// constant rate, in turn on the same servers, and holds their figures against each
// other and their counts against the servers'.
func crosscheck(args []string) error {
	set := flag.NewFlagSet("crosscheck", flag.ExitOnError)
	times := set.Int("n", 3, "how often each tool runs")
	long := set.Duration("z", 3*time.Second, "how long each run takes, in whole seconds")
	only := set.String("only", "", "only loads whose name contains this")
	several := set.Int("loops", 0, "how many event loops benchtui takes; 0: as many as it finds right")
	program := set.String("benchtui", "./benchtui", "the program to check")
	_ = set.Parse(args)

	ours := benchtuiTool(*program, *several)
	if _, err := ours.path(); err != nil {
		return fmt.Errorf("%w; build it first: make build", err)
	}
	servers, err := crossedServers()
	for _, one := range servers {
		defer one.stop()
	}
	if err != nil {
		return err
	}
	missing := map[string]bool{}
	closed := present([]tool{wrkTool("wrk", "wrk", "--latency"), oha(), k6()}, missing)
	open := present([]tool{vegeta(), k6(), wrk2()}, missing)
	fmt.Printf("benchtui beside %s: %d runs of %s each, in turn; medians, and in brackets the lowest and highest\n",
		strings.Join(toolNames(append(slices.Clone(closed), open...)), ", "), *times, *long)
	differ := 0
	for _, one := range servers {
		for _, c := range []crossed{
			{one, load{connections: 64, duration: *long}, append([]tool{ours}, closed...)},
			{one, load{connections: 64, duration: *long, rate: 1000}, append([]tool{ours}, open...)},
		} {
			if !strings.Contains(c.name(), *only) || len(c.tools) < 2 {
				continue
			}
			n, err := c.check(*times)
			if err != nil {
				return err
			}
			differ += n
		}
	}
	for _, tool := range []struct{ name, how string }{
		{"wrk", "from your distribution's packages (Debian, Ubuntu: apt install wrk; macOS: brew install wrk)"},
		{"oha", "cargo install oha"},
		{"wrk2", "built from its sources, github.com/giltene/wrk2"},
		{"vegeta", "go install github.com/tsenart/vegeta/v12@latest"},
		{"k6", "go install go.k6.io/k6@latest"},
	} {
		if missing[tool.name] {
			fmt.Printf("\nNOT CHECKED against %s, which is not in PATH: %s\n", tool.name, tool.how)
		}
	}
	if missing["wrk"] || len(open) == 0 {
		return errors.New("a closed and an open check need wrk, and vegeta or k6")
	}
	fmt.Printf("\n%d figures differ by more than their bar; each says why\n", differ)
	return nil
}

func toolNames(tools []tool) (names []string) {
	for _, one := range tools {
		names = append(names, one.name)
	}
	return names
}

// crossedServers are a server of which nothing is to be expected but speed, one
// whose every reply takes as long as another service's, and one that is not ours.
func crossedServers() (servers []*server, err error) {
	add := func(one *server, failed error) {
		if failed == nil {
			servers = append(servers, one)
		} else if err == nil {
			err = failed
		}
	}
	add(own("one thread, no wait", "serve"))
	add(own("one thread that knows when it wrote", "witness"))
	add(own("Go's net/http, 10 ms a reply", "meter", "-wait", "10ms"))
	if nginx, failed := startNginx(); errors.Is(failed, exec.ErrNotFound) {
		fmt.Println("NOT CHECKED with nginx, which is not in PATH: from your distribution's packages")
	} else {
		add(nginx, failed)
	}
	return servers, err
}

// benchtuiTool is the program itself, as a user runs it.
func benchtuiTool(path string, several int) tool {
	return tool{
		name: loops, program: path,
		args: func(url, _ string, l load) []string {
			args := []string{"run", "--url", url, "--plain", "--quiet", "--json", "-", "--warmup", "0s",
				"-c", strconv.Itoa(l.connections), "-z", l.duration.String()}
			if several > 0 {
				args = append(args, "--loops", strconv.Itoa(several))
			}
			if l.rate > 0 {
				return append(args, "-w", "rate", "-q", fmt.Sprint(l.rate))
			}
			return append(args, "-w", "steady")
		},
		read: func(output []byte, _ string, out *outcome) error {
			type distribution struct{ Mean, P50, P90, P99 float64 }
			var result struct {
				Workload   struct{ Rate float64 }
				Contenders []struct {
					Requests struct{ Total, KO uint64 }
					RPS      struct{ Total float64 }
					Latency  struct {
						OK, Service      distribution
						OKToReading      *distribution `json:"ok_to_reading"`
						ServiceToReading *distribution `json:"service_to_reading"`
						ReadLateness     distribution  `json:"read_lateness"`
					} `json:"latency_ms"`
				}
			}
			if err := json.Unmarshal(output, &result); err != nil {
				return err
			}
			if len(result.Contenders) != 1 {
				return errors.New("no contender")
			}
			one := result.Contenders[0]
			out.Requests, out.KO, out.RequestsPS = one.Requests.Total, one.Requests.KO, one.RPS.Total
			// The others' clocks start at the actual send, and end at the reading.
			took, intended := one.Latency.Service, one.Latency.OK
			out.ArrivalP50MS, out.ArrivalP99MS = took.P50, took.P99
			if read := one.Latency.ServiceToReading; read != nil {
				took, intended = *read, *one.Latency.OKToReading
			}
			out.MeanMS, out.P50MS, out.P90MS, out.P99MS = took.Mean, took.P50, took.P90, took.P99
			out.IntendedP50MS, out.IntendedP99MS = intended.P50, intended.P99
			out.ReadLateP50MS, out.ReadLateP99MS = one.Latency.ReadLateness.P50, one.Latency.ReadLateness.P99
			return nil
		},
	}
}

func (c crossed) name() string {
	if c.load.rate > 0 {
		return fmt.Sprintf("open, %.0f requests/s, at most %d connections: %s", c.load.rate, c.load.connections, c.server.name)
	}
	return fmt.Sprintf("closed, %d connections: %s", c.load.connections, c.server.name)
}

// check runs the tools in turn, prints their figures and returns how many differ.
func (c crossed) check(times int) (differ int, err error) {
	runs := map[string][]crossedRun{}
	began := time.Now()
	for range times {
		for _, tool := range c.tools {
			if _, err := c.server.settled(); err != nil {
				return 0, err
			}
			out, err := tool.run(c.server.url, c.load)
			if err != nil {
				return 0, err
			}
			counted, err := c.server.settled()
			if err != nil {
				return 0, err
			}
			if tool.name == loops {
				counted.Requests-- // the one that asks whether the server is there
			}
			runs[tool.name] = append(runs[tool.name], crossedRun{out, counted})
		}
	}
	var corrected []crossedRun // what wrk would have told of our replies
	if c.load.rate == 0 {
		again := ourTool("engine")
		for range times {
			out, err := again.run(c.server.url, c.load)
			if err != nil {
				return 0, err
			}
			corrected = append(corrected, crossedRun{outcome: out})
		}
	}
	fmt.Printf("\n%s (within %.0f s)\n", c.name(), time.Since(began).Seconds())
	c.table(runs)
	differ += c.arrival(runs[loops])
	for _, other := range c.tools[1:] {
		mine := runs[loops]
		if other.intended {
			mine = fromIntended(mine)
		}
		differ += c.compare(other.name, mine, runs[other.name], corrected)
	}
	return differ, nil
}

// fromIntended are benchtui's runs with their times from the intended start.
func fromIntended(runs []crossedRun) []crossedRun {
	runs = slices.Clone(runs)
	for i := range runs {
		runs[i].P50MS, runs[i].P99MS = runs[i].IntendedP50MS, runs[i].IntendedP99MS
	}
	return runs
}

// arrival tells benchtui's times to the arrival of replies, which no other tool
// has, and holds them against the server's own where it keeps any: a server that
// knows when it wrote is the truth that a time to arrival can be held against. It
// returns how many figures differ.
func (c crossed) arrival(ours []crossedRun) (differ int) {
	for _, one := range []struct{ told, late, own reading }{
		{
			reading{"p50 ms", func(r crossedRun) float64 { return r.ArrivalP50MS }, 0.10, 0.02},
			reading{of: func(r crossedRun) float64 { return r.ReadLateP50MS }},
			reading{of: func(r crossedRun) float64 { return r.server.P50MS }},
		}, {
			reading{"p99 ms", func(r crossedRun) float64 { return r.ArrivalP99MS }, 0.10, 0.1},
			reading{of: func(r crossedRun) float64 { return r.ReadLateP99MS }},
			reading{of: func(r crossedRun) float64 { return r.server.P99MS }},
		},
	} {
		low, told, high := one.told.spread(ours)
		_, late, _ := one.late.spread(ours)
		_, own, _ := one.own.spread(ours)
		line := fmt.Sprintf("to arrival, %s: benchtui %s (%s–%s), with replies read %s late", one.told.name, number(told), number(low), number(high), number(late))
		switch {
		case own == 0:
			fmt.Printf("  told    %s\n", line)
		case one.told.agree(told, own):
			fmt.Printf("  agree   %s; the server, by its own clock, %s\n", line, number(own))
		default:
			differ++
			fmt.Printf("  DIFFER  %s; the server, by its own clock, %s\n          what is between the two: the way into and out of the server's process, which its clock does not see\n", line, number(own))
		}
	}
	return differ
}

// reading is one figure of a run.
type reading struct {
	name  string
	of    func(crossedRun) float64
	share float64 // the bar: within this share
	orMS  float64 // or this many ms
}

var (
	throughputReading = reading{"req/s", func(r crossedRun) float64 { return r.RequestsPS }, 0.05, 0}
	p50Reading        = reading{"p50 ms", func(r crossedRun) float64 { return r.P50MS }, 0.05, 0.05}
	p99Reading        = reading{"p99 ms", func(r crossedRun) float64 { return r.P99MS }, 0.10, 0.1}
	readings          = []reading{throughputReading, p50Reading, p99Reading}
)

// spread is the lowest, the median and the highest of the runs.
func (f reading) spread(runs []crossedRun) (low, middle, high float64) {
	var values []float64
	for _, run := range runs {
		values = append(values, f.of(run))
	}
	slices.Sort(values)
	return values[0], values[len(values)/2], values[len(values)-1]
}

// agree says whether two values are within the bar.
func (f reading) agree(a, b float64) bool {
	return math.Abs(a-b) <= max(f.share*max(a, b), f.orMS)
}

func (c crossed) table(runs map[string][]crossedRun) {
	fmt.Printf("  %-10s%26s%26s%26s%14s%16s%14s\n", "", "req/s", "p50 ms", "p99 ms", "requests", "server counted", "CPU µs/req")
	for _, tool := range c.tools {
		fmt.Printf("  %-10s", tool.name)
		for _, one := range readings {
			low, middle, high := one.spread(runs[tool.name])
			fmt.Printf("%26s", fmt.Sprintf("%s (%s–%s)", number(middle), number(low), number(high)))
		}
		told, counted := counts(runs[tool.name])
		_, cpu, _ := reading{of: func(r crossedRun) float64 { return r.CPUMicros }}.spread(runs[tool.name])
		fmt.Printf("%14d%16d%14s\n", told, counted, number(cpu))
	}
	if c.load.rate > 0 {
		_, p50, _ := reading{of: func(r crossedRun) float64 { return r.IntendedP50MS }}.spread(runs[loops])
		_, p99, _ := reading{of: func(r crossedRun) float64 { return r.IntendedP99MS }}.spread(runs[loops])
		fmt.Printf("  all from the actual send; from the intended start benchtui says p50 %s ms, p99 %s ms\n", number(p50), number(p99))
	}
}

// counts are all requests of a tool, by its own count and by the server's.
func counts(runs []crossedRun) (told, counted uint64) {
	for _, run := range runs {
		told += run.Requests
		counted += run.server.Requests
	}
	return told, counted
}

// compare holds benchtui's runs against another tool's, prints what differs and
// why, and returns how many figures do.
func (c crossed) compare(other string, ours, theirs, corrected []crossedRun) (differ int) {
	for _, one := range readings {
		_, a, _ := one.spread(ours)
		_, b, _ := one.spread(theirs)
		apart := fmt.Sprintf("%.1f %% apart", 100*math.Abs(a-b)/max(a, b))
		if one.orMS > 0 {
			apart += fmt.Sprintf(", %.0f µs", 1000*math.Abs(a-b))
		}
		if one.agree(a, b) {
			fmt.Printf("  agree   %s, %s: %s\n", one.name, other, apart)
			continue
		}
		differ++
		fmt.Printf("  DIFFER  %s, %s: %s\n          %s\n", one.name, other, apart, c.why(one, other, ours, theirs, corrected))
	}
	for _, tool := range []struct {
		name string
		runs []crossedRun
	}{{loops, ours}, {other, theirs}} {
		told, counted := counts(tool.runs)
		if told == counted {
			fmt.Printf("  agree   requests, %s: what the server counted, exactly\n", tool.name)
			continue
		}
		differ++
		fmt.Printf("  DIFFER  requests, %s: %d, and the server counted %d\n", tool.name, told, counted)
		if short := counted - told; counted > told && short <= uint64(c.load.connections*len(tool.runs)) {
			fmt.Printf("          the server is right: %s ends with requests under way, at most %d a run, and forgets them (%.1f a run here)\n",
				tool.name, c.load.connections, float64(short)/float64(len(tool.runs)))
		}
	}
	return differ
}

// why says which of two figures is right, by what neither tool has a say in.
func (c crossed) why(one reading, other string, ours, theirs, corrected []crossedRun) string {
	low, a, high := one.spread(ours)
	otherLow, b, otherHigh := one.spread(theirs)
	if one.name == throughputReading.name {
		perTool := func(runs []crossedRun) (rate, cpu float64) {
			_, counted := counts(runs)
			_, cpu, _ = reading{of: func(r crossedRun) float64 { return r.CPUMicros }}.spread(runs)
			return float64(counted) / float64(len(runs)) / c.load.duration.Seconds(), cpu
		}
		rate, cpu := perTool(ours)
		otherRate, otherCPU := perTool(theirs)
		return fmt.Sprintf("both are right: by the server's own counter %s/s came from benchtui and %s/s from %s; the server shares its machine with them (%s and %s µs of CPU a request), and with how they batch",
			number(rate), number(otherRate), other, number(cpu), number(otherCPU))
	}
	if low <= otherHigh && otherLow <= high {
		return fmt.Sprintf("less than the runs of one tool differ among themselves (%s–%s and %s–%s)", number(low), number(high), number(otherLow), number(otherHigh))
	}
	if c.load.rate == 0 {
		return c.whyClosed(one, other, a, b, ours, theirs, corrected)
	}
	own := reading{of: func(r crossedRun) float64 {
		if one.name == p99Reading.name {
			return r.server.P99MS
		}
		return r.server.P50MS
	}}
	const rule = "A tool's clock runs from before its send to after its read, so its own work can only add to the time"
	if _, serverA, _ := own.spread(ours); serverA > 0 {
		_, serverB, _ := own.spread(theirs)
		told := fmt.Sprintf("by its own clock the server took %s ms for benchtui, which tells %s more, and %s for %s, which tells %s more. ",
			number(serverA), number(a-serverA), number(serverB), other, number(b-serverB))
		if one.agree(a-serverA, b-serverB) {
			return told + "Both are right: it is the server that took longer, with what each tool leaves it of the machine"
		}
		return told + rule + ": " + lowerOf(a-serverA, b-serverB, other) + " is nearer"
	}
	cpu := reading{of: func(r crossedRun) float64 { return r.CPUMicros }}
	_, cpuA, _ := cpu.spread(ours)
	_, cpuB, _ := cpu.spread(theirs)
	return fmt.Sprintf("%s: %s is nearer (benchtui spends %s µs of CPU a request, %s %s)", rule, lowerOf(a, b, other), number(cpuA), other, number(cpuB))
}

func lowerOf(a, b float64, other string) string {
	if b < a {
		return other
	}
	return loops
}

// whyClosed asks Little's law: connections × time = replies × (latency + rest), and
// the rest is what a connection spends in the tool between a reply and its next send.
func (c crossed) whyClosed(one reading, other string, a, b float64, ours, theirs, corrected []crossedRun) string {
	if one.name == p99Reading.name && len(corrected) > 0 {
		_, asWrk, _ := (reading{of: func(r crossedRun) float64 { return r.WrkP99MS }}).spread(corrected)
		if one.agree(asWrk, b) {
			return fmt.Sprintf("benchtui is right: wrk adds to each slow reply others that it would have asked for meanwhile, and in a closed load nothing was to be asked for; with the same added, benchtui's engine has %s ms", number(asWrk))
		}
	}
	turn := func(runs []crossedRun) (told, all, underWay float64) {
		_, told, _ = reading{of: func(r crossedRun) float64 { return r.MeanMS }}.spread(runs)
		_, rate, _ := throughputReading.spread(runs)
		all = float64(c.load.connections) / rate * 1000
		return told, all, float64(c.load.connections) * told / all
	}
	told, all, underWay := turn(ours)
	otherTold, otherAll, otherUnderWay := turn(theirs)
	return fmt.Sprintf("both are right, and the loads differ: a connection of benchtui's had a reply every %s ms (connections / throughput) and waited %s of it for the server, one of %s's every %s ms and waited %s; "+
		"so, by Little's law, %.0f requests were under way on average and %.0f of %s's, which spends the rest of the time between a reply and the next send",
		number(all), number(told), other, number(otherAll), number(otherTold), underWay, otherUnderWay, other)
}

// asWrkCorrects is a histogram with what wrk adds to its own: for each reply that
// took more than twice the mean time between a connection's replies, those that
// would have been asked for meanwhile, each shorter by that time.
func asWrkCorrects(h measure.Histogram, over time.Duration, connections int) measure.Histogram {
	each := h.Count() / uint64(max(1, connections))
	if each == 0 {
		return h
	}
	expected := over.Microseconds() / int64(each)
	counts := map[int64]uint64{}
	for i, value := range h.Values {
		counts[value] += h.Counts[i]
		if value < 2*expected || expected == 0 {
			continue
		}
		for missed := value - expected; missed > expected; missed -= expected {
			counts[missed] += h.Counts[i]
		}
	}
	var corrected measure.Histogram
	for value := range counts {
		corrected.Values = append(corrected.Values, value)
	}
	slices.Sort(corrected.Values)
	for _, value := range corrected.Values {
		corrected.Counts = append(corrected.Counts, counts[value])
	}
	return corrected
}
