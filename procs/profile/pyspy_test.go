package profile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	prof "github.com/benchtui/benchtui/internal/profile"
)

// Recorded by py-spy 0.4.3 of a server of http.server; shortened.
const recordedPySpy = `process 7:"/usr/bin/python3 app.py 8000";thread (31051): Thread-6 (process_request_thread);Thread.run (/usr/lib/python3.11/threading.py:982);H.do_GET (/srv/app.py:11);dumps (/usr/lib/python3.11/json/__init__.py:231);JSONEncoder.iterencode (/usr/lib/python3.11/json/encoder.py:258) 30
process 7:"/usr/bin/python3 app.py 8000";thread (31051): Thread-6 (process_request_thread);Thread.run (/usr/lib/python3.11/threading.py:982);H.do_GET (/srv/app.py:11);busy (/srv/app.py:6) 50
process 7:"/usr/bin/python3 app.py 8000";process 8:"worker";thread (0x7F0011);<module> (<string>:1);loop (/srv/app.py:3) 20
nonsense
`

func TestPySpysStacksAreRead(t *testing.T) {
	p := parsePySpy(strings.NewReader(recordedPySpy), 7, 10*time.Millisecond).Profile(prof.Profile{})
	if p.Count() != 100 || p.Total() != time.Second || len(p.Processes) != 2 || p.Processes[0] != (prof.Process{PID: 7, Name: "python3"}) {
		t.Fatalf("%+v", p)
	}
	if first := p.Hottest(prof.OwnFirst)[0]; first.Name != "busy" || first.Place() != "app.py:6" || first.Kind != prof.Own || first.SelfShare != 0.5 {
		t.Errorf("first is %+v", first)
	}
	if thread := p.Threads[0]; thread != (prof.Thread{PID: 7, ID: 31051, Name: "Thread-6 (process_request_thread)"}) {
		t.Errorf("thread %+v", thread)
	}
	reasons := p.Reasons()
	if len(reasons) < 2 || reasons[1].Evidence("the CPU time") != "of the CPU time 30 % in dumps (__init__.py:231), called from H.do_GET (app.py:11)" {
		t.Errorf("reasons %+v", reasons)
	}
}

// Only who holds the interpreter's lock is sampled: what is computed without it must not
// be taken for none at all.
func TestPySpySaysHowMuchItDidNotSee(t *testing.T) {
	for _, c := range []struct {
		sampled, used time.Duration
		says          string // "": nothing
	}{
		{1800 * time.Millisecond, 2 * time.Second, ""},
		{500 * time.Millisecond, 2 * time.Second, "75 % of the 2.0 s of CPU time that the server used"},
		{0, 100 * time.Millisecond, ""}, // too little to tell
	} {
		note, lacks := unsampled(c.sampled, c.used)
		if lacks != (c.says != "") || !strings.HasPrefix(note.Lacks, c.says) {
			t.Errorf("%v of %v: %v, %+v", c.sampled, c.used, lacks, note)
		}
	}
	before := cpuTimes([]int{os.Getpid()})
	for began := time.Now(); usedSince(before) < 50*time.Millisecond && time.Since(began) < 30*time.Second; {
		for sum := range 1_000_000 {
			_ = sum
		}
	}
	if runtime.GOOS == "linux" && usedSince(before) < 50*time.Millisecond {
		t.Errorf("%v used since %v", usedSince(before), before)
	}
}

func TestPythonServer(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("NOT CHECKED: python3 not found")
	}
	child := exec.Command(python, "-c", "def busy():\n    h = 1\n    for i in range(1000000): h = (h ^ i) * 16777619 & 0xffffffff\nprint('ready', flush=True)\nwhile True: busy()")
	firstLineOf(t, child)
	p, err := TakePython(context.Background(), Target{Roots: []int{child.Process.Pid}, Duration: time.Second})
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) && refusal.Reason == NotInstalled {
		if refusal.Fix != "pip install py-spy" {
			t.Errorf("%+v", refusal)
		}
		t.Skipf("NOT CHECKED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if hot := p.Hottest(prof.BySelf)[0]; hot.Name != "busy" || p.Source != "py-spy" {
		t.Errorf("first is %+v of %+v", hot, p)
	}
}

func TestPySpysRefusals(t *testing.T) {
	for said, want := range map[string]Reason{
		"Permission Denied: Try running again with elevated permissions by going 'sudo env \"PATH=$PATH\" !!'\n": OtherUser,
		"Error: Failed to find python version from target process\n":                                             Gone,
		"Error: out of luck\n": NotHere,
	} {
		if got := pySpyRefusal(said, nil); got.Reason != want || strings.HasSuffix(got.What, ": ") {
			t.Errorf("%q is %+v", said, got)
		}
	}
}

// A server of one's own is profiled by py-spy where it is installed; elsewhere the
// interpreter is, from outside, and a note says what would tell more.
func TestPythonServerAmongOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	python, err := exec.LookPath("python3")
	if err != nil || runtime.GOOS != "linux" || Check().Refused != nil {
		t.Skip("NOT CHECKED: python3 or profiles from outside are missing")
	}
	child := exec.Command(python, "-c", "def busy():\n    h = 1\n    for i in range(1000000): h = (h ^ i) * 16777619 & 0xffffffff\nprint('ready', flush=True)\nwhile True: busy()")
	firstLineOf(t, child)
	for _, own := range []bool{true, false} {
		var p *prof.Profile
		for range 20 { // where others have the cores, a short one may have no sample
			if p, err = TakeServer(context.Background(), Server{Target: Target{Roots: []int{child.Process.Pid}, Duration: 500 * time.Millisecond}, Own: own}); err != nil {
				t.Fatal(err)
			}
			if p.Count() > 0 {
				break
			}
		}
		_, missing := exec.LookPath("py-spy")
		bySpy := own && missing == nil
		if bySpy != (p.Source == "py-spy") || p.Count() == 0 {
			t.Errorf("own %v: by %s, %d samples, %+v", own, p.Source, p.Count(), p.Notes)
		}
		if !bySpy && (len(p.Notes) == 0 || !strings.Contains(fmt.Sprint(p.Notes), "py-spy")) {
			t.Errorf("no note of py-spy: %+v", p.Notes)
		}
	}
}
