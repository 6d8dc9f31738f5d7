//go:build unix

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
)

// nodeContender is a Node server of a person's own, with its manifest; it ends if
// anything of ours can be seen in its environment.
func nodeContender(t *testing.T) (server, manifest string) {
	t.Helper()
	needs(t, "node")
	dir := filepath.Join(t.TempDir(), "with a blank")
	server, manifest = filepath.Join(dir, "server.js"), filepath.Join(dir, "contender.yaml")
	for path, text := range map[string]string{
		server: `
if (process.env.NODE_OPTIONS !== '--title=mine') throw new Error('NODE_OPTIONS is ' + process.env.NODE_OPTIONS);
require('http').createServer((request, reply) => {
  for (const until = performance.now() + 1; performance.now() < until;);
  reply.end('ok');
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));`,
		manifest: `
id: mine
name: Mine
language: JavaScript
run:
  command: [node, "{src}/server.js"]
  env: {NODE_OPTIONS: --title=mine}
checks: {status: 200}
probes: [node-event-loop]
`,
	} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return server, manifest
}

func TestEventLoopOfAServerOfOnesOwn(t *testing.T) {
	server, manifest := nodeContender(t)
	command := fmt.Sprintf("mine=NODE_OPTIONS=--title=mine node '%s' {port}", server)
	load := []string{"-w", "rate", "-q", "300", "-z", "2s", "--warmup", "0s", "--plain"}
	for name, c := range map[string]struct {
		args []string
		told bool
	}{
		"manifest":           {[]string{manifest}, true},
		"manifest, but none": {[]string{manifest, "--no-probes"}, false},
		"cmd":                {[]string{"--cmd", command}, false},
		"cmd with a probe":   {[]string{"--cmd", command, "--probe", "node-event-loop"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recording, result := filepath.Join(t.TempDir(), "run.btr"), filepath.Join(t.TempDir(), "result.json")
			b := newBench(t, append(append([]string{"run", "--record", recording, "--json", result}, load...), c.args...)...)
			if code := b.run(t); code != cli.ExitDone {
				t.Fatalf("exit code %d: %s\n%s", code, b.stderr.String(), b.stdout.String())
			}
			data, err := os.ReadFile(result)
			if err != nil {
				t.Fatal(err)
			}
			loop := only(t, decode(t, data)).Process.EventLoop
			replay := newBench(t, "replay", recording)
			if code := replay.run(t); code != cli.ExitDone {
				t.Fatalf("replay: exit code %d: %s", code, replay.stderr.String())
			}
			shown := strings.Contains(replay.stdout.String(), "loop used")
			if c.told != shown {
				t.Errorf("in the replay the loop is shown: %v, want %v\n%s", shown, c.told, replay.stdout.String())
			}
			switch {
			case !c.told && loop != nil:
				t.Errorf("nobody asked for %+v", *loop)
			case c.told && (loop == nil || loop.UtilizationMax < 0.25 || loop.UtilizationMax > 1):
				t.Errorf("300 replies of 1 ms a second give %+v", loop)
			}
		})
	}
}

// A server that may read nothing but its own files can't load the script.
func TestScriptThatIsInAServersWayIsNamed(t *testing.T) {
	needs(t, "node")
	server := filepath.Join(t.TempDir(), "server.js")
	text := `require('http').createServer((request, reply) => reply.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');`
	if err := os.WriteFile(server, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	const old = "--experimental-permission" // Node 20 to 22; from 24 on it is --permission
	if err := exec.Command("node", old, "--allow-fs-read="+server, "-e", "0").Run(); err != nil {
		t.Skipf("NOT CHECKED: a server that may not read the script; this node has no %s", old)
	}
	args := []string{
		"run", "--cmd", fmt.Sprintf("mine=NODE_OPTIONS=%s node --allow-fs-read=%s %s", old, server, server),
		"-w", "rate", "-q", "50", "-z", "200ms", "--warmup", "0s", "--plain",
	}
	refused := newBench(t, append(args, "--probe", "node-event-loop")...)
	if code := refused.run(t); code != cli.ExitNotMeasured || !strings.Contains(refused.stderr.String(), "--no-probes leaves it out") {
		t.Errorf("exit code %d: %s", code, refused.stderr.String())
	}
	if b := newBench(t, args...); b.run(t) != cli.ExitDone {
		t.Errorf("without the script: %s", b.stderr.String())
	}
}

func TestProbesThatMakeNoSenseAreRefused(t *testing.T) {
	for name, args := range map[string][]string{
		"is none":    {"--cmd", "mine=true", "--probe", "java-heap"},
		"with --cmd": {"golang", "--probe", "node-event-loop"},
		"contradict": {"--cmd", "mine=true", "--probe", "node-event-loop", "--no-probes"},
	} {
		b := newBench(t, append([]string{"run", "--plain"}, args...)...)
		if code := b.run(t); code != cli.ExitUsage || !strings.Contains(b.stderr.String(), name) {
			t.Errorf("%v: exit code %d: %s", args, code, b.stderr.String())
		}
	}
}
