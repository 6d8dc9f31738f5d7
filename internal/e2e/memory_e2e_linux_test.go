package e2e

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/servertest"
)

// A server of five processes that share 100 MB takes little more than these of the
// machine; RSS counts them five times.
func TestMemoryOfForkedWorkersIsToldOnce(t *testing.T) {
	b := newBench(t, "run", "--cmd", serverOf(servertest.SharesMemory, servertest.Options{MB: 100, Workers: 4}), "-w", "steady", "-c", "2", "-z", "1s", "--warmup", "0s",
		"--rank-by", "rss", "--plain", "--csv", t.TempDir()+"/out.csv", "--json", "-")
	if code := b.run(t); code != cli.ExitDone {
		t.Fatalf("exit code %d\n%s", code, b.stderr.String())
	}
	one := only(t, decode(t, b.stdout.Bytes()))
	p := one.Process
	if p == nil || p.PSSMBMax == nil || p.PSSMBIdle == nil || p.RSSMBMax == nil {
		t.Fatalf("memory is missing: %+v", p)
	}
	// The race detector's memory is each process's own: up to 40 MB of it in five of them.
	if most := 0.6 * *p.RSSMBMax; *p.RSSMBMax < 500 || *p.PSSMBMax < 100 || *p.PSSMBMax > most || *p.PSSMBIdle < 100 || *p.PSSMBIdle > most {
		t.Errorf("RSS %g MB, PSS %g MB idle and %g at most, of five processes that share 100 MB", *p.RSSMBMax, *p.PSSMBIdle, *p.PSSMBMax)
	}
	if p.MemoryIs != "PSS" || *one.Figure("rss") != *p.PSSMBMax || *one.Figure("rss-sum") != *p.RSSMBMax {
		t.Errorf("it is ranked by %s: %v MB", p.MemoryIs, *one.Figure("rss"))
	}
	if text := b.stderr.String(); !strings.Contains(text, "PSS idle") || !strings.Contains(text, "(PSS; RSS ") {
		t.Errorf("the text does not say which memory it tells:\n%s", text)
	}
}
