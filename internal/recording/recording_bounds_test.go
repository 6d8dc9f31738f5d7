package recording

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// A few kB of gzip must not take all memory.
func TestRecordingOfHugeEventsIsCutOff(t *testing.T) {
	for _, size := range []int{20 << 20, 12 << 20} {
		var file bytes.Buffer
		zip := gzip.NewWriter(&file)
		fmt.Fprintf(zip, "{\"format\":%q}\n", Format)
		line := strings.Repeat("x", size)
		for i := range 8 {
			fmt.Fprintf(zip, "{\"seq\":%d,\"at_ns\":0,\"kind\":\"log_line\",\"body\":{\"line\":%q}}\n", i, line)
		}
		zip.Close()
		recording, err := Load(&file)
		if !errors.Is(err, ErrCutOff) || recording.Len() > 4 {
			t.Errorf("events of %d bytes: %d of them, %v", size, recording.Len(), err)
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
