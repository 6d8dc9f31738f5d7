package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// runs measures whole runs of benchtui under the efficiency workload, whose figure is the
// server's CPU per request: one with --why, one without, and so on.
func runs(program program) func(plan, func(pair)) error {
	return func(p plan, told func(pair)) error {
		for i := range p.pairs {
			var one pair
			for turn := range 2 { // who comes first takes turns, too
				with := turn == i%2
				cpu, err := p.run(program, with)
				if err != nil {
					return err
				}
				if with {
					one.With = cpu
				} else {
					one.Without = cpu
				}
			}
			told(one)
		}
		return nil
	}
}

// run is the server's CPU per request over the measured part of a run, in µs.
func (p plan) run(program program, why bool) (float64, error) {
	folder, err := os.MkdirTemp("", "profilecost-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	words, err := program.words(p.binary, folder, "{port}")
	if err != nil {
		return 0, err
	}
	result := filepath.Join(folder, "result.json")
	args := []string{"run", "--cmd", "server=" + strings.Join(words, " "), "--path", "/hello", "-w", "efficiency", "-q", strconv.FormatFloat(p.rate, 'f', -1, 64),
		"-z", p.length.String(), "--plain", "--quiet", "--no-record", "--json", result, "--why=always"}
	if !why {
		args[len(args)-1] = "--why=never"
	}
	if program.probe {
		args = append(args, "--probe", "node-event-loop")
	}
	if out, err := exec.Command(p.binary, args...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("benchtui %q: %w\n%s", args, err, out)
	}
	text, err := os.ReadFile(result)
	if err != nil {
		return 0, err
	}
	var read struct {
		Contenders []struct {
			Process struct {
				CPUUSPerRequest *float64 `json:"cpu_us_per_request"`
			} `json:"process"`
			Profile *struct {
				Source string `json:"source"`
			} `json:"profile"`
		} `json:"contenders"`
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return 0, err
	}
	if len(read.Contenders) != 1 || read.Contenders[0].Process.CPUUSPerRequest == nil {
		return 0, fmt.Errorf("benchtui %q: the result has no CPU per request", args)
	}
	if taken := read.Contenders[0].Profile != nil; taken != why {
		return 0, fmt.Errorf("benchtui %q: a profile was taken: %v", args, taken)
	}
	return *read.Contenders[0].Process.CPUUSPerRequest, nil
}
