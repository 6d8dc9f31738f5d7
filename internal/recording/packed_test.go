package recording

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
)

// Events come back as they were added, in whatever order they are asked for, and what is
// alike takes little.
func TestEventsArePackedAndComeBack(t *testing.T) {
	const events, size = 12_000, 3 << 10
	random := rand.New(rand.NewPCG(1, 1))
	var packed packedEvents
	event := func(i int) stream.Raw {
		body := fmt.Sprintf(`{"n":%d,"text":"%s"}`, i, strings.Repeat("x", size))
		switch i {
		case 100:
			body = ""
		case 200:
			body = strings.Repeat("large ", blockBytes)
		}
		return stream.Raw{
			Seq: uint64(i), At: time.Duration(i) * time.Millisecond, Contender: []string{"", "golang", "日本"}[i%3],
			Kind: []string{"load", "process"}[i%2], Body: []byte(body),
		}
	}
	for i := range events {
		packed.add(event(i))
	}
	packed.seal()
	if packed.length != events || packed.last != (events-1)*time.Millisecond {
		t.Errorf("%d events until %s", packed.length, packed.last)
	}
	if packed.bytes > plainBytes+2<<20 {
		t.Errorf("%d MB of events take %d MB", events*size>>20, packed.bytes>>20)
	}
	look := func(i int) {
		if got, want := *packed.at(i), event(i); !reflect.DeepEqual(got, want) {
			t.Fatalf("event %d: %.80v, want %.80v", i, got, want)
		}
	}
	for i := range events {
		look(i)
	}
	for i := events - 1; i >= 0; i-- {
		look(i)
	}
	for range 200 {
		look(random.IntN(events))
	}
}

// What does not compress is kept as it is, and read as such.
func TestEventsThatDoNotCompressComeBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var packed packedEvents
	packed.bytes = plainBytes // the next block is to be compressed
	body := make([]byte, 2*blockBytes)
	for i := range body {
		body[i] = byte(random.Uint32())
	}
	packed.add(stream.Raw{Seq: 1, Kind: "log", Body: body})
	packed.seal()
	if got := packed.at(0); !reflect.DeepEqual([]byte(got.Body), body) {
		t.Error("it came back as something else")
	}
}
