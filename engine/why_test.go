package engine

import (
	"github.com/benchtui/benchtui/internal/traffic"
	"testing"
)

// Where every reply is a redirect, to say so must cost no more than to say OK.
func TestRedirectsAreToldWithoutAllocation(t *testing.T) {
	c := newChecker(traffic.Checks{Status: 200})
	p := replyParser{status: 302}
	cause := causeKey{kind: kindStatus}
	for _, to := range []string{"/login", "/elsewhere"} {
		p.location = []byte(to)
		if why := c.whyNot(cause, &p); why != "to "+to {
			t.Errorf("a redirect to %s is told as %q", to, why)
		}
	}
	if n := testing.AllocsPerRun(100, func() { c.whyNot(cause, &p) }); n > 0 {
		t.Errorf("%g allocations a reply", n)
	}
}
