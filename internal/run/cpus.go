package run

import (
	"fmt"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/procs/system"
)

// ParseCPUs reads a flag that lists CPUs as taskset does; none if it was not set.
func ParseCPUs(flag, text string) (system.CPUSet, error) {
	if text == "" {
		return nil, nil
	}
	set, err := system.ParseCPUs(text)
	if err != nil {
		return nil, fmt.Errorf("%s %w", flag, err)
	}
	return set, nil
}

// checkCPUs says what is wrong with where the two sides are to run.
func (p Plan) checkCPUs() error {
	if err := p.ServerCPUs.Check(); err != nil {
		return field.Errorf("server-cpus", ": %w", err)
	}
	if err := p.LoadCPUs.Check(); err != nil {
		return field.Errorf("load-cpus", ": %w", err)
	}
	if len(p.ServerCPUs) == 0 {
		return nil
	}
	for _, contender := range p.Contenders {
		if contender.URL == "" {
			return nil
		}
	}
	return field.Errorf("server-cpus", "keeps servers that benchtui starts to their CPUs, and it starts none; keep yours with taskset -a -p -c")
}

// checkLoops says what is wrong with the number of event loops.
func (p Plan) checkLoops() error {
	switch {
	case p.Loops < 0:
		return field.Errorf("loops", "%d: pass how many threads make the load, or leave it out", p.Loops)
	case p.Loops == 0:
		return nil
	}
	for _, contender := range p.Contenders {
		if !engine.OnLoops(p.job(contender, "http://127.0.0.1:1", p.Workload.LoadToCheck())) {
			return field.Errorf("loops", "has no meaning here: event loops make plain http, on Linux, macOS and the BSDs; https and HTTP/2 take what threads they need")
		}
	}
	return nil
}

// warnings are what may distort the measurement and is the plan's own doing.
func (p Plan) warnings() []string {
	both := p.ServerCPUs.And(p.LoadCPUs)
	if len(both) == 0 {
		return nil
	}
	return []string{fmt.Sprintf(flagname.ServerCPUs+" %s and "+flagname.LoadCPUs+" %s share CPU %s: there the generator takes the server's time", p.ServerCPUs, p.LoadCPUs, both)}
}

// keepApart keeps this process to the load's CPUs until release, and returns
// those of the servers: without a wish of theirs, all that were allowed before.
func (p Plan) keepApart() (servers system.CPUSet, release func(), err error) {
	servers = p.ServerCPUs
	if len(servers) == 0 && len(p.LoadCPUs) > 0 {
		servers = system.AllowedCPUs()
	}
	release, err = system.KeepTo(p.LoadCPUs)
	return servers, release, err
}
