package sample

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestHeapThatAJVMBeginsWith(t *testing.T) {
	const gib = 1 << 30
	for _, c := range []struct {
		command string
		want    float64 // bytes; 0: unknown
	}{
		{"/usr/lib/jvm/bin/java -jar server.jar", 24 * gib / 64},
		{`java.exe -Xms512m -cp a Main`, 512 << 20},
		{"java -Xmx64M -jar server.jar", 64 << 20},
		{"java -Xms1g -Xmx2g Main", gib},
		{"java -XX:InitialRAMPercentage=50 Main", 12 * gib},
		{"java -XX:InitialHeapSize=1048576 -XX:MaxHeapSize=1g Main", 1 << 20},
		{"java -jar server.jar -Xms9g", 24 * gib / 64}, // not the JVM's
		{"java -Xmsnone Main", 24 * gib / 64},
		{"node server.js", 0},
		{"./server -Xms512m", 0},
		{"", 0},
	} {
		got := heapRoomOf(strings.Fields(c.command), 24*gib)
		if got.Value != c.want || got.Known != (c.want > 0) {
			t.Errorf("%q: %+v; want %.0f", c.command, got, c.want)
		}
	}
}

// What is read of a process is its own command line.
func TestHeapRoomIsReadOfTheProcess(t *testing.T) {
	if os.Getenv("PROCS_TEST_SLEEPS") != "" {
		select {}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestHeapRoomIsReadOfTheProcess$", "--", "-Xms32m") // no flag of the test
	cmd.Args[0] = "/opt/jdk/bin/java"
	cmd.Env = append(os.Environ(), "PROCS_TEST_SLEEPS=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	var room heapRoom
	if got := room.of(cmd.Process.Pid); !got.Known || got.Value != 32<<20 {
		t.Errorf("%+v; want 32 MiB", got)
	}
	if got := room.of(os.Getpid()); got.Known {
		t.Errorf("of a process that is no JVM: %+v", got)
	}
}
