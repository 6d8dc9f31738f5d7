package wording

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/foreign"
)

func TestFiguresInWords(t *testing.T) {
	for got, want := range map[string]string{
		MS(0.417): "0.42 ms", MS(0.004): "0.00 ms", MS(9.5): "9.50 ms", MS(12.34): "12.3 ms", MS(3137): "3,137 ms", MS(99.96): "100.0 ms",
		US(417): "0.42 ms", Count(0): "0", Count(999): "999", Count(1000): "1,000", Count(24_000_000): "24,000,000",
		PerSecond(0): "0", PerSecond(0.5): "0.5", PerSecond(6400.4): "6,400",
		Percent(0): "0 %", Percent(0.75): "75 %", Percent(0.0004): "0.04 %", Percent(0.99996): "99.99 %", Percent(1): "100 %",
		Length(182 * time.Millisecond): "182 ms", Length(5 * time.Second): "5 s", Length(12300 * time.Millisecond): "12.3 s", Length(125 * time.Second): "2 min 5 s",
		Known(nil, MS): Missing, MB(7.4): "7.4 MB", MB(61.2): "61 MB", Microseconds(4.63): "4.6 µs", Microseconds(143.75): "144 µs",
		foreign.Text("a\tb\x1b[31m\r\x00c\nd"): "a bc\nd",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
