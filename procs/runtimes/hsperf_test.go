package runtimes

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// recorded are the counters of a real virtual machine with a heap of 64 MB, about two
// seconds after its start.
func recorded(t testing.TB, name string) []byte {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", "hsperf-"+name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The values were read out of the same files by another program.
func TestCountersOfEveryCollector(t *testing.T) {
	const heap = 67108864
	for _, c := range []struct {
		file, name  string
		collectors  []jvmCollector
		safepoints  int64
		safepointed int64
		compiled    int64
		used, limit float64
	}{
		{"17-SerialGC", "JVM 17.0.15+6-Debian-1deb12u1, Serial", []jvmCollector{{measure.PauseYoung, 10, 36329833, 2395290673, 2401307345}, {measure.PauseFull, 0, 0, 0, 0}}, 10, 37463413, 34530060, 4955864 + 2200384 + 43026648, 22347776 + 44761088},
		{"17-ZGC", "JVM 17.0.15+6-Debian-1deb12u1, ZGC", []jvmCollector{{measure.PauseConcurrent, 18, 145436, 2182637373, 2182640790}}, 19, 409849, 47397667, 14680064, heap},
		{"17-ShenandoahGC", "JVM 17.0.15+6-Debian-1deb12u1, Shenandoah", nil, 23, 624631, 32912302, 19198648, heap},
		{"25-SerialGC", "JVM 25.0.3+9-LTS, Serial", []jvmCollector{{measure.PauseYoung, 10, 49460792, 2391826566, 2396394287}, {measure.PauseFull, 0, 0, 0, 0}}, 10, 50068062, 41866832, 2200352 + 43548864, 22347776 + 44761088},
		{"25-G1GC", "JVM 25.0.3+9-LTS, G1", []jvmCollector{{measure.PauseYoung, 6, 35694859, 2409391560, 2413601569}, {measure.PauseFull, 0, 0, 0, 0}, {measure.PauseConcurrent, 0, 0, 0, 0}}, 6, 36158135, 22695133, 19820600 + 4194304 + 4194304, heap},
		{"25-ParallelGC", "JVM 25.0.3+9-LTS, Parallel", []jvmCollector{{measure.PauseYoung, 15, 51687813, 2497682141, 2501094970}, {measure.PauseFull, 0, 0, 0, 0}}, 15, 53341337, 39274102, 6401024 + 24881112, 22020096 + 45088768},
		{"25-ZGC", "JVM 25.0.3+9-LTS, ZGC", []jvmCollector{{measure.PauseYoung, 3, 23158, 1453578235, 1453581695}, {measure.PauseConcurrent, 35, 331038, 2413060567, 2413067807}}, 39, 697097, 71456044, 10485760 + 4194304, heap},
		{"25-ShenandoahGC", "JVM 25.0.3+9-LTS, Shenandoah", nil, 15, 12846357, 26451675, 17434320, heap},
	} {
		t.Run(c.file, func(t *testing.T) {
			data := recorded(t, c.file)
			now := time.Now()
			j, err := newJVM(data, span{now, now})
			if err != nil {
				t.Fatal(err)
			}
			got := j.read(data)
			if j.name != c.name {
				t.Errorf("it is %q, want %q", j.name, c.name)
			}
			if len(got.collectors) != len(c.collectors) {
				t.Fatalf("collectors %+v, want %+v", got.collectors, c.collectors)
			}
			for i, want := range c.collectors {
				if got.collectors[i] != want {
					t.Errorf("collector %+v, want %+v", got.collectors[i], want)
				}
			}
			for _, one := range []struct {
				what string
				got  reading
				want int64
			}{{"safepoints", got.safepoints, c.safepoints}, {"their time", got.safepointed, c.safepointed}, {"compiling", got.compiled, c.compiled}} {
				if one.got != (reading{one.want, true}) {
					t.Errorf("%s: %+v, want %d", one.what, one.got, one.want)
				}
			}
			if got.heap != figure.Of(c.used) || got.heapLimit != figure.Of(c.limit) {
				t.Errorf("heap %v of %v, want %v of %v", got.heap, got.heapLimit, c.used, c.limit)
			}
		})
	}
}

// later changes counters of a file, as a virtual machine does.
func later(t *testing.T, data []byte, counters map[string]int64) []byte {
	t.Helper()
	layout, err := readCounters(data)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(data)
	for name, value := range counters {
		at, ok := layout.numbers[name]
		if !ok {
			t.Fatalf("there is no counter %s", name)
		}
		binary.LittleEndian.PutUint64(changed[at:], uint64(value))
	}
	return changed
}

func TestPausesBetweenTwoReadings(t *testing.T) {
	const ms = int64(time.Millisecond)
	const (
		count = "sun.gc.collector.0.invocations"
		spent = "sun.gc.collector.0.time"
		entry = "sun.gc.collector.0.lastEntryTime"
		exit  = "sun.gc.collector.0.lastExitTime"
	)
	type at struct{ from, length time.Duration }
	type look map[string]int64
	was := recorded(t, "25-SerialGC")
	began := time.UnixMilli(1795701215705) // as the file says
	for _, c := range []struct {
		name    string
		looks   []look
		pauses  []at
		count   float64
		seconds float64
	}{
		{"none", []look{{}}, nil, 0, 0},
		{"one", []look{{count: 11, spent: 49460792 + 7*ms, entry: 3000 * ms, exit: 3007 * ms}},
			[]at{{3 * time.Second, 7 * time.Millisecond}}, 1, 0.007},
		{"one that lasts when we look", []look{
			{count: 11, entry: 3000 * ms},
			{count: 11, spent: 49460792 + 90*ms, entry: 3000 * ms, exit: 3090 * ms},
		}, []at{{3 * time.Second, 90 * time.Millisecond}}, 1, 0.09},
		{"one, and the next has begun", []look{
			{count: 12, spent: 49460792 + 7*ms, entry: 3020 * ms, exit: 3007 * ms},
		}, []at{{3 * time.Second, 7 * time.Millisecond}}, 1, 0.007},
		{"of two the last", []look{{count: 12, spent: 49460792 + 12*ms, entry: 3020 * ms, exit: 3025 * ms}},
			[]at{{3020 * time.Millisecond, 5 * time.Millisecond}}, 2, 0.012},
		{"of two both, for the first had begun", []look{
			{count: 11, entry: 3000 * ms},
			{count: 12, spent: 49460792 + 12*ms, entry: 3020 * ms, exit: 3025 * ms},
		}, []at{{3 * time.Second, 7 * time.Millisecond}, {3020 * time.Millisecond, 5 * time.Millisecond}}, 2, 0.012},
		{"three, and a fourth has begun", []look{{count: 14, spent: 49460792 + 12*ms, entry: 3020 * ms, exit: 3015 * ms}}, nil, 3, 0.012},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := began.Add(2 * time.Second)
			j, err := newJVM(was, span{start, start})
			if err != nil {
				t.Fatal(err)
			}
			for i, look := range c.looks {
				now := began.Add(3004 * time.Millisecond)
				if i == len(c.looks)-1 {
					now = began.Add(4 * time.Second)
				}
				j.take(later(t, was, look), span{now, now})
			}
			told := j.told(began.Add(4 * time.Second))
			if told.PauseCount != figure.Of(c.count) || told.PauseSeconds.Value < c.seconds-1e-9 || told.PauseSeconds.Value > c.seconds+1e-9 {
				t.Errorf("%v pauses of %v s, want %v of %v s", told.PauseCount, told.PauseSeconds, c.count, c.seconds)
			}
			var got []at
			for _, pause := range told.Pauses {
				if pause.Kind != measure.PauseYoung {
					t.Errorf("it is of kind %q", pause.Kind)
				}
				got = append(got, at{(4*time.Second - pause.Ago).Round(time.Microsecond), pause.Duration})
			}
			if len(got) != len(c.pauses) {
				t.Fatalf("seen one by one: %v, want %v", got, c.pauses)
			}
			for i := range got {
				if got[i] != c.pauses[i] {
					t.Errorf("seen one by one: %v, want %v", got, c.pauses)
				}
			}
			if again := j.told(began.Add(4 * time.Second)); again.PauseCount.Known || len(again.Pauses) > 0 {
				t.Errorf("told twice: %+v", again)
			}
		})
	}
}

func TestCompilerIsAShareOfACore(t *testing.T) {
	was := recorded(t, "25-G1GC")
	start := time.Now()
	j, err := newJVM(was, span{start, start})
	if err != nil {
		t.Fatal(err)
	}
	now := start.Add(500 * time.Millisecond)
	j.take(later(t, was, map[string]int64{"java.ci.totalTime": 22695133 + 600e6}), span{now, now})
	if told := j.told(now); told.CompilingCores != figure.Of(1.2) || told.Over != 500*time.Millisecond {
		t.Errorf("0.6 s of compiling in half a second are %+v", told)
	}
}

// What one look can't settle, several do: the zero of the clock lies in all their spans.
func TestClockOfAVirtualMachineIsFoundByLooking(t *testing.T) {
	zero := time.Now().Add(-time.Hour)
	at := func(from, to time.Duration) span { return span{zero.Add(from), zero.Add(to)} }
	var clock vmClock
	clock.guess = zero.Add(time.Minute) // somebody set the time of day
	clock.saw(1040*time.Millisecond, at(1000*time.Millisecond, 1050*time.Millisecond))
	clock.saw(2002*time.Millisecond, at(2000*time.Millisecond, 2050*time.Millisecond))
	if off := clock.time(0).Sub(zero).Abs(); off > 10*time.Millisecond {
		t.Errorf("it is %s off", off)
	}
}

func FuzzCounters(f *testing.F) {
	for _, name := range []string{"25-G1GC", "17-SerialGC", "25-ShenandoahGC"} {
		data := recorded(f, name)
		layout, err := readCounters(data)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:layout.used])
		f.Add(data[:1000])
	}
	f.Add([]byte{0xca, 0xfe, 0xc0, 0xc0, 1, 2, 0, 1})
	now := time.Now()
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := newJVM(data, span{now, now})
		if err != nil {
			return
		}
		j.take(data, span{now, now.Add(time.Second)})
		told := j.told(now)
		for _, one := range []figure.Value{told.PauseCount, told.PauseSeconds, told.Safepoints, told.SafepointSeconds, told.CompilingCores, told.HeapUsedBytes} {
			if one.Value < 0 {
				t.Errorf("%+v", told)
			}
		}
	})
}
