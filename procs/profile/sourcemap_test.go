package profile

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	prof "github.com/benchtui/benchtui/internal/profile"
)

// position is where a column of generated code, from 0, was written; line from 1, column
// from 0, name is an index, -1 for none.
type position struct{ column, source, line, inColumn, name int }

// mappings writes positions, line by line of the generated code, as a map holds them.
func mappings(lines ...[]position) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var out strings.Builder
	number := func(n int) {
		bits := n << 1
		if n < 0 {
			bits = -n<<1 | 1
		}
		for ; bits >= 32; bits >>= 5 {
			out.WriteByte(digits[bits&31|32])
		}
		out.WriteByte(digits[bits])
	}
	last := position{line: 1}
	for i, line := range lines {
		if i > 0 {
			out.WriteByte(';')
		}
		last.column = 0
		for j, one := range line {
			if j > 0 {
				out.WriteByte(',')
			}
			number(one.column - last.column)
			number(one.source - last.source)
			number(one.line - last.line)
			number(one.inColumn - last.inColumn)
			if one.name >= 0 {
				number(one.name - last.name)
			} else {
				one.name = last.name
			}
			last = one
		}
	}
	return out.String()
}

func mapText(t testing.TB, sources, names []string, lines ...[]position) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"version": 3, "sources": sources, "names": names, "mappings": mappings(lines...)})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// compiled is what a compiler makes of a function at line 13 of shop.ts.
const compiled = `"use strict";
exports.busy = busy;
function busy(ms) {
    let sum = 0;
    for (const until = Date.now() + ms; Date.now() < until;)
        sum += Math.sqrt(sum);
    return sum;
}
`

// ofCompiled is where that was written: ten lines further down.
func ofCompiled() [][]position {
	return [][]position{nil, {{0, 0, 13, 16, -1}}, {{0, 0, 13, 7, -1}, {9, 0, 13, 16, 0}, {13, 0, 13, 20, -1}}, {{4, 0, 14, 2, -1}}, {{4, 0, 15, 2, -1}}, {{8, 0, 16, 4, -1}}, {{4, 0, 17, 2, -1}}, {{0, 0, 18, 0, -1}}}
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPlacesAreFoundByAMapBesideTheFileOrInIt(t *testing.T) {
	folder := t.TempDir()
	text := mapText(t, []string{"../src/shop.ts"}, []string{"busy"}, ofCompiled()...)
	at := filepath.Join(folder, "dist", "shop.js")
	writeFile(t, at+".map", text)
	for name, code := range map[string]string{
		"beside":              compiled + "//# sourceMappingURL=shop.js.map\n",
		"beside, no last end": compiled + "//# sourceMappingURL=shop.js.map",
		"by an older mark":    compiled + "//@ sourceMappingURL=shop.js.map\r\n",
		"by its whole path":   compiled + "//# sourceMappingURL=file://" + at + ".map\n",
		"inside":              compiled + "//# sourceMappingURL=data:application/json;charset=utf-8;base64," + base64.StdEncoding.EncodeToString([]byte(text)) + "\n",
		"inside, as text":     compiled + "//# sourceMappingURL=data:application/json," + strings.ReplaceAll(text, "%", "%25") + "\n",
		"the last one counts": compiled + "//# sourceMappingURL=none.map\n//# sourceMappingURL=shop.js.map\n",
		"very large":          strings.Repeat(" ", mostMap) + "\n//# sourceMappingURL=shop.js.map\n",
	} {
		writeFile(t, at, code)
		var maps sourceMaps
		got, found := maps.at(at, 6, 8)
		if want := (written{file: filepath.Join(folder, "src", "shop.ts"), line: 16, column: 5}); !found || got != want {
			t.Errorf("%s: %+v (found: %v), want %+v", name, got, found, want)
		}
	}
	for name, code := range map[string]string{
		"none":               compiled,
		"on another machine": compiled + "//# sourceMappingURL=https://example.com/shop.js.map\n",
		"on another host":    compiled + "//# sourceMappingURL=//example.com/shop.js.map\n",
		"missing":            compiled + "//# sourceMappingURL=other.map\n",
		"a folder":           compiled + "//# sourceMappingURL=.\n",
		"a device":           compiled + "//# sourceMappingURL=/dev/zero\n",
		"in other code":      "x = '//# sourceMappingURL=shop.js.map'\n",
		"no base64":          compiled + "//# sourceMappingURL=data:application/json;base64,####\n",
		"no data":            compiled + "//# sourceMappingURL=data:\n",
		"itself":             compiled + "//# sourceMappingURL=shop.js\n",
	} {
		writeFile(t, at, code)
		var maps sourceMaps
		if got, found := maps.at(at, 6, 8); found {
			t.Errorf("%s: %+v", name, got)
		}
	}
	// What a package calls its own files would look like the server's.
	library := filepath.Join(folder, "node_modules", "shop", "shop.js")
	writeFile(t, library, compiled+"//# sourceMappingURL="+at+".map\n")
	var maps sourceMaps
	if got, found := maps.at(library, 6, 8); found {
		t.Errorf("of a package: %+v", got)
	}
}

func TestSourcesOfABundle(t *testing.T) {
	m := sourceMap{folder: "/srv/dist"}
	for source, want := range map[string]struct {
		file   string
		kind   prof.Kind
		module string
	}{
		"../src/app.ts":                                     {"/srv/src/app.ts", prof.Own, ""},
		"/srv/src/app.ts":                                   {"/srv/src/app.ts", prof.Own, ""},
		"file:///srv/src/app.ts":                            {"/srv/src/app.ts", prof.Own, ""},
		"webpack://shop/./src/app.ts?1f3a":                  {"webpack://shop/src/app.ts", prof.Own, ""},
		"webpack://shop/./node_modules/@acme/etag/lib/e.js": {"webpack://shop/node_modules/@acme/etag/lib/e.js", prof.Library, "@acme/etag"},
		"../node_modules/express/lib/router.js":             {"/srv/node_modules/express/lib/router.js", prof.Library, "express"},
		"webpack://shop/webpack/bootstrap":                  {"webpack://shop/webpack/bootstrap", prof.Library, "webpack"},
	} {
		file := m.file(source)
		kind, module := bundled(file)
		if file != want.file || kind != want.kind || module != want.module {
			t.Errorf("%s: %s, %s of %q, want %+v", source, file, kind, module, want)
		}
	}
}

func TestMapThatIsNoneOrTooLargeIsLeft(t *testing.T) {
	for name, text := range map[string]string{
		"empty":            "",
		"no JSON":          "{",
		"another version":  `{"version":2,"sources":["a"],"mappings":"AAAA"}`,
		"no positions":     `{"version":3,"sources":["a"],"mappings":""}`,
		"a section of nil": `{"version":3,"sections":[{"offset":{"line":0,"column":0}}]}`,
		"no such source":   `{"version":3,"sources":[],"mappings":"AAAA"}`,
		"a negative one":   `{"version":3,"sources":["a"],"mappings":"ADDD"}`,
		"deep":             `{"version":3,"x":` + strings.Repeat("[", 1<<20),
		"too many":         `{"version":3,"sources":["a"],"mappings":"` + strings.Repeat("AAAA,", mostMapParts) + `"}`,
		"too large":        `{"version":3,"sources":["a"],"mappings":"AAAA","x":"` + strings.Repeat(" ", mostMap) + `"}`,
	} {
		if m := parseMap([]byte(text), "/srv"); m != nil {
			if at, found := m.at(1, 0); found {
				t.Errorf("%s: %+v", name, at)
			}
		}
	}
}

func TestMapsOfAProfileAreBoundedTogether(t *testing.T) {
	at := filepath.Join(t.TempDir(), "shop.js")
	text := mapText(t, []string{"../src/shop.ts"}, []string{"busy"}, ofCompiled()...)
	writeFile(t, at+".map", text)
	writeFile(t, at, compiled+"//# sourceMappingURL=shop.js.map\n")
	for read, want := range map[int]bool{mostMaps - len(text): true, mostMaps - len(text) + 1: false, mostMaps + 1: false} {
		maps := sourceMaps{read: read}
		if _, found := maps.at(at, 6, 8); found != want {
			t.Errorf("after %d bytes one of %d is read: %v", read, len(text), found)
		}
	}
}

func FuzzSourceMap(f *testing.F) {
	f.Add([]byte(mapText(f, []string{"../src/shop.ts"}, []string{"busy"}, ofCompiled()...)))
	f.Add([]byte(`{"version":3,"sections":[{"offset":{"line":2,"column":1},"map":{"version":3,"sources":["webpack://a/./b.ts"],"names":[1],"mappings":"AAAAA;;ACDC"}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m := parseMap(text, "/srv")
		if m == nil {
			return
		}
		for line := range 6 {
			for column := range 12 {
				if at, found := m.at(line, column); found && (at.line < 1 || at.column < 1 || at.file == "") {
					t.Errorf("%d:%d is %+v", line, column, at)
				}
			}
		}
	})
}

func TestCodeOfAFunctionEndsWithIt(t *testing.T) {
	for code, want := range map[string]string{
		"(e){return e.map(r=>r+1)}function b(){}": "(e){return e.map(r=>r+1)",
		"e=>/a+/.test(e),other)":                  "e=>/a+/.test(e)",
		"({a},b)=>({a,b});next()":                 "({a},b)=>({a,b})",
		"e=>e)":                                   "e=>e",
		"":                                        "",
	} {
		if got := code[:functionEnd(code)]; got != want {
			t.Errorf("of %q %q, want %q", code, got, want)
		}
	}
}

func TestNameIsThatOfWhatStandsBeforeTheFunction(t *testing.T) {
	at := filepath.Join(t.TempDir(), "bundle.js")
	code := `var a=function(x){},b=async(x)=>x;function c(x){}`
	names := []string{"first", "second", "third"}
	text := mapText(t, []string{"app.ts"}, names, []position{{0, 0, 1, 0, -1}, {4, 0, 1, 4, 0}, {6, 0, 1, 9, -1}, {20, 0, 2, 4, 1}, {22, 0, 2, 10, -1}, {34, 0, 3, 0, -1}, {43, 0, 3, 9, 2}, {44, 0, 3, 14, -1}})
	writeFile(t, at, code+"\n//# sourceMappingURL=data:application/json;base64,"+base64.StdEncoding.EncodeToString([]byte(text))+"\n")
	var maps sourceMaps
	for short, want := range map[string]string{"a": "first", "b": "second", "c": "third", "d": ""} {
		before := map[string]string{"a": "a=function", "b": "async", "c": "c", "d": "var "}[short]
		column := strings.LastIndex(code, before) + len(before)
		if got := maps.nameOf(at, 1, column, code, short); got != want {
			t.Errorf("%s at %d is %q, want %q", short, column, got, want)
		}
	}
}
