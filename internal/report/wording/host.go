package wording

import "github.com/benchtui/benchtui/internal/figure"

// Contenders writes how many: "1 contender", "3 contenders".
func Contenders(n int) string {
	return figure.Plural(n, "contender", "contenders")
}
