package profile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/foreign"
	prof "github.com/benchtui/benchtui/internal/profile"
)

// JFRSource names the profiler of the JVM.
const JFRSource = "JFR"

// jfrPeriod is the time between two samples of a thread. The VM takes no more than a few
// threads at a time.
const jfrPeriod = 10 * time.Millisecond

// jfrSettings has the Flight Recorder take samples, and note nothing else.
var jfrSettings = fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0">
  <event name="jdk.ExecutionSample">
    <setting name="enabled">true</setting>
    <setting name="period">%d ms</setting>
  </event>
</configuration>
`, jfrPeriod.Milliseconds())

const (
	jfrRecording = "benchtui" // the recording's name, by which it is stopped
	jfrPatience  = 15 * time.Second
	deepestJFR   = 64
	mostJFR      = 1 << 20 // samples
)

// jdk is the part of a Java installation that takes profiles.
type jdk struct {
	home    string // of the virtual machine that is profiled
	jcmd    string
	jfr     string
	version string // "17.0.15"; "" where its release file does not say
}

// takeJVM has a virtual machine's Flight Recorder take a profile. It is told what to do by
// the tools of the JDK that runs it, or of another one.
func takeJVM(ctx context.Context, pid int, length time.Duration) (*prof.Profile, error) {
	tools, err := jdkOf(pid)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "benchtui-jfr-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the JVM's recording: %w", err)
	}
	defer os.RemoveAll(dir)
	settings, recording := filepath.Join(dir, "profile.jfc"), filepath.Join(dir, "profile.jfr")
	if err := os.WriteFile(settings, []byte(jfrSettings), 0o600); err != nil {
		return nil, fmt.Errorf("write settings for the JVM's recording: %w", err)
	}
	// On its exit, too, the VM writes what it has.
	said, err := tools.run(ctx, tools.jcmd, strconv.Itoa(pid), "JFR.start", "name="+jfrRecording, "settings="+settings, "filename="+recording, "dumponexit=true")
	if err != nil || !strings.Contains(said, "Started recording") {
		return nil, &Refusal{Reason: NotHere, What: fmt.Sprintf("the JVM (pid %d) does not start its Flight Recorder: %s", pid, lastLine(said, err)), Fix: tools.startFix(said)}
	}
	began := time.Now()
	wait := time.NewTimer(length)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	case <-gone(ctx, pid):
	}
	took := time.Since(began)
	// The VM is told to stop also when we are.
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), jfrPatience)
	defer cancel()
	said, err = tools.run(stopping, tools.jcmd, strconv.Itoa(pid), "JFR.stop", "name="+jfrRecording)
	info, missing := os.Stat(recording)
	if missing != nil || info.Size() == 0 {
		if !exists(pid) {
			return nil, &Refusal{Reason: Gone, What: fmt.Sprintf("the JVM (pid %d) ended before it wrote its recording", pid)}
		}
		return nil, fmt.Errorf("the JVM (pid %d) wrote no recording: %s", pid, lastLine(said, err))
	}
	// The more was recorded, the longer it takes to print it.
	profile, err := tools.read(context.WithoutCancel(ctx), jfrPatience+length, recording, pid)
	if err != nil {
		return nil, err
	}
	profile.Duration = took
	return profile, nil
}

// gone is closed when a process is no more, or the context ends.
func gone(ctx context.Context, pid int) <-chan struct{} {
	over := make(chan struct{})
	crash.Go(func() {
		defer close(over)
		look := time.NewTicker(100 * time.Millisecond)
		defer look.Stop()
		for exists(pid) {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
			}
		}
	})
	return over
}

// run runs a tool and returns what it said.
func (j jdk) run(ctx context.Context, tool string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, jfrPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, tool, args...).CombinedOutput()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "", fmt.Errorf("%s did not end within %s", filepath.Base(tool), jfrPatience)
	}
	return string(out), err
}

// lastLine is the last line of a tool's words, or its error. jcmd begins with whom it asks.
func lastLine(said string, err error) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" && (len(lines) > 1 || !strings.HasSuffix(last, ":")) {
		return foreign.Line(last)
	}
	if err != nil {
		return err.Error()
	}
	return "it said nothing"
}

// startFix is what has a VM that refused start its recorder.
func (j jdk) startFix(said string) string {
	switch {
	case j.major() > 0 && j.major() < 11:
		return "run it on Java 11 or newer: the Flight Recorder of Java " + strconv.Itoa(j.major()) + " can't be switched on while it runs"
	case strings.Contains(said, "AttachNotSupported"), strings.Contains(said, "Unable to open socket file"):
		return "start it without -XX:+DisableAttachMechanism, as the user that runs benchtui"
	}
	return ""
}

// major is the number of the Java version; 0: unknown. Up to 8 it stood in the second place.
func (j jdk) major() int {
	first, rest, _ := strings.Cut(j.version, ".")
	if first == "1" {
		first, _, _ = strings.Cut(rest, ".")
	}
	number, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return number
}

// jdkOf finds the tools that talk to the virtual machine of a process: those beside it,
// else those that are found by JAVA_HOME or PATH, which know other versions, too.
func jdkOf(pid int) (jdk, error) {
	java, err := programPath(pid)
	if err != nil {
		return jdk{}, err
	}
	found := jdk{home: filepath.Dir(filepath.Dir(java))}
	found.version = javaVersion(found.home)
	for _, folder := range []string{filepath.Join(found.home, "bin"), filepath.Join(os.Getenv("JAVA_HOME"), "bin")} {
		jcmd, jfr := filepath.Join(folder, "jcmd"), filepath.Join(folder, "jfr")
		if filepath.IsAbs(folder) && executable(jcmd) && executable(jfr) {
			found.jcmd, found.jfr = jcmd, jfr
			return found, nil
		}
	}
	jcmd, err1 := exec.LookPath("jcmd")
	jfr, err2 := exec.LookPath("jfr")
	if err1 == nil && err2 == nil {
		found.jcmd, found.jfr = jcmd, jfr
		return found, nil
	}
	return jdk{}, &Refusal{Reason: NotHere, What: fmt.Sprintf("the JVM (pid %d) is that of a JRE: %s has no jcmd and jfr, and neither are they in PATH", pid, found.home), Fix: jdkFix(found.major())}
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

// javaVersion is what the release file of an installation says.
func javaVersion(home string) string {
	text, err := os.ReadFile(filepath.Join(home, "release"))
	if err != nil {
		return ""
	}
	_, rest, found := strings.Cut(string(text), `JAVA_VERSION="`)
	version, _, ended := strings.Cut(rest, `"`)
	if !found || !ended {
		return ""
	}
	return version
}

// jdkFix is how the tools are got where there is a JRE alone.
func jdkFix(major int) string {
	if major == 0 {
		return "run it on a JDK instead of a JRE"
	}
	number := strconv.Itoa(major)
	for _, one := range []struct{ sign, command string }{
		{"/etc/debian_version", "sudo apt install openjdk-" + number + "-jdk-headless"},
		{"/etc/redhat-release", "sudo dnf install java-" + number + "-openjdk-devel"},
		{"/etc/alpine-release", "sudo apk add openjdk" + number + "-jdk"},
		{"/etc/arch-release", "sudo pacman -S jdk" + number + "-openjdk"},
	} {
		if _, err := os.Stat(one.sign); err == nil {
			return one.command
		}
	}
	return "run it on a JDK " + number + " instead of a JRE"
}

// read reads a recording, by the tool that prints its events; most is how long that may take.
func (j jdk) read(ctx context.Context, most time.Duration, recording string, pid int) (*prof.Profile, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	cmd := exec.CommandContext(ctx, j.jfr, "print", "--json", "--stack-depth", strconv.Itoa(deepestJFR), "--events", "jdk.ExecutionSample", recording)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("read the JVM's recording: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("read the JVM's recording: %w", err)
	}
	profile, reading := fromJFR(out, pid)
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil && reading != nil {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = fmt.Errorf("%s did not end within %s", filepath.Base(j.jfr), most)
		}
		return nil, fmt.Errorf("read the JVM's recording: %s", lastLine(said.String(), err))
	}
	return profile, reading
}

// jfrEvent is a sample as `jfr print --json` writes it.
type jfrEvent struct {
	Values struct {
		Thread struct {
			OSName string `json:"osName"`
			OSID   int    `json:"osThreadId"`
			Name   string `json:"javaName"`
		} `json:"sampledThread"`
		Stack struct {
			Frames []jfrFrame `json:"frames"`
		} `json:"stackTrace"`
	} `json:"values"`
}

type jfrFrame struct {
	Method struct {
		Type struct {
			Name    string `json:"name"` // "com/acme/App$Handler"
			Package struct {
				Module struct {
					Name string `json:"name"`
				} `json:"module"`
			} `json:"package"`
		} `json:"type"`
		Name string `json:"name"`
	} `json:"method"`
	Line int `json:"lineNumber"`
}

// fromJFR reads the samples of a process out of what `jfr print --json` writes: many MB
// for some seconds, so one event at a time.
func fromJFR(text io.Reader, pid int) (*prof.Profile, error) {
	wrong := func(err error) error { return fmt.Errorf("read the JVM's recording: %w", err) }
	decoder := json.NewDecoder(text)
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil, wrong(err)
		}
		if token == "events" {
			break
		}
	}
	if token, err := decoder.Token(); err != nil || token != json.Delim('[') {
		return nil, wrong(errors.New("there is no list of events in it"))
	}
	var build prof.Builder
	build.Process(prof.Process{PID: pid, Name: "java"})
	lost := 0
	stack := make([]int, 0, deepestJFR)
	for count := 0; decoder.More(); count++ {
		var event jfrEvent
		if err := decoder.Decode(&event); err != nil {
			return nil, wrong(err)
		}
		frames := event.Values.Stack.Frames
		if len(frames) == 0 || count >= mostJFR {
			lost++
			continue
		}
		stack = stack[:0]
		for _, frame := range frames[:min(len(frames), deepestJFR)] {
			stack = append(stack, build.Frame(frame.frame()))
		}
		name := event.Values.Thread.Name
		if name == "" {
			name = event.Values.Thread.OSName
		}
		thread := build.Thread(prof.Thread{PID: pid, ID: event.Values.Thread.OSID, Name: foreign.Line(name), Loop: loopThread(name)})
		build.Add(prof.Sample{Stack: stack, Thread: thread, Count: 1, Weight: jfrPeriod})
	}
	return build.Profile(prof.Profile{Source: JFRSource, Period: jfrPeriod, Lost: lost}), nil
}

func (f jfrFrame) frame() prof.Frame {
	class := strings.ReplaceAll(foreign.Line(f.Method.Type.Name), "/", ".")
	class, _, _ = strings.Cut(class, ".0x") // a lambda's class has an address in its name
	function := class + "." + foreign.Line(f.Method.Name)
	frame := prof.Frame{Function: function, File: sourceOf(class), Line: max(0, f.Line), Module: foreign.Line(f.Method.Type.Package.Module.Name), Kind: javaKind(function)}
	ofJDK := strings.HasPrefix(frame.Module, "java.") || strings.HasPrefix(frame.Module, "jdk.")
	if ofJDK && (frame.Kind == prof.Own || frame.Kind == prof.Runtime && frame.Module != "java.base") {
		frame.Kind = prof.Library // what is around the language, such as its HTTP server
	}
	if frame.Line == 0 { // a method of the VM's own has no lines
		frame.File = ""
	}
	return frame
}

// sourceOf is the file that a class is most often in: that of the class around it. Of a
// file of functions, Kotlin's compiler makes a class with two letters more.
func sourceOf(class string) string {
	name := class[strings.LastIndexByte(class, '.')+1:]
	name, _, _ = strings.Cut(name, "$")
	switch {
	case name == "" || name != strings.Trim(name, "0123456789"):
		return ""
	case len(name) > 2 && strings.HasSuffix(name, "Kt"):
		return strings.TrimSuffix(name, "Kt") + ".kt"
	}
	return name + ".java"
}

// loopThread says whether a thread runs an event loop, by the names that Netty, Vert.x and
// Reactor give theirs.
func loopThread(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"eventloop", "event-loop", "nioeventloop", "reactor-http", "epoll", "-nio-", "kqueue"} {
		if strings.Contains(name, word) && !strings.Contains(name, "-exec-") {
			return true
		}
	}
	return false
}
