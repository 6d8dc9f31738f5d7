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
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			b := newBench(t, append(args, "--ascii")...)
			b.run(t) // doctor ends with 1 where it finds something
			for i, character := range b.stdout.String() {
				if character > '~' {
					t.Errorf("%q after %d bytes", character, i)
					break
				}
			}
			if b.stdout.Len() == 0 {
				t.Errorf("it writes nothing\n%s", b.stderr.String())
			}
		})
	}
}
