package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// place is where a program is started: namespaces of its own, and what is arranged in
// them before. Nothing of it outlives the program.
type place struct {
	namespaces uintptr
	settings   []string // as arrange knows them
}

// insideVariable has this program arrange a place and become the program that is named in
// its arguments.
const insideVariable = "TORTURE_INSIDE"

// A place that can't be arranged is told so.
const (
	notInside     = "not inside: "
	notInsideCode = 77
)

func (p place) prepare(cmd *exec.Cmd, self string) {
	if p.namespaces == 0 && p.settings == nil {
		return
	}
	cmd.Args = append([]string{self, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = self
	cmd.Env = append(cmd.Env, insideVariable+"="+strings.Join(p.settings, ","))
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: p.namespaces}
	if p.namespaces != 0 && os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= unix.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
}

// inside never returns.
func inside(settings string, args []string) {
	runtime.LockOSThread() // affinity is a thread's, and the program will be this one
	os.Unsetenv(insideVariable)
	for setting := range strings.SplitSeq(settings, ",") {
		name, value, _ := strings.Cut(setting, "=")
		if err := arrange(name, value); err != nil {
			fmt.Fprintf(os.Stderr, "%s%s: %v\n", notInside, setting, err)
			os.Exit(notInsideCode)
		}
	}
	err := syscall.Exec(args[0], args, os.Environ())
	fmt.Fprintf(os.Stderr, "%s%v\n", notInside, err) // as a user who may not get to it
	os.Exit(notInsideCode)
}

func arrange(name, value string) error {
	first, second, _ := strings.Cut(value, ":")
	number, _ := strconv.ParseUint(value, 10, 64)
	limit := &syscall.Rlimit{Cur: number, Max: number}
	switch name {
	case "":
		return nil
	case "private": // what is mounted stays in here
		return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
	case "tmpfs": // at a folder, of a size
		_ = os.Mkdir(first, 0o777)
		return unix.Mount("torture", first, "tmpfs", 0, "size="+second)
	case "fill": // the disk of a folder, but for so many bytes
		return fill(first, second)
	case "bind":
		return unix.Mount(first, second, "", unix.MS_BIND, "")
	case "hide":
		return unix.Mount("torture", value, "tmpfs", unix.MS_RDONLY, "size=4k,mode=000")
	case "proc": // of these namespaces, with options
		return unix.Mount("proc", "/proc", "proc", 0, value)
	case "network": // a loopback, with so many ports for those that connect
		if err := loopback(true); err != nil {
			return err
		}
		if value == "" {
			return nil
		}
		return os.WriteFile("/proc/sys/net/ipv4/ip_local_port_range", []byte(first+" "+second), 0o644)
	case "stranger": // somebody who has nothing to do with benchtui, and whose parent is PID 1
		return exec.Command("sh", "-c", `setsid sleep 100 </dev/null >/dev/null 2>&1 & echo $! >"$0"`, value).Run()
	case "descriptors":
		return syscall.Setrlimit(unix.RLIMIT_NOFILE, limit)
	case "memory": // that may be mapped
		return syscall.Setrlimit(unix.RLIMIT_AS, limit)
	case "cgroup":
		return os.WriteFile(value+"/cgroup.procs", []byte(strconv.Itoa(os.Getpid())), 0o644)
	case "core":
		var set unix.CPUSet
		if err := unix.SchedGetaffinity(0, &set); err != nil {
			return err
		}
		for cpu := range 1024 {
			if set.IsSet(cpu) {
				set.Zero()
				set.Set(cpu)
				break
			}
		}
		return unix.SchedSetaffinity(0, &set)
	case "user":
		if err := syscall.Setgroups(nil); err != nil {
			return err
		}
		return errors.Join(syscall.Setgid(int(number)), syscall.Setuid(int(number)))
	}
	return fmt.Errorf("no such setting")
}

// fill leaves so many bytes of a disk.
func fill(folder, leave string) error {
	var disk unix.Statfs_t
	if err := unix.Statfs(folder, &disk); err != nil {
		return err
	}
	least, err := strconv.ParseInt(leave, 10, 64)
	if err != nil {
		return err
	}
	return os.WriteFile(folder+"/filled", make([]byte, max(0, int64(disk.Bavail)*int64(disk.Bsize)-least)), 0o600)
}

// loopback brings this network namespace's up or down.
func loopback(up bool) error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	if up {
		request.SetUint16(unix.IFF_UP)
	}
	return unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, request)
}
