package run

import (
	"strings"
	"testing"
)

func TestWhoAsksSomebodyIsTold(t *testing.T) {
	for words, want := range map[string]string{
		"Password: ":                                   "on a terminal",
		"[sudo] password for me:":                      "on a terminal",
		"sudo: a terminal is required to read":         "on a terminal",
		"sh: 1: cannot open /dev/tty: No such device":  "on a terminal",
		"Enter PIN:":                                   "on a terminal",
		"Overwrite it? [Y/n] ":                         "on a terminal",
		"continue connecting (yes/no/[fingerprint])? ": "on a terminal",
		`Enter passphrase: Load key "key": incorrect passphrase supplied`:              "on a terminal",
		"Enter PEM pass phrase:\nerror: bad decrypt":                                   "on a terminal",
		"  File \"getpass.py\", line 148, in _raw_input\n    raise EOFError\nEOFError": "on a terminal",
		"Traceback (most recent call last):\nEOFError: EOF when reading a line":        "standard input",
		"panic: unexpected end of file on stdin":                                       "standard input",
		"database error: password authentication failed for user x":                    "",
		"listening, password: set\nready":                                              "",
		"cannot bind: address in use":                                                  "",
		"read config: unexpected EOF":                                                  "",
	} {
		if got := asksSomebody(words); got == "" && want != "" || !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q: %q; want %q", words, got, want)
		}
	}
}
