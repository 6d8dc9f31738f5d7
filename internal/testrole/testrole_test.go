package testrole

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const variable Variable = "BENCHTUI_TEST_TESTROLE"

type options struct {
	Text  string
	Times int
}

func TestMain(m *testing.M) {
	if !Play(variable, map[Role]func(options){"says": func(o options) { fmt.Print(strings.Repeat(o.Text, o.Times)) }}) {
		os.Exit(m.Run())
	}
}

// As a command line has it: between two ', whatever the options hold.
func TestRoleAndOptionsComeThroughAShell(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("NOT CHECKED: there is no shell")
	}
	const text = "it's \"$HOME\" \\ {port}\r\n<é>"
	name, value, _ := strings.Cut(As(variable, "says", options{Text: text, Times: 2}), "=")
	out, err := exec.Command("sh", "-c", name+"='"+value+`' "$0"`, os.Args[0]).CombinedOutput()
	if err != nil || string(out) != text+text {
		t.Errorf("%v: %q", err, out)
	}
}

func TestUnknownRoleEndsTheProcess(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), As[options](variable, "sings"))
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "no such role") {
		t.Errorf("%v: %s", err, out)
	}
}
