//go:build unix

package e2e

import (
	"testing"
)

// Every command that writes text writes it plain where that is asked for.
func TestTextIsASCIIWhereThatIsAskedFor(t *testing.T) {
	demo := demoFile
	for _, args := range [][]string{
		{"report", demo}, {"compare", demo, demo}, {"list"}, {"doctor", "-z", "50ms"}, {"build", "golang"},
		{"replay", demo, "--plain"}, {"run", "golang", "-w", "steady", "-z", "300ms", "--warmup", "0s", "--plain"}, {"demo", "--plain"},
	} {
		b := newBench(t, append(args, "--ascii")...)
		b.run(t) // doctor ends with 1 where it finds something
		for i, character := range b.stdout.String() {
			if character > '~' {
				t.Errorf("benchtui %s writes %q after %d bytes", args[0], character, i)
				break
			}
		}
		if b.stdout.Len() == 0 {
			t.Errorf("benchtui %s writes nothing\n%s", args[0], b.stderr.String())
		}
	}
}
