package frameworks

import (
	"fmt"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// Bounds of how a manifest may be built: the decoder takes memory by the square of the
// depth, and aliases of aliases multiply. Real ones are 6 deep and have no alias.
const (
	maxDepth   = 50
	maxAliases = 10
	// Of keys in a mapping, and of documents, the parser compares each with all before it.
	// Real manifests have up to 500 words and signs.
	maxTokens = 20_000
)

// checkShape says, from the tokens alone, what a manifest must not be built of.
func checkShape(data []byte) (line int, what string) {
	aliases, flow, line := 0, 0, 0
	entries := 0       // of sequences and keys in this line: "- - -"
	var indented []int // the columns that this line stands within
	for i, one := range lexer.Tokenize(string(data)) {
		if one.Position == nil {
			continue
		}
		if i >= maxTokens {
			return one.Position.Line, fmt.Sprintf("has more than %d words and signs up to here; is it a manifest?", maxTokens)
		}
		if one.Position.Line != line {
			line, entries = one.Position.Line, 0
			for len(indented) > 0 && indented[len(indented)-1] >= one.Position.Column {
				indented = indented[:len(indented)-1]
			}
			indented = append(indented, one.Position.Column)
		}
		switch one.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			entries++
		case token.AliasType:
			aliases++
		}
		switch {
		case flow > maxDepth, entries > maxDepth, len(indented) > maxDepth:
			return line, fmt.Sprintf("is nested more than %d deep; is it a manifest?", maxDepth)
		case aliases > maxAliases:
			return line, fmt.Sprintf("has more than %d aliases (*); write out what they stand for", maxAliases)
		}
	}
	return 0, ""
}
