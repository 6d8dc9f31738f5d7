package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/benchtui/benchtui/internal/stream"
)

// A few kB of gzip must not take all memory: neither one event that is larger than any
// real one, nor several that are large.
func TestRecordingOfHugeEventsIsCutOff(t *testing.T) {
	for _, c := range []struct{ size, events, most int }{
		{longestRecorded + 1<<20, 1, 0},
		{12 << 20, mostRecordedLarge/(12<<20) + 1, mostRecordedLarge / (12 << 20)},
	} {
		var file bytes.Buffer
		zip, err := gzip.NewWriterLevel(&file, gzip.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(zip, "{\"format\":%q}\n", Format)
		line := bytes.Repeat([]byte("x"), c.size)
		for i := range c.events {
			fmt.Fprintf(zip, "{\"seq\":%d,\"at_ns\":0,\"kind\":\"log_line\",\"body\":{\"line\":\"", i)
			zip.Write(line)
			io.WriteString(zip, "\"}}\n")
		}
		zip.Close()
		recording, err := Load(&file)
		if !errors.Is(err, ErrCutOff) || recording.Len() > c.most {
			t.Errorf("%d events of %d bytes: %d of them, %v", c.events, c.size, recording.Len(), err)
		}
	}
}

// Nor must many small things in it.
func TestRecordingOfCountlessContendersIsCutOff(t *testing.T) {
	for _, one := range []string{"{}", "null", "0"} {
		var file bytes.Buffer
		zip := gzip.NewWriter(&file)
		fmt.Fprintf(zip, "{\"format\":%q}\n", Format)
		crowd := strings.TrimSuffix(strings.Repeat(one+",", 8_000), ",")
		for i := range 8 {
			fmt.Fprintf(zip, "{\"seq\":%d,\"at_ns\":0,\"kind\":\"contender_done\",\"body\":{\"result\":{\"ROUNDS\" : [%s]}}}\n", i, crowd)
		}
		zip.Close()
		recording, err := Load(&file)
		if !errors.Is(err, ErrCutOff) || recording.Len() < 1 || recording.Len() > 5 {
			t.Errorf("%s: %d events, %v", one, recording.Len(), err)
		}
	}
}

// What a recording may hold is counted by what is kept of it for as long as it is shown.
func TestRecordingOfTooManyThingsIsCutOff(t *testing.T) {
	for name, c := range map[string]struct {
		events int
		text   func(i int) string
	}{
		"contenders that begin": {mostRecordedLoads + 10, func(int) string { return `"kind":"contender_started","body":{}` }},
		"ids of contenders":     {mostRecordedContenders + 10, func(i int) string { return fmt.Sprintf(`"contender":"%d","kind":"process","body":{}`, i) }},
		"ids in the log":        {mostRecordedContenders + 10, func(i int) string { return fmt.Sprintf(`"contender":"%d","kind":"log","body":{}`, i) }},
	} {
		var file bytes.Buffer
		zip := gzip.NewWriter(&file)
		fmt.Fprintf(zip, "{\"format\":%q}\n", Format)
		for i := range c.events {
			fmt.Fprintf(zip, "{\"seq\":%d,\"at_ns\":0,%s}\n", i, c.text(i))
		}
		zip.Close()
		recording, err := Load(&file)
		if !errors.Is(err, ErrCutOff) || recording.Len() != c.events-10 {
			t.Errorf("%s: %d events of %d, %v", name, recording.Len(), c.events, err)
		}
	}
}

func TestKindsThatNobodyKnowsAreToldOfAFewTimes(t *testing.T) {
	var file bytes.Buffer
	zip := gzip.NewWriter(&file)
	fmt.Fprintf(zip, "{\"format\":%q}\n", Format)
	for i := range 1000 {
		fmt.Fprintf(zip, "{\"seq\":%d,\"at_ns\":0,\"kind\":\"new%d\",\"body\":{}}\n", i, i)
	}
	zip.Close()
	if recording, err := Load(&file); err != nil || recording.Len() != mostUnknownKinds {
		t.Errorf("%d events, %v", recording.Len(), err)
	}
}

// Of a server that logs each request, the lines are thinned out; nothing else is.
func TestLinesAreThinnedOutWhereThereAreTooMany(t *testing.T) {
	var thin thinning
	line := stream.Raw{Kind: stream.KindOf(stream.LogLine{}), Body: []byte(`{"line":"x"}`)}
	for i := range mostLines {
		if kept, first := thin.keeps(line); !kept || first {
			t.Fatalf("line %d: kept %v, first %v", i, kept, first)
		}
	}
	if kept, first := thin.keeps(line); kept || !first {
		t.Errorf("the first that is too many: kept %v, first %v", kept, first)
	}
	sums := map[time.Duration]int{}
	for i := range 1000 {
		line.At = time.Duration(i) * 10 * time.Millisecond
		kept, first := thin.keeps(line)
		if first {
			t.Error("told twice")
		}
		if kept {
			sums[line.At.Truncate(time.Second)]++
		}
		if kept, _ := thin.keeps(stream.Raw{Kind: stream.KindOf(stream.LoadSample{})}); !kept {
			t.Error("a sample is thinned out")
		}
	}
	if len(sums) != 10 || sums[0] != furtherLines || sums[9*time.Second] != furtherLines {
		t.Errorf("kept of each second: %v", sums)
	}
}
