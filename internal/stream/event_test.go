package stream_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/stream/streamtest"
)

func TestEveryKindOfEventSurvivesJSON(t *testing.T) {
	all := streamtest.OneOfEach()
	if len(all) != stream.Kinds {
		t.Errorf("%d kinds are tried, there are %d", len(all), stream.Kinds)
	}
	for _, event := range all {
		data, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		var back stream.Event
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if !reflect.DeepEqual(event, back) {
			t.Errorf("%s\n  became %+v\n  of     %+v", stream.KindOf(event.Body), back, event)
		}
	}
}

func TestUnknownKindOfEventIsAnError(t *testing.T) {
	var event stream.Event
	if err := json.Unmarshal([]byte(`{"seq":1,"kind":"nonsense","body":{}}`), &event); err == nil {
		t.Error("no error")
	}
}
