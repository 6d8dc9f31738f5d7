package plan

import (
	"reflect"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// tell puts each setting that applies into the facts, by its key.
func (w Workload) tell(facts *stream.WorkloadFacts) {
	for _, s := range Settings {
		if s.Key != "" && s.Applies(w) {
			facts.Tell(s.Key, s.value(w))
		}
	}
}

// value is its value in the workload, a time as a number in the unit that the key ends with.
func (s Setting) value(w Workload) any {
	switch at := s.At(&w).(type) {
	case **time.Duration:
		if *at == nil {
			return 0.0
		}
		return s.inUnit(**at)
	case *time.Duration:
		return s.inUnit(*at)
	case *int, *uint64, *float64, *bool:
		return reflect.ValueOf(at).Elem().Interface()
	}
	return s.Text(w)
}

func (s Setting) inUnit(d time.Duration) float64 {
	if strings.HasSuffix(s.Key, "_ms") {
		return figure.Milliseconds(d)
	}
	return d.Seconds()
}
