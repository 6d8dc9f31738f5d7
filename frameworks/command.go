package frameworks

import (
	"errors"
	"path"
	"regexp"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/flagname"
)

const commandExample = `such as ` + flagname.Cmd + ` 'mine=./server ` + flagname.Port + ` {port}'`

var (
	// A name stands before the first =, a variable for the environment is in capitals.
	namedCommand = regexp.MustCompile(`^([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*)=`)
	variable     = regexp.MustCompile(`^([A-Z_][A-Z0-9_]*)=(.*)$`)
	notInID      = regexp.MustCompile(`[^\p{L}\p{M}\p{N}._-]+`)
	givenID      = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$`) // as idPattern, in any script
)

// Command makes a contender of --cmd 'name=command line with {port}'. The words
// are split as a shell does; NAME=value words before the program go into its
// environment. Without a name the program's is taken. A command without {port}
// must take the port from PORT, which is always in its environment; braces but {port}
// are the person's own. It runs in
// the folder of the person who typed it, nothing is checked but that the status
// is below 400, and the request is GET /; change Manifest.Request and
// Manifest.Checks for others.
func Command(spec string) (Contender, error) { return command(spec, runtime.GOOS == "windows") }

// command is Command as Windows or another system has it.
func command(spec string, windows bool) (Contender, error) {
	name, line := "", strings.TrimSpace(spec)
	if found := namedCommand.FindStringSubmatch(line); found != nil && !variable.MatchString(line) {
		name, line = found[1], line[len(found[0]):]
	} else if strings.HasPrefix(line, "=") {
		return Contender{}, field.Errorf("cmd", "%q: no name before =; %s", spec, commandExample)
	}
	if of := shellOnly(line, !windows); of != "" {
		return Contender{}, field.Errorf("cmd", "%q: no shell reads it, and %s is the shell's; name one: "+flagname.Cmd+" %s", spec, of, throughShell(name, line, windows))
	}
	words, err := splitWords(line, !windows)
	if err != nil {
		return Contender{}, field.Errorf("cmd", "%q: %w; %s", spec, err, commandExample)
	}
	env := map[string]string{}
	for len(words) > 0 {
		set := variable.FindStringSubmatch(words[0])
		if set == nil {
			break
		}
		env[set[1]], words = set[2], words[1:]
	}
	if len(words) == 0 {
		return Contender{}, field.Errorf("cmd", "%q: no command; %s", spec, commandExample)
	}
	if name == "" {
		base := words[0]
		if windows {
			base = strings.ReplaceAll(base, `\`, "/")
		}
		base = path.Base(base)
		name = strings.TrimSuffix(base, path.Ext(base))
		if name == "" {
			name = base
		}
	}
	id, err := idFrom(name)
	if err != nil {
		return Contender{}, field.Errorf("cmd", "%q: name %q: %w; %s", spec, name, err, commandExample)
	}
	return Contender{
		Manifest: Manifest{
			ID: id, Name: name, Language: "your own",
			Run:     Run{Command: words, Env: env},
			Request: Request{Method: "GET", Path: "/"},
		},
		Origin: OriginCommand,
	}, nil
}

// idFrom makes an id of any name.
func idFrom(name string) (string, error) {
	id := strings.TrimLeftFunc(notInID.ReplaceAllString(strings.ToLower(name), "-"), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	id = strings.TrimRight(id, "-._")
	for len(id) > 64 {
		_, size := utf8.DecodeLastRuneInString(id)
		id = strings.TrimRight(id[:len(id)-size], "-._")
	}
	if !givenID.MatchString(id) {
		return "", errors.New("needs at least one letter or digit")
	}
	return id, nil
}
