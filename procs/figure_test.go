package procs

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestFigureInJSON(t *testing.T) {
	for _, c := range []struct {
		figure Figure
		text   string
	}{
		{Figure{}, "null"},
		{Of(0), "0"},
		{Of(12.5), "12.5"},
		{Of(123456789012), "123456789012"},
	} {
		text, err := json.Marshal(c.figure)
		if err != nil || string(text) != c.text {
			t.Errorf("%+v is written as %s, %v; want %s", c.figure, text, err, c.text)
		}
		back := Of(99) // what was there before must not stay
		if err := json.Unmarshal([]byte(c.text), &back); err != nil || back != c.figure {
			t.Errorf("%s is read as %+v, %v; want %+v", c.text, back, err, c.figure)
		}
	}
	for _, value := range []float64{math.NaN(), math.Inf(1)} {
		if text, err := json.Marshal(Of(value)); err != nil || string(text) != "null" {
			t.Errorf("%v is written as %s, %v; want null", value, text, err)
		}
	}
	var figure Figure
	if err := json.Unmarshal([]byte(`"12"`), &figure); err == nil || figure.Known {
		t.Errorf("a text is read as %+v", figure)
	}
}

func TestSampleSurvivesJSON(t *testing.T) {
	sample := Sample{Over: 250 * time.Millisecond, Processes: 2, HostCPUPercent: []float64{1, 99.5}}
	figures := reflect.ValueOf(&sample).Elem()
	for i := range figures.NumField() { // every second one is missing
		if figure, ok := figures.Field(i).Addr().Interface().(*Figure); ok && i%2 == 0 {
			*figure = Of(float64(i) / 4)
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
