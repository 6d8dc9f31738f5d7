package compare

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/report/recorded"
)

func TestComparisonSaysWhichFunctionsGrewAndShrank(t *testing.T) {
	c := Compare(recorded.Profiled(t, "x", 60), recorded.Profiled(t, "x", 20))
	functions := c.Contenders[0].Functions
	if len(functions) != 2 {
		t.Fatalf("told: %+v", functions)
	}
	for _, one := range functions {
		grew := one.New - one.Old
		switch one.Function {
		case "busy":
			grew = -grew
		case "pbkdf2Sync":
		default:
			t.Errorf("%s did not change", one.Function)
		}
		if math.Abs(grew-0.4) > 0.001 || one.Noise <= 0 || one.Noise > 0.1 {
			t.Errorf("%+v", one)
		}
	}
	var text, markdown bytes.Buffer
	if err := WriteText(&text, c); err != nil {
		t.Fatal(err)
	}
	if err := WriteMarkdown(&markdown, c); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{text.String(), markdown.String()} {
		for _, want := range []string{"shrank", "busy", "grew", "pbkdf2Sync", "+40 ±"} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is not in\n%s", want, out)
			}
		}
	}
	// What chance may do is no change.
	c = Compare(recorded.Profiled(t, "x", 60), recorded.Profiled(t, "x", 61))
	if one := c.Contenders[0]; len(one.Functions) != 0 || !one.Profiled {
		t.Errorf("told: %+v", one.Functions)
	}
	// One profile alone tells nothing.
	c = Compare(recorded.Scaled("x", 1), recorded.Profiled(t, "x", 61))
	if one := c.Contenders[0]; one.Profiled || one.Functions != nil {
		t.Errorf("told: %+v", one.Functions)
	}
}
