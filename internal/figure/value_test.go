package figure

import (
	"encoding/json"
	"math"
	"testing"
)

func TestValueInJSON(t *testing.T) {
	for _, c := range []struct {
		figure Value
		text   string
	}{
		{Value{}, "null"},
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
	var figure Value
	if err := json.Unmarshal([]byte(`"12"`), &figure); err == nil || figure.Known {
		t.Errorf("a text is read as %+v", figure)
	}
}

func TestWhatIsMissingChangesNoSumAndNoExtreme(t *testing.T) {
	var sum, most, least Value
	for _, one := range []Value{{}, Of(3), {}, Of(1), Of(5), {}} {
		sum.Add(one)
		most.Raise(one)
		least.Lower(one)
	}
	if sum != Of(9) || most != Of(5) || least != Of(1) {
		t.Errorf("%+v, %+v, %+v", sum, most, least)
	}
	if sum = (Value{}); sum.Known || sum.Plus(Of(1)).Known || !Of(2).Plus(Of(1)).Known || Of(0).Above(0) || (Value{Value: 5}).Above(1) {
		t.Error("what is missing counts as 0")
	}
}
