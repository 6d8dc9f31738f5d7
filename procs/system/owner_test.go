package system

import (
	"runtime"
	"testing"
)

func TestWhoKeepsAProcessEndsIt(t *testing.T) {
	const id = "4f0c1de2a93b7788990011223344556677889900aabbccddeeff001122334455"
	for group, want := range map[string]string{
		"/": "", "": "", "/user.slice": "",
		"/system.slice/nginx.service":                                            "systemctl stop nginx.service",
		"/user.slice/user-1000.slice/user@1000.service/app.slice/run-u0.service": "systemctl --user stop run-u0.service",
		"/app.slice/run-u0.service":                                              "systemctl --user stop run-u0.service", // a manager in a container of its own
		"/user.slice/user-1000.slice/session-2.scope":                            "",
		"/system.slice/docker-" + id + ".scope":                                  "docker stop 4f0c1de2a93b",
		"/docker/" + id:                                                          "docker stop 4f0c1de2a93b",
		"/docker/" + id + "/init.scope":                                          "docker stop 4f0c1de2a93b",
		"/machine.slice/libpod-" + id + ".scope/container":                       "podman stop 4f0c1de2a93b",
		`/system.slice/app-dbus\x2d1.2-org.a.service`:                            `systemctl stop 'app-dbus\x2d1.2-org.a.service'`,
		"/system.slice/x;reboot;.service":                                        "", // nobody is told to run that
		"/system.slice/x'$(reboot).service":                                      "",
		"/system.slice/-H.service":                                               "",
		"/system.slice/\x1b[2J.service":                                          "",
		"/system.slice/docker-short.scope/not-a-unit":                            "",
		"/process_api/d549a8e4250f5dff6ab4a6522a587d25":                          "",
	} {
		if got := keeperIn(group); got != want {
			t.Errorf("%s: %q, want %q", group, got, want)
		}
	}
	want := "kill 1073741824"
	if runtime.GOOS == "windows" {
		want = "taskkill /F /PID 1073741824"
	}
	if got := (Owner{PID: 1 << 30, Name: "node"}).HowToEnd(); got != want {
		t.Errorf("nobody keeps it: %q", got)
	}
}
