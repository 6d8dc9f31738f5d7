package plain

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func plainText(t *testing.T, events []stream.Event, options Options) string {
	t.Helper()
	var text bytes.Buffer
	plain := New(&text, options)
	for _, event := range events {
		if err := plain.Emit(event); err != nil {
			t.Fatal(err)
		}
	}
	return text.String()
}

func TestPlainTextOfARecording(t *testing.T) {
	events := recorded.ArticleEvents()
	recorded.Golden(t, "testdata/article.txt", plainText(t, events, Options{}))
	recorded.Golden(t, "testdata/article-quiet.txt", plainText(t, events, Options{Quiet: true}))
}

func TestEverySecondOfALoadHasOneLine(t *testing.T) {
	r := &recorded.Recording{}
	r.Emit("x", 0, stream.PhaseChanged{Phase: stream.PhaseWarmup})
	r.Emit("x", 0, stream.LoadSample{Warmup: true, Measures: measure.Measures{To: 3 * time.Second, OK: 77}})
	r.Emit("x", 0, stream.PhaseChanged{Phase: stream.PhaseLoad})
	// Intervals that are a little short: 990 and 1,980 ms are as good as full seconds,
	// 2,970 ms is not, so that the third line waits for 3,069 ms. The load ends at
	// 3,564 ms, in the midst of a second.
	for i := range 36 {
		from := time.Duration(i) * 99 * time.Millisecond
		r.Emit("x", 0, stream.LoadSample{Measures: measure.Measures{
			From: from, To: from + 99*time.Millisecond, OK: 99, ResponseOK: recorded.Histogram(99, 512),
		}})
	}
	r.Emit("x", 0, stream.PhaseChanged{Phase: stream.PhaseStop})
	var times []string
	for _, line := range strings.Split(plainText(t, r.Events, Options{}), "\n") {
		fields := strings.Fields(line)
		if len(fields) > 2 && fields[1] == "s" {
			times = append(times, fields[0])
			if fields[2] != "1,000" {
				t.Errorf("99 replies in every 99 ms are 1,000 a second, not %s", fields[2])
			}
		}
	}
	if want := "1.0 2.0 3.1 3.6"; strings.Join(times, " ") != want {
		t.Errorf("lines at %v, want %s", times, want)
	}
}

func TestPercentilesOfASecondComeFromMergedHistograms(t *testing.T) {
	r := &recorded.Recording{}
	r.Emit("x", 0, stream.PhaseChanged{Phase: stream.PhaseLoad})
	// 9 intervals of 100 replies of 1 ms and one of 1,100 replies of 2 ms: p50 is
	// 2 ms. The mean of the intervals' medians would be 1.1 ms.
	for i := range 10 {
		n, value := uint64(100), int64(1000)
		if i == 9 {
			n, value = 1100, 2000
		}
		r.Emit("x", 0, stream.LoadSample{Measures: measure.Measures{
			From: time.Duration(i) * 100 * time.Millisecond, To: time.Duration(i+1) * 100 * time.Millisecond, OK: n, ResponseOK: recorded.Histogram(n, value),
		}})
	}
	text := plainText(t, r.Events, Options{})
	if line := strings.Join(strings.Fields(text), " "); !strings.Contains(line, "1.0 s 2,000 0 2.00 ms 2.00 ms 2.00 ms 2.00 ms") {
		t.Errorf("no line with 2,000 replies a second and p50 2.00 ms:\n%s", text)
	}
}

// lineLimit takes so many writes and then fails, as a pipe does whose reader left.
type lineLimit int

var errNoReader = errors.New("nobody reads")

func (l *lineLimit) Write(data []byte) (int, error) {
	if *l--; *l < 0 {
		return 0, errNoReader
	}
	return len(data), nil
}

func TestWriteErrorIsReturnedAtOnceAndStays(t *testing.T) {
	limit := lineLimit(3)
	plain := New(&limit, Options{})
	failed := 0
	events := recorded.RecordArticle()
	for _, event := range events {
		if err := plain.Emit(event); errors.Is(err, errNoReader) {
			failed++
		} else if failed > 0 {
			t.Fatalf("the error is gone: %v", err)
		}
	}
	if failed < len(events)-3 {
		t.Errorf("%d of %d events told of the error", failed, len(events))
	}
	if limit != -1 {
		t.Errorf("%d writes after the error", -1-limit)
	}
}

func TestWhatOthersWroteCannotMoveTheCursor(t *testing.T) {
	text := plainText(t, recorded.RecordArticle(), Options{})
	if strings.ContainsAny(text, "\x1b\r\a\b") {
		t.Errorf("control characters in %q", text)
	}
}
