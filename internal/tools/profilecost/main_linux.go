package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/leaderboard"
)

// plan is what is measured.
type plan struct {
	binary string
	pairs  int
	rate   float64
	length time.Duration // of a stretch, or of a run's load
	keep   string        // a file to which pairs are added; the sums are of all in it
}

// pair is one figure without and one with, µs of CPU per request.
type pair struct {
	Of      string  `json:"of"`
	Without float64 `json:"without"`
	With    float64 `json:"with"`
}

func main() {
	var p plan
	var only string
	flag.IntVar(&p.pairs, "pairs", 8, "stretches, or runs, of each kind, in turn")
	flag.Float64Var(&p.rate, "rate", 1000, "requests per second")
	flag.DurationVar(&p.length, "length", 2*time.Second, "of a stretch, or of the load of a run")
	flag.StringVar(&p.keep, "keep", "", "a file to which the pairs are added; what is told is of all that it has")
	flag.StringVar(&only, "of", "", "this one alone, of: "+names())
	flag.Parse()
	p.binary = flag.Arg(0)
	if p.binary == "" {
		p.binary = "./benchtui"
	}
	for _, one := range all {
		if only != "" && one.name != only {
			continue
		}
		if err := measure(p, one); err != nil {
			fmt.Fprintf(os.Stderr, "profilecost: %s: %v\n", one.name, err)
			os.Exit(1)
		}
	}
}

// measured is what is compared: something on, in turn with it off.
type measured struct {
	name  string
	what  string
	pairs func(plan, func(pair)) error
}

var all = []measured{
	{"clock-99", "the kernel's clock, 99 samples a second, of a Go server", stretches(golang, byClock(99))},
	{"clock-499", "the kernel's clock, 499 samples a second, of a Go server", stretches(golang, byClock(499))},
	{"v8", "V8's profiler, a sample a millisecond", stretches(node, byV8)},
	{"jfr", "the JVM's Flight Recorder", stretches(java, byServer)},
	{"py-spy", "py-spy, 99 samples a second", stretches(python, byServer)},
	{"why-node", "a run with --why beside one without, of a Node server", runs(node)},
	{"why-go", "the same of a Go server", runs(golang)},
	{"why-jvm", "the same of a JVM", runs(java)},
}

func names() (list string) {
	for i, one := range all {
		if i > 0 {
			list += ", "
		}
		list += one.name
	}
	return list
}

func measure(p plan, one measured) error {
	fmt.Printf("%s: %s; %d pairs in turn at %.0f requests a second\n", one.name, one.what, p.pairs, p.rate)
	pairs, err := kept(p.keep, one.name)
	if err != nil {
		return err
	}
	err = one.pairs(p, func(next pair) {
		next.Of = one.name
		pairs = append(pairs, next)
		fmt.Printf("  without %6.1f   with %6.1f µs of CPU per request: %+5.1f %%\n", next.Without, next.With, next.more())
		if p.keep != "" {
			if err := keep(p.keep, next); err != nil {
				fmt.Fprintln(os.Stderr, "profilecost:", err)
			}
		}
	})
	if err != nil {
		return err
	}
	var without, with, more []float64
	for _, one := range pairs {
		without, with, more = append(without, one.Without), append(with, one.With), append(more, one.more())
	}
	if len(pairs) == 0 {
		return nil
	}
	of := leaderboard.IntervalOf(more)
	fmt.Printf("%s, medians of %d pairs: without %.1f, with %.1f µs; of a pair's difference %+.1f %%, 95 %% interval %+.1f to %+.1f %%\n",
		one.name, len(pairs), leaderboard.IntervalOf(without).Median, leaderboard.IntervalOf(with).Median, of.Median, of.Low, of.High)
	return nil
}

// more is by how many percent the second is above the first.
func (p pair) more() float64 { return 100 * (p.With/p.Without - 1) }

// kept are the pairs of one kind in a file; none if there is no file yet.
func kept(file, name string) (pairs []pair, err error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := json.NewDecoder(f); lines.More(); {
		var one pair
		if err := lines.Decode(&one); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		pairs = append(pairs, one)
	}
	return slices.DeleteFunc(pairs, func(one pair) bool { return one.Of != name }), nil
}

func keep(file string, one pair) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	return json.NewEncoder(f).Encode(one)
}
