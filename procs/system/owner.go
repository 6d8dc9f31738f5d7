package system

import (
	"fmt"
	"path"
	"regexp"
	"runtime"
	"strings"
)

// Owner is who listens on a port; PID is 0 where that can't be seen.
type Owner struct {
	PID  int
	Name string
}

// String is "node (pid 412)", "" where it can't be seen.
func (o Owner) String() string {
	if o.PID == 0 {
		return ""
	}
	return fmt.Sprintf("%s (pid %d)", o.Name, o.PID)
}

// HowToEnd is the command that ends it, as a shell takes it: that of whoever keeps it, as a
// manager of services does, else a signal.
func (o Owner) HowToEnd() string {
	if command := keeperOf(o.PID); command != "" {
		return command
	}
	if runtime.GOOS == "windows" {
		return fmt.Sprintf("taskkill /F /PID %d", o.PID)
	}
	return fmt.Sprintf("kill %d", o.PID)
}

// containerGroup is the control group of a container: "docker-4f0c….scope",
// "libpod-4f0c….scope", or, by another driver, the folder "docker/4f0c…".
var containerGroup = regexp.MustCompile(`(?:/|^)(docker|libpod)[-/]([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:/|$)`)

// plainUnit is a unit whose name a shell takes as it is; in others there are what systemd
// escapes, \x2d, and what anybody who may make a control group calls it.
var plainUnit = regexp.MustCompile(`^[\w@:.][\w@:.-]*$`)

// inShell is a unit's name as a shell takes it; "" for one that no unit has.
func inShell(unit string) string {
	switch {
	case plainUnit.MatchString(unit):
		return unit
	case plainUnit.MatchString(strings.ReplaceAll(unit, `\`, "")):
		return "'" + unit + "'"
	}
	return ""
}

// keeperIn finds the command that ends what is in a control group.
func keeperIn(group string) string {
	if found := containerGroup.FindStringSubmatch(group); found != nil {
		engine := "docker"
		if found[1] == "libpod" {
			engine = "podman"
		}
		return engine + " stop " + found[2]
	}
	unit := path.Base(group)
	service := strings.HasSuffix(unit, ".service") && !strings.HasPrefix(unit, "user@")
	scope := strings.HasSuffix(unit, ".scope") && strings.HasPrefix(unit, "run-") // others are people's sessions and terminals
	if unit = inShell(unit); unit == "" || !service && !scope {
		return ""
	}
	if strings.Contains(group, "/user@") || strings.HasPrefix(group, "/app.slice/") {
		return "systemctl --user stop " + unit
	}
	return "systemctl stop " + unit
}
