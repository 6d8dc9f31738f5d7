package wording

import (
	"strings"

	"github.com/benchtui/benchtui/internal/foreign"
)

// MarkdownRow is a row of a table.
func MarkdownRow(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

// markdownSpecial escapes what Markdown, in GitHub's dialect, and the HTML within it
// would take for more than text.
var markdownSpecial = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "{", `\{`, "}", `\}`, "[", `\[`, "]", `\]`,
	"#", `\#`, "|", `\|`, "~", `\~`, "$", `\$`, "&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "://", `:\//`,
)

// Markdown writes text of others so that it stays text, in one line.
func Markdown(text string) string { return markdownSpecial.Replace(foreign.Sample(text)) }
