package profile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLineAtWhichAFunctionCallsAnother(t *testing.T) {
	file := filepath.Join(t.TempDir(), "app.js")
	if err := os.WriteFile(file, []byte(`const fs = require('fs'); // 1
function template() { // 2
  let all = '';
  for (let i = 0; i < 40; i++) {
    all += fs.readFileSync(__filename); // 5
  }
  return all;
}
const twice = (a) => { // 9
  readFileSync(a);
  readFileSync(a);
}; // 12
const one = (q) => JSON.stringify(parse(q)); // 13
function busy() { return busy(); } // 14
class Shop { // 15
  page(request) {
    const items = this.items(request); // 17
    return JSON.stringify(items);
  }
  items (request) { return []; }
}
http.createServer(function handler(request, reply) { // 22
  reply.end(template()); // 23
}).listen(8080, () => console.log(template())); // 24
`), 0o600); err != nil {
		t.Fatal(err)
	}
	text := sources{}
	for _, c := range []struct {
		start int
		name  string
		want  int
	}{
		{2, "readFileSync", 5}, {2, "other", 0}, {9, "readFileSync", 0}, {13, "JSON.stringify", 13}, {13, "parse", 13}, {14, "busy", 14},
		{16, "items", 17}, {16, "JSON.stringify", 18}, {22, "template", 23}, {22, "end", 23}, {22, "", 0}, {22, "(anonymous)", 0}, {99, "end", 0}, {0, "end", 0},
	} {
		if got, _ := text.callOf(file, c.start, c.name); got != c.want {
			t.Errorf("what begins at line %d calls %q at %d, want %d", c.start, c.name, got, c.want)
		}
	}
	if got, _ := text.callOf(filepath.Dir(file), 1, "end"); got != 0 {
		t.Errorf("a folder has line %d", got)
	}
}

func TestLinesThatUseARegularExpression(t *testing.T) {
	for code, want := range map[string]bool{
		"return bad.test(text + '!');":                   true,
		"if (/^(a+)+$/.test(name)) return;":              true,
		"return t.replace(/(\\w+)\\s+(\\w+)/g, '$2 $1')": true,
		"for (const m of text.matchAll(pattern)) n++;":   true,
		"const found = re.exec(text);":                   true,
		"const all = text.split(/[/,]/);":                true,
		"const half = width / 2 / rows.length;":          false,
		"db.exec('select 1');":                           false,
		"const all = text.split(',');":                   false,
		"sum += Math.sqrt(i) % 7; // a/b.c":              false,
		"const u = 'http://x/y'.length;":                 false,
		"path = a.replace(b, c);":                        false,
	} {
		if got := callsRegexp.MatchString(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}

func FuzzSources(f *testing.F) {
	f.Add("function a() {\n  b();\n}\n", 1, "b")
	f.Fuzz(func(t *testing.T, text string, start int, name string) {
		s := sources{"/x": strings.Split(text, "\n")}
		if got, _ := s.callOf("/x", start%100, name); got < 0 || got > len(s["/x"]) {
			t.Errorf("line %d", got)
		}
	})
}
