package measure

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

func TestSampleSurvivesJSON(t *testing.T) {
	sample := Sample{Over: 250 * time.Millisecond, Processes: 2, HostCPUPercent: []float64{1, 99.5}}
	figures := reflect.ValueOf(&sample).Elem()
	for i := range figures.NumField() { // every second one is missing
		if value, ok := figures.Field(i).Addr().Interface().(*figure.Value); ok && i%2 == 0 {
			*value = figure.Of(float64(i) / 4)
		}
	}
	text, err := json.Marshal(sample)
	if err != nil {
		t.Fatal(err)
	}
	var back Sample
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, sample) {
		t.Errorf("%+v came back as %+v", sample, back)
	}
	var byName map[string]any
	if err := json.Unmarshal(text, &byName); err != nil {
		t.Fatal(err)
	}
	for name := range byName {
		if name != strings.ToLower(name) {
			t.Errorf("%s is not in snake case", name)
		}
	}
}
