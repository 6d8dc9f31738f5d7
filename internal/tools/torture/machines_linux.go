package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// nobody is the user that most systems have for what is nobody's.
const nobody = "user=65534"

// open is a folder where all may write.
func (r *row) open(name string) string {
	path := r.path(name)
	_ = os.MkdirAll(path, 0o777)
	_ = os.Chmod(path, 0o777)
	return path
}

func diskFaults() []fault {
	const mounts = unix.CLONE_NEWNS
	full := func(r *row, leave int) (string, place) {
		disk := r.open("disk")
		return disk, place{mounts, []string{"private", "tmpfs=" + disk + ":256k", fmt.Sprintf("fill=%s:%d", disk, leave)}}
	}
	tells := func(said string) string {
		if !strings.Contains(said, "no space left") {
			return fmt.Sprintf("it does not say that there is no space left: %.300q", said)
		}
		return ""
	}
	return []fault{
		{name: "disk: full under the recording", noun: "full disk under a recording", try: func(r *row) {
			for _, leave := range []int{0, 4096, 8192}[:r.times(3)] {
				disk, place := full(r, leave)
				args := append(append([]string{"run"}, r.serverOf("well")...), append(steady("1200ms"), "--warmup", "0s", "--record", disk+"/r.btr")...)
				r.run(try{args: args, place: place, codes: []int{1, 2}, complain: tells})
			}
		}},
		{name: "disk: full under the folder of recordings", noun: "full disk under a recording", try: func(r *row) {
			disk, place := full(r, 0)
			args := append(append([]string{"run"}, r.serverOf("well")...), append(steady("500ms"), "--warmup", "0s")...)
			r.run(try{args: args, place: place, env: []string{"XDG_DATA_HOME=" + disk}})
		}},
		{name: "disk: full under a report", noun: "full disk under a report", try: func(r *row) {
			demo := r.recording()
			disk, place := full(r, 4096)
			for _, format := range []string{"json", "html", "svg", "csv", "md"} {
				codes := []int{0, 1} // of those that fit
				if format == "json" || format == "html" {
					codes = []int{1}
				}
				r.run(try{args: []string{"report", demo, "--" + format, disk + "/x." + format}, place: place, codes: codes})
			}
			r.run(try{args: append(r.against("well", steady("300ms")...), "--json", disk+"/x.json", "--html", disk+"/x.html"), place: place, codes: []int{1}, complain: tells})
		}},
		{name: "disk: full under the cache", noun: "full disk under the cache", try: func(r *row) {
			disk, place := full(r, 4096)
			args := append([]string{"run", r.manifest("large", true), "--no-record", "--warmup", "0s"}, steady("200ms")...)
			r.run(try{args: args, place: place, env: []string{"XDG_CACHE_HOME=" + disk}, codes: []int{1}})
			r.run(try{args: append([]string{"run", "golang", "--no-record", "--warmup", "0s"}, steady("200ms")...), place: place, env: []string{"XDG_CACHE_HOME=" + disk, "PATH=/nonexistent"}, codes: []int{0}})
		}},
		{name: "disk: full under the log", noun: "full disk under the log", try: func(r *row) {
			disk, place := full(r, 8192)
			r.run(try{args: r.against("logs without end", steady("500ms")...), place: place, env: []string{"XDG_CACHE_HOME=" + disk}, codes: []int{0}})
			r.run(try{args: append(r.against("well", steady("300ms")...), "--debug-log", disk+"/log"), place: place, env: []string{"XDG_CACHE_HOME=" + disk}})
		}},
		{name: "disk: full under temporary files", noun: "full disk under the log", try: func(r *row) {
			disk, place := full(r, 0)
			r.run(try{args: append(r.against("well", steady("300ms")...), "--why=always"), place: place, env: []string{"TMPDIR=" + disk, "XDG_CACHE_HOME=" + disk}})
		}},
	}
}

func machineFaults() []fault {
	load := steady("300ms")
	burst := []string{"-w", "burst", "--users", "500", "--ramp", "100ms", "--repeat", "1", "--plain"}
	// golang is in benchtui: without a toolchain nothing is built.
	golang := func(more ...string) try {
		return try{args: append(append([]string{"run", "golang", "--warmup", "0s"}, load...), more...), env: []string{"PATH=/nonexistent"}}
	}
	warns := []int{0, 1} // of the doctor
	simple := func(name, noun string, one try, args ...string) fault {
		if args == nil {
			args = load
		}
		return fault{name: "machine: " + name, noun: noun, try: func(r *row) {
			one := one
			one.args = r.against("well", args...)
			r.run(one)
		}}
	}
	const pids, mounts, network = unix.CLONE_NEWPID, unix.CLONE_NEWNS, unix.CLONE_NEWNET
	return []fault{
		simple("40 descriptors", "descriptors exhausted", try{place: place{0, []string{"descriptors=40"}}}),
		simple("64 descriptors, 500 users", "descriptors exhausted", try{place: place{0, []string{"descriptors=64"}}}, burst...),
		simple("12 descriptors", "descriptors exhausted", try{place: place{0, []string{"descriptors=12"}}}),
		simple("50 ports, 500 users", "ports exhausted", try{place: place{network, []string{"network=40000:40049"}}}, burst...),
		simple("50 ports, 500 connections", "ports exhausted", try{place: place{network, []string{"network=40000:40049"}}}, "-w", "steady", "-c", "500", "-z", "500ms", "--plain"),
		{name: "machine: 50 ports, HTTP/2", noun: "ports exhausted", try: func(r *row) {
			r.run(try{args: r.against("speaks HTTP/2", append(burst, "--http2")...), place: place{network, []string{"network=40000:40049"}}, codes: []int{0}})
		}},
		simple("no network at all", "no network", try{place: place{network, nil}}),
		{name: "machine: the network goes away under load", noun: "half-open", try: func(r *row) {
			for _, args := range [][]string{steady("500ms"), append(burst, "--http2"), burst}[:r.times(3)] {
				r.run(try{args: r.against("takes the network down", args...), place: place{network, []string{"network"}}})
			}
		}},
		simple("one core", "one core", try{place: place{0, []string{"core"}}, codes: []int{0}}),
		simple("one core, two loops asked for", "one core", try{place: place{0, []string{"core"}}}, append(load, "--loops", "2")...),
		{name: "machine: 100 MB of memory for all", noun: "little memory", try: func(r *row) {
			group, end, err := memoryGroup(100 << 20)
			if err != nil {
				r.notTried = "no control group for memory: " + err.Error()
				return
			}
			r.t.groups.Store(group, nil)
			defer r.t.groups.Delete(group)
			defer end()
			place := place{0, []string{"cgroup=" + group}}
			r.run(try{args: r.against("well", steady("1s")...), place: place, codes: []int{0}})
			r.run(try{args: r.against("body without end", steady("1s")...), place: place})
			r.run(try{args: r.against("well", append(burst, "--html", r.path("x.html"))...), place: place, codes: []int{0}})
			r.run(try{args: []string{"demo", "--plain"}, place: place, codes: []int{0}})
			r.run(try{args: r.against("leaks to its limit", steady("1s")...), place: place})
		}},
		simple("little memory to map", "little memory", try{place: place{0, []string{fmt.Sprint("memory=", int64(2<<30))}}}),
		simple("no /proc", "no /proc", try{place: place{mounts, []string{"private", "hide=/proc"}}, codes: []int{0}}),
		{name: "machine: no /proc, other commands", noun: "no /proc", try: func(r *row) {
			place := place{mounts, []string{"private", "hide=/proc"}}
			for _, one := range []try{{args: []string{"doctor"}, codes: warns}, {args: []string{"list"}}, {args: []string{"demo", "--plain"}}, golang(), {args: append(r.against("well", load...), "--why=always")}} {
				one.place = place
				if one.codes == nil {
					one.codes = []int{0}
				}
				r.run(one)
			}
		}},
		{name: "machine: /proc with hidepid, as another user", noun: "hidepid", try: func(r *row) {
			place := place{pids | mounts, []string{"private", "proc=hidepid=2", nobody}}
			home := r.open("home")
			for _, one := range []try{{args: r.against("well", load...)}, golang("--no-record"), {args: []string{"doctor"}, codes: warns}, {args: []string{"list"}}} {
				one.place, one.env = place, append(one.env, "HOME="+home, "XDG_CACHE_HOME=", "XDG_DATA_HOME=")
				if one.codes == nil {
					one.codes = []int{0}
				}
				r.run(one)
			}
		}},
		{name: "machine: no /tmp", noun: "no /tmp", try: noTemporary},
		{name: "machine: another user", noun: "another user", try: func(r *row) {
			home := r.open("home")
			for _, one := range []try{{args: r.against("well", load...)}, golang(), {args: []string{"doctor"}, codes: warns}, {args: []string{"list"}}, {args: []string{"replay", "--plain"}}, {args: append(r.against("forks and forks", load...), "--why=always")}} {
				one.place, one.env = place{0, []string{nobody}}, append(one.env, "HOME="+home, "XDG_CACHE_HOME=", "XDG_DATA_HOME=")
				if one.codes == nil {
					one.codes = []int{0}
				}
				r.run(one)
			}
		}},
		{name: "machine: root was here before", noun: "foreign folders", try: func(r *row) {
			run := golang().args
			home := r.open("home")
			env := append(golang().env, "HOME="+home, "XDG_CACHE_HOME=", "XDG_DATA_HOME=")
			r.run(try{args: run, env: env, codes: []int{0}})
			r.run(try{args: run, env: env, place: place{0, []string{nobody}}, codes: []int{0}})
			r.run(try{args: []string{"replay", "--plain"}, env: env, place: place{0, []string{nobody}}})
			r.run(try{args: []string{"run", r.manifest("theirs", true), "--warmup", "0s", "--plain", "-w", "steady", "-z", "100ms"}, env: env, place: place{0, []string{nobody}}})
		}},
		{name: "machine: PID 1 among strangers", noun: "PID 1 among strangers", try: func(r *row) {
			place := place{pids | mounts, []string{"private", "proc", "stranger=" + r.path("stranger")}}
			second := r.serverOf("well while the stranger lives")
			second[1] = strings.Replace(second[1], "mine=", "second=", 1)
			for _, first := range []string{"well", "leaves a worker", "goes to the background", "crashes under load"}[:r.times(4)] {
				args := append(append(append([]string{"run"}, r.serverOf(first)...), second...), append(steady("400ms"), "--warmup", "0s", "--no-record", "--json", "-", "--start-timeout", "20s")...)
				r.run(try{what: first + ":", args: args, place: place, env: []string{"TORTURE_STRANGER=" + r.path("stranger")}, complain: func(said string) string {
					if strings.Contains(said, "the stranger is gone") || !strings.Contains(said, `"id": "second"`) {
						return fmt.Sprintf("a stranger was ended, or the second server not measured: %.900s", said)
					}
					return ""
				}})
			}
		}},
		{name: "machine: 10,000 connections", noun: "10000 connections", alone: true, long: true, try: func(r *row) {
			var limit syscall.Rlimit
			if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Max < 10_200 {
				r.notTried = fmt.Sprintf("%d descriptors are the most here", limit.Max)
				return
			}
			r.run(try{args: r.against("well", "-w", "steady", "-c", "10000", "-z", "2s", "--plain", "--timeout", "10s"), codes: []int{0}})
			r.run(try{args: r.against("well", "-w", "burst", "--users", "10000", "--ramp", "2s", "--repeat", "2", "--quiet", "--timeout", "10s"), codes: []int{0}})
			r.run(try{args: r.against("hangs", "-w", "steady", "-c", "10000", "-z", "500ms", "--plain")})
			r.run(try{args: r.against("speaks HTTP/2", "-w", "steady", "-c", "2000", "-z", "1s", "--plain", "--http2", "--timeout", "10s")})
		}},
		simple("no home, no folders", "no home", try{env: []string{"HOME=/nonexistent", "TMPDIR=/nonexistent", "XDG_CACHE_HOME=/nonexistent", "XDG_DATA_HOME=/nonexistent"}}),
		simple("folders that are files", "no home", try{env: []string{"HOME=/dev/null", "TMPDIR=/dev/null", "XDG_CACHE_HOME=/dev/null", "XDG_DATA_HOME=/dev/null"}}),
		simple("relative folders", "no home", try{env: []string{"HOME=.", "TMPDIR=.", "XDG_CACHE_HOME=x", "XDG_DATA_HOME=y"}}),
		simple("TERM dumb, text", "TERM dumb", try{env: []string{"TERM=dumb", "LC_ALL=C"}}),
		simple("no TERM, text", "TERM unset", try{env: []string{"TERM="}}),
		simple("no environment", "no home", try{prepare: func(cmd *exec.Cmd) {
			for _, one := range cmd.Env {
				if strings.HasPrefix(one, "TORTURE=") {
					cmd.Env = []string{one}
				}
			}
		}}),
		{name: "us: the working directory is gone", noun: "deleted working directory", try: func(r *row) {
			demo := r.recording()
			gone := r.path("gone")
			for _, args := range [][]string{r.against("well", load...), {"list"}, {"doctor"}, {"replay", demo, "--plain"}, {"report", demo, "--json", "x.json"}, golang("--no-record").args} {
				r.run(try{args: args, env: []string{"PATH=/bin:/usr/bin"}, prepare: func(cmd *exec.Cmd) {
					_ = os.Mkdir(gone, 0o755)
					shell("cd " + gone + " && rmdir " + gone)(cmd)
				}})
			}
		}},
		{name: "us: two on one build", noun: "two instances on one build", try: twoOnOneBuild},
		{name: "us: killed while it builds, and again", noun: "two instances on one build", try: func(r *row) {
			args := append([]string{"run", r.manifest("shared", true), "--no-record", "--warmup", "0s"}, steady("200ms")...)
			for range r.times(3) {
				r.run(try{args: args, codes: []int{-1}, meddle: func(s *started) {
					if s.after("build", time.Duration(r.chance.IntN(600))*time.Millisecond) {
						_ = s.Process.Kill()
					}
				}})
			}
			r.run(try{args: args, codes: []int{0}})
		}},
	}
}

// twoOnOneBuild has the second wait for what the first builds.
func twoOnOneBuild(r *row) {
	args := append([]string{"run", r.manifest("shared", true), "--no-record", "--warmup", "0s"}, steady("300ms")...)
	r.run(try{args: args, codes: []int{0}, meddle: func(*started) {
		second := r.command(try{args: args})
		if out := second.Run(); out != nil {
			r.trouble("the second: %v: %.500q", out, second.said.String())
		}
		if !r.nobodyIsLeft(second.mark) {
			r.trouble("somebody of the second is left")
		}
	}})
	if text, _ := os.ReadFile(r.path("builds")); strings.Count(string(text), "built") != 1 {
		r.trouble("it was built %d times", strings.Count(string(text), "built"))
	}
}

// noTemporary hides /tmp from a copy of the programs that lies elsewhere.
func noTemporary(r *row) {
	const elsewhere = "/mnt"
	if _, err := os.Stat(elsewhere); err != nil {
		r.notTried = err.Error()
		return
	}
	for name, from := range map[string]string{"benchtui": r.t.program, "torture": r.t.self} {
		if err := copyFile(r.path(name), from); err != nil {
			r.trouble("%v", err)
			return
		}
	}
	there := &row{t: &torture{self: elsewhere + "/torture"}}
	for _, args := range [][]string{there.against("well", steady("300ms")...), append(there.against("well", steady("300ms")...), "--why=always"), {"doctor"}, {"list"}, {"demo", "--plain"}} {
		codes := []int{0}
		if args[0] == "doctor" {
			codes = []int{0, 1} // it warns
		}
		r.run(try{program: elsewhere + "/benchtui", args: args, place: place{unix.CLONE_NEWNS, []string{"private", "bind=" + r.folder + ":" + elsewhere, "hide=/tmp"}},
			env: []string{"TMPDIR=", "XDG_CACHE_HOME=" + elsewhere + "/cache", "XDG_DATA_HOME=" + elsewhere + "/data"}, codes: codes})
	}
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// memoryGroup makes a control group of so many bytes; end takes it away.
func memoryGroup(limit int) (path string, end func(), err error) {
	for _, version := range []struct{ root, file string }{{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"}, {"/sys/fs/cgroup", "memory.max"}} {
		path = filepath.Join(version.root, fmt.Sprint("torture-", os.Getpid()))
		if err = os.Mkdir(path, 0o755); err != nil {
			continue
		}
		end = func() {
			for until := time.Now().Add(patience); os.Remove(path) != nil && time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
			}
		}
		if err = os.WriteFile(filepath.Join(path, version.file), fmt.Append(nil, limit), 0o644); err == nil {
			return path, end, nil
		}
		end()
	}
	return "", nil, err
}
