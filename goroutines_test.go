package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A panic in any goroutine of ours comes after the terminal is given back: each starts
// through internal/crash.
func TestGoroutinesAreGuarded(t *testing.T) {
	others := []string{"internal/crash", "internal/tools", "frameworks/contenders", "procs/proctest", "internal/servertest"} // no part of benchtui, or what it rests on
	files := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		path = filepath.ToSlash(path)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains(others, path) || entry.Name() == "testdata" || path != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		files++
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: start it with crash.Go", set.Position(node.Pos()))
			case *ast.CallExpr:
				called, ok := node.Fun.(*ast.SelectorExpr)
				if !ok || len(node.Args) == 0 || isOf(called, "crash", called.Sel.Name) {
					return true
				}
				// A group's Go, and what begins after a time or a context.
				if called.Sel.Name != "AfterFunc" && !(called.Sel.Name == "Go" && len(node.Args) == 1) {
					return true
				}
				given, ok := node.Args[len(node.Args)-1].(*ast.CallExpr)
				if ok {
					if guarded, isSelector := given.Fun.(*ast.SelectorExpr); isSelector && isOf(guarded, "crash", "Guarded") {
						return true
					}
				}
				t.Errorf("%s: give %s what crash.Guarded makes of it", set.Position(node.Pos()), called.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil || files < 100 {
		t.Fatalf("%d files, %v", files, err)
	}
}

// The tests of a package that starts goroutines look for those that are left behind.
func TestGoroutinesLeftBehindAreLookedFor(t *testing.T) {
	started := regexp.MustCompile(`\bcrash\.(Go|Guarded)\(`)
	looked := regexp.MustCompile(`\b(goleak\.VerifyTestMain|proctest\.Main)\(m`)
	starts, looks := map[string]bool{"internal/crash": true}, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || path != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		room := filepath.ToSlash(filepath.Dir(path))
		starts[room] = starts[room] || !strings.HasSuffix(path, "_test.go") && started.Match(text)
		looks[room] = looks[room] || strings.HasSuffix(path, "_test.go") && looked.Match(text)
		return err
	})
	if err != nil || len(starts) < 30 {
		t.Fatalf("%d rooms, %v", len(starts), err)
	}
	for room := range starts {
		if starts[room] && !looks[room] {
			t.Errorf("%s starts goroutines: have its TestMain call goleak.VerifyTestMain", room)
		}
	}
}

func isOf(selector *ast.SelectorExpr, room, name string) bool {
	of, ok := selector.X.(*ast.Ident)
	return ok && of.Name == room && selector.Sel.Name == name
}
