package frameworks

import (
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
