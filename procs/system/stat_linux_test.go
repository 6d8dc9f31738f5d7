package system

import "testing"

func TestStatWithAnyName(t *testing.T) {
	text := "4242 (a ) R (b) S 17 99 98 0 -1 4194560 1 2 3 4 250 50 30 20 20 0 7 0 123456 1 2 3\n"
	got, ok := parseStat([]byte(text))
	want := Stat{Name: "a ) R (b", State: 'S', Parent: 17, Group: 99, Session: 98, User: 250, System: 50, ChildUser: 30, ChildSystem: 20, Threads: 7, Began: 123456}
	if !ok || got != want {
		t.Errorf("%+v, %v; want %+v", got, ok, want)
	}
	for _, text := range []string{"", "1 (x", "1 (x) S 1 2"} {
		if _, ok := parseStat([]byte(text)); ok {
			t.Errorf("%q is read", text)
		}
	}
}
