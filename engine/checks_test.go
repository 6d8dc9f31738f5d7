package engine

import (
	"encoding/json"
	"testing"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

func TestJSONFieldIsLookedForAtTheTopOnly(t *testing.T) {
	for text, want := range map[string]bool{
		`{"name":1}`:                             true,
		` { "a" : [1,{"b":2}] , "name" :null } `: true,
		`{"n\u0061me":1}`:                        true,
		`{"a":"x\\\"","name":1}`:                 true,
		`{"a":{"name":1}}`:                       false,
		`[{"name":1}]`:                           false,
		`{"a":"name"}`:                           false,
		`{"a":"\"name\":1"}`:                     false,
		`{"Name":1}`:                             false,
		`{"name ":1}`:                            false,
		`"name"`:                                 false,
		`{"name":1`:                              false,
		`{"name":1}}`:                            false,
		`{"name"}`:                               false,
		`{}`:                                     false,
		``:                                       false,
		`null`:                                   false,
	} {
		if got := hasField([]byte(text), []byte("name")); got != want {
			t.Errorf("%s: %v; want %v", text, got, want)
		}
	}
}

// A field may have any name, and a server may write it in any way that JSON has.
func TestJSONFieldMayHaveAnyName(t *testing.T) {
	for _, one := range []struct{ field, body string }{
		{"a&b", `{"a&b":1}`},
		{"a&b", `{"a\u0026b":1}`},
		{"<x>", `{"<x>":1}`},
		{"<x>", `{"\u003cx\u003E":1}`},
		{`say "hi"`, `{"say \"hi\"":1}`},
		{`back\slash`, `{"back\\slash":1}`},
		{"größe", `{"größe":1}`},
		{"größe", `{"gr\u00f6\u00dfe":1}`},
		{"line\u2028end", "{\"line\u2028end\":1}"},
		{"tab\t", `{"tab\t":1}`},
	} {
		p := replyParser{status: 200, body: []byte(one.body), bodySeen: int64(len(one.body))}
		if cause, ok := newChecker(traffic.Checks{JSONField: one.field}).judge(&p); !ok {
			t.Errorf("%s has no field %q: %+v", one.body, one.field, cause)
		}
	}
}

// FuzzJSONField compares with what encoding/json finds.
func FuzzJSONField(f *testing.F) {
	for _, seed := range []string{`{"name":1}`, `{"a":{"name":1}}`, `[{"name":1}]`, `{"n\u0061me":[]}`, `{"a":"\"name\":"}`, `null`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var object map[string]json.RawMessage
		want := false
		if json.Unmarshal(text, &object) == nil {
			_, want = object["name"]
		}
		if got := hasField(text, []byte("name")); got != want {
			t.Errorf("%q: %v; encoding/json says %v", text, got, want)
		}
	})
}

func TestReplyIsJudgedByItsStatusFirst(t *testing.T) {
	checks := traffic.Checks{Status: 200, JSONField: "name", BodyContains: "hello"}
	for _, c := range []struct {
		checks traffic.Checks
		text   string
		want   measure.Cause
	}{
		{checks, helloReply, ""},
		{checks, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "status 500"},
		{checks, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", `check json field "name"`},
		{checks, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"name\":1}", `check body contains "hello"`},
		{checks, helloReply, ""},
		{traffic.Checks{}, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", ""},
		{traffic.Checks{}, "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", "status 400"},
	} {
		checker := newChecker(c.checks)
		p := &replyParser{bodyLimit: checker.bodyLimit()}
		for range 2 { // the second time by comparison with the first
			p.begin(false)
			if _, done, err := p.feed([]byte(c.text)); !done || err != nil {
				t.Fatal(done, err)
			}
			cause, ok := checker.judge(p)
			if got := cause.cause(c.checks); got != c.want || ok != (c.want == "") {
				t.Errorf("%q: %q, %v; want %q", c.text, got, ok, c.want)
			}
		}
	}
}

func TestJudgingAllocatesNothing(t *testing.T) {
	checker := newChecker(traffic.Checks{Status: 200, JSONField: "name", BodyContains: "hello"})
	p := &replyParser{bodyLimit: checker.bodyLimit()}
	replies := [2][]byte{[]byte(helloReply), []byte("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"name\": \"hello\"}")}
	i := 0
	if allocs := testing.AllocsPerRun(100, func() {
		p.begin(false)
		_, _, _ = p.feed(replies[i%2]) // never the body of the reply before
		if _, ok := checker.judge(p); !ok {
			t.Error("judged as failed")
		}
		i++
	}); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}
