package run

import (
	"testing"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/traffic"
)

// A route of the contenders' is asked for without what their own reply must hold.
func TestAnotherPathIsHeldToItsStatusAlone(t *testing.T) {
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	golang, err := catalogue.Find("golang")
	if err != nil {
		t.Fatal(err)
	}
	field, text := "hash", "item"
	for _, c := range []struct {
		name   string
		plan   Plan
		checks traffic.Checks
		words  string // of the request that is told; "": none is
	}{
		{"its own", Plan{}, traffic.Checks{Status: 200, JSONField: "name"}, ""},
		{"its own by name", Plan{Path: "/hello"}, traffic.Checks{Status: 200, JSONField: "name"}, "GET /hello"},
		{"its own with a query", Plan{Path: "/hello?x=1"}, traffic.Checks{Status: 200, JSONField: "name"}, "GET /hello?x=1"},
		{"another", Plan{Path: "/json?n=500"}, traffic.Checks{Status: 200}, "GET /json?n=500"},
		{"a longer one", Plan{Path: "/hello/more"}, traffic.Checks{Status: 200}, "GET /hello/more"},
		{"another with a field", Plan{Path: "/work", Checks: CheckChanges{JSONField: &field}}, traffic.Checks{Status: 200, JSONField: "hash"}, "GET /work"},
		{"another with a text", Plan{Path: "/json", Checks: CheckChanges{BodyContains: &text}}, traffic.Checks{Status: 200, BodyContains: "item"}, "GET /json"},
		{"a body", Plan{Path: "/echo", Method: "POST", Body: make([]byte, 1500)}, traffic.Checks{Status: 200}, "POST /echo with 1,500 bytes"},
	} {
		plan := c.plan
		plan.Contenders = []frameworks.Contender{golang}
		job := plan.job(golang, "http://127.0.0.1:1", traffic.Load{})
		if job.Checks != c.checks {
			t.Errorf("%s: checks %+v, want %+v", c.name, job.Checks, c.checks)
		}
		words := ""
		if request := plan.request(); request != nil {
			words = request.Words()
		}
		if words != c.words {
			t.Errorf("%s: told as %q, want %q", c.name, words, c.words)
		}
		// It starts as well whatever is asked of it then.
		ready := plan.readyJob(golang, "http://127.0.0.1:1")
		if ready.Request.URL != "http://127.0.0.1:1/hello" || ready.Request.Method != "GET" || ready.Checks.JSONField != "name" || len(ready.Request.Body) > 0 {
			t.Errorf("%s: it is ready by %s %s, %+v", c.name, ready.Request.Method, ready.Request.URL, ready.Checks)
		}
	}
	// A server of one's own has no request of its own but what it is asked.
	own, err := frameworks.Command("mine=./server {port}")
	if err != nil {
		t.Fatal(err)
	}
	if ready := (Plan{Path: "/api"}).readyJob(own, "http://127.0.0.1:1"); ready.Request.URL != "http://127.0.0.1:1/api" {
		t.Errorf("a server of one's own is ready by %s", ready.Request.URL)
	}
}
