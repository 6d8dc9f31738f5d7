package frameworks

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// shellWords begin commands that no program is: a shell does them itself.
var shellWords = []string{"cd", "exec", "export", "source", ".", "set", "ulimit", "umask", "trap", "eval", "alias", "if", "for", "while", "until", "case", "{", "("}

// shellPart is what a shell makes something else of within a word: a variable, the home
// folder, what a command prints, a redirection, the background.
var shellPart = regexp.MustCompile("\\$[A-Za-z_]\\w*|\\$[{(]|^~/|`|^[0-9]*[<>]+|^&>|&$")

// shellOnly is what only a shell understands of a command line: a word of its own, or an
// operator outside of quotes. "" if there is none.
func shellOnly(line string, backslashEscapes bool) string {
	plain := unquoted(line, backslashEscapes)
	words := strings.Fields(plain)
	for len(words) > 0 && variable.MatchString(words[0]) {
		words = words[1:]
	}
	if len(words) > 0 && slices.Contains(shellWords, words[0]) {
		return words[0]
	}
	for _, word := range words {
		switch {
		case slices.Contains([]string{"&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1", "&>"}, word):
			return word
		case len(word) > 1 && strings.HasSuffix(word, ";"):
			return ";"
		}
		if of := shellPart.FindString(word); of != "" && backslashEscapes { // a POSIX shell's
			return of
		}
	}
	return ""
}

// unquoted is the line with all that is quoted or escaped replaced by letters.
func unquoted(line string, backslashEscapes bool) string {
	var quote rune
	escape := false
	return strings.Map(func(r rune) rune {
		switch {
		case escape:
			escape = false
			return 'x'
		case r == '\\' && quote != '\'' && backslashEscapes:
			escape = true
			return 'x'
		case quote != 0:
			if r == quote {
				quote = 0
			}
			return 'x'
		case r == '\'' || r == '"':
			quote = r
			return 'x'
		}
		return r
	}, line)
}

// throughShell is the command line as a shell is to be given it, to be typed in one.
func throughShell(name, line string, windows bool) string {
	if name != "" {
		name += "="
	}
	if windows {
		return `"` + name + "cmd /c " + line + `"`
	}
	inner := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(line)
	return "'" + strings.ReplaceAll(name+`sh -c "`+inner+`"`, "'", `'\''`) + "'"
}

// shells are what the programs are called that read command lines.
var shells = []string{"sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "busybox", "cmd", "cmd.exe", "powershell", "powershell.exe", "pwsh", "pwsh.exe"}

// inShell is a variable within a word, as a POSIX shell and as cmd have it.
var inShell = regexp.MustCompile(`\$(\w+)|\$\{(\w+)[^}]*\}|%(\w+)%`)

// Unexpanded is a word of a command that a shell would have made something else of and
// that went to the program as it is: "$PORT" where PORT is set, "*.jar" where there are
// such files in the folder that it runs in. "" if there is none, or if the command names a
// shell itself. It may well be what was meant: only of a program that failed it says why.
func Unexpanded(command []string, dir string, isSet func(name string) bool) string {
	for _, word := range command {
		if slices.Contains(shells, path.Base(filepath.ToSlash(word))) {
			return ""
		}
	}
	for _, word := range command {
		for _, found := range inShell.FindAllStringSubmatch(word, -1) {
			if isSet(found[1] + found[2] + found[3]) {
				return word
			}
		}
		if !strings.ContainsAny(word, "*?[") {
			continue
		}
		pattern := word
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(dir, pattern)
		}
		if _, err := os.Lstat(pattern); err == nil { // it is called so
			continue
		}
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return word
		}
	}
	return ""
}
