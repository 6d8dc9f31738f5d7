package measure

import (
	"fmt"
	"testing"
)

func TestReasonsHaveABound(t *testing.T) {
	var all []Reason
	for i := range 100 {
		all = mergeReasons(all, []Reason{{Text: fmt.Sprint(i), Count: 1}, {Text: "often", Count: 2}})
	}
	var sum uint64
	for _, one := range all {
		sum += one.Count
	}
	if len(all) != mostReasons || all[0].Text != "often" || all[len(all)-1].Text != OtherReasons || sum != 300 {
		t.Errorf("%+v; want the most frequent and a rest, 300 in all", all)
	}
}
