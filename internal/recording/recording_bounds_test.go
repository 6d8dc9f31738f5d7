package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
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
	var file bytes.Buffer
	zip := gzip.NewWriter(&file)
	fmt.Fprintf(zip, "{\"format\":%q}\n", Format)
	crowd := strings.TrimSuffix(strings.Repeat("{},", 50_000), ",")
	for i := range 8 {
		fmt.Fprintf(zip, "{\"seq\":%d,\"at_ns\":0,\"kind\":\"contender_done\",\"body\":{\"result\":{\"rounds\":[%s]}}}\n", i, crowd)
	}
	zip.Close()
	recording, err := Load(&file)
	if !errors.Is(err, ErrCutOff) || recording.Len() != 3 {
		t.Errorf("%d events, %v", recording.Len(), err)
	}
}
