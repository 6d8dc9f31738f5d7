package plain

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func TestBuildsInWords(t *testing.T) {
	for want, done := range map[string]stream.BuildDone{
		"x  built in 12.3 s · Go 1.26 · own build":     {OK: true, Took: 12300 * time.Millisecond, Version: "Go 1.26", Variant: "own build"},
		"x  built in 31 ms (cached)":                   {OK: true, Cached: true, Took: 31 * time.Millisecond},
		"x  needs no build":                            {OK: true, Took: 20 * time.Microsecond},
		"x  not built: no compiler\n   log: /logs/x.1": {Reason: "no compiler\n", LogPath: "/logs/x.1"},
	} {
		r := &recorded.Recording{}
		r.Emit("", 0, stream.RunStarted{Plan: stream.PlanFacts{Contenders: []stream.ContenderFacts{{ID: "x"}}}})
		r.Emit("x", 0, done)
		if text := plainText(t, r.Events, Options{}); !strings.HasSuffix(text, "\n"+want+"\n") {
			t.Errorf("%q, want %q at its end", text, want)
		}
	}
}
