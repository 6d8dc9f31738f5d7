package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/report/page"
	"github.com/benchtui/benchtui/internal/report/recorded"
)

// The page has one script, which its policy knows by its hash, and none without a flame graph.
func TestFlameGraphHasTheOnlyScriptThatMayRun(t *testing.T) {
	text := recorded.Render(t, func(w *bytes.Buffer) error { return page.WriteHTML(w, recorded.Profiled(t, "x", 60)) })
	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(text, -1)
	if len(scripts) != 1 || strings.Count(text, "<script") != 1 {
		t.Fatalf("there are %d scripts", strings.Count(text, "<script"))
	}
	sum := sha256.Sum256([]byte(scripts[0][1]))
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if want := "script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; len(policy) != 2 || !strings.Contains(html.UnescapeString(policy[1]), want) {
		t.Errorf("the policy is %q; want %s", policy, want)
	}
	for _, want := range []string{
		`class="f ko" style="left:0.000%;width:100.000%;top:1lh"`, // handler
		`class="f ko" style="left:0.000%;width:60.000%;top:2lh"`,  // busy
		`title="busy (app.js), own code: 60 % of the time, 60 % in itself"`,
		`<td>pbkdf2Sync</td>`, "&lt;/script&gt;&lt;script&gt;bad()",
		"missing: what the kernel did: sudo sysctl kernel.perf_event_paranoid=1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	plain := recorded.Render(t, func(w *bytes.Buffer) error { return page.WriteHTML(w, recorded.Scaled("x", 1)) })
	if strings.Contains(plain, "<script") || strings.Contains(plain, "script-src") {
		t.Error("a page without a flame graph has a script, or lets one run")
	}
}

// A result knows the sums of a profile: the table stands, without a graph.
func TestTableStandsWhereOnlyTheSumsAreKnown(t *testing.T) {
	document := recorded.Profiled(t, "x", 60)
	document.Timelines = nil
	text := recorded.Render(t, func(w *bytes.Buffer) error { return page.WriteHTML(w, document) })
	if strings.Contains(text, "<script") || !strings.Contains(text, "<td>busy</td>") {
		t.Error("the page has a script, or lacks the table")
	}
}
