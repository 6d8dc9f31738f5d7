package system

import (
	"slices"
	"strings"
	"testing"
)

func TestCPUListsAreReadAsTasksetDoes(t *testing.T) {
	for text, want := range map[string]struct {
		set     CPUSet
		written string
	}{
		"0":         {CPUSet{0}, "0"},
		"0-2,4":     {CPUSet{0, 1, 2, 4}, "0-2,4"},
		"4, 0-2":    {CPUSet{0, 1, 2, 4}, "0-2,4"},
		"1,1,0-1":   {CPUSet{0, 1}, "0-1"},
		"3-3,1023":  {CPUSet{3, 1023}, "3,1023"},
		"7,5,6,1-2": {CPUSet{1, 2, 5, 6, 7}, "1-2,5-7"},
	} {
		set, err := ParseCPUs(text)
		if err != nil || !slices.Equal(set, want.set) || set.String() != want.written {
			t.Errorf("%q is %v (%s), %v", text, []int(set), set, err)
		}
	}
	for text, says := range map[string]string{
		"":                     "missing",
		"a":                    `"a" is no number`,
		"0,":                   "missing",
		"-1":                   "missing",
		"0-":                   "missing",
		"+1":                   "no number",
		"3-1":                  "goes down",
		"1-2-3":                "no number",
		"1024":                 "no CPU 1024",
		"99999999999999999999": "no CPU",
	} {
		if set, err := ParseCPUs(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is %v, %v; want %q", text, []int(set), err, says)
		}
	}
}

func TestCPUsAreCheckedAgainstTheMachine(t *testing.T) {
	present, allowed := CPUSet{0, 1, 2, 3}, CPUSet{0, 1}
	for _, c := range []struct {
		set  CPUSet
		says string
	}{
		{CPUSet{0, 1}, ""},
		{CPUSet{1, 2}, "CPU 2 is not for this process; it may run on 0-1"},
		{CPUSet{0, 4}, "there is no CPU 4; this machine has 0-3"},
	} {
		err := c.set.checkAgainst(present, allowed)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.set, err, c.says)
		}
	}
	if err := CPUSet(nil).Check(); err != nil {
		t.Errorf("no wish: %v", err)
	}
}
