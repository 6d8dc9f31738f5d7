package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"strconv"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// What sentences below the command line advise is there.
func TestEveryFlagThatIsAdvisedIsOne(t *testing.T) {
	flags := map[string]bool{}
	var each func(command *cobra.Command)
	each = func(command *cobra.Command) {
		command.Flags().VisitAll(func(flag *pflag.Flag) {
			flags["--"+flag.Name], flags["-"+flag.Shorthand] = true, true
		})
		for _, sub := range command.Commands() {
			each(sub)
		}
	}
	each(rootCommand(io.Discard))
	file, err := parser.ParseFile(token.NewFileSet(), "../flagname/flagname.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names int
	ast.Inspect(file, func(node ast.Node) bool {
		if text, ok := node.(*ast.BasicLit); ok {
			name, _ := strconv.Unquote(text.Value)
			if names++; !flags[name] {
				t.Errorf("there is no flag %s", name)
			}
		}
		return true
	})
	if names < 20 {
		t.Errorf("found %d names", names)
	}
}
