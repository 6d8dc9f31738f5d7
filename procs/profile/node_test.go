package profile

import (
	"testing"
	"time"

	prof "github.com/benchtui/benchtui/internal/profile"
)

const v8Text = `{"nodes":[
{"id":1,"callFrame":{"functionName":"(root)","url":"","lineNumber":-1},"children":[2,5,6,7]},
{"id":2,"callFrame":{"functionName":"handler","url":"file:///srv/my%20app/app.js","lineNumber":13},"children":[3],"positionTicks":[{"line":15,"ticks":1}]},
{"id":3,"callFrame":{"functionName":"pbkdf2Sync","url":"node:internal/crypto/pbkdf2","lineNumber":60},"children":[4]},
{"id":4,"callFrame":{"functionName":"","url":"/srv/my app/node_modules/@scope/etag/index.js","lineNumber":40},"positionTicks":[{"line":42,"ticks":1},{"line":44,"ticks":3}]},
{"id":5,"callFrame":{"functionName":"(idle)","url":"","lineNumber":-1}},
{"id":6,"callFrame":{"functionName":"(garbage collector)","url":"","lineNumber":-1}},
{"id":7,"callFrame":{"functionName":"(program)","url":"","lineNumber":-1}}],
"startTime":1000,"endTime":12000,"samples":[7,2,4,4,4,4,5,5,6,99],"timeDeltas":[50000,1000,1000,1000,1000,1000,2000,-5,500,7]}`

func TestProfileOfV8(t *testing.T) {
	p, err := fromV8([]byte(v8Text), 7, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if p.Source != NodeSource || p.Duration != 11*time.Millisecond || p.Total() != 5500*time.Microsecond || p.Count() != 6 || !p.Threads[0].Loop {
		t.Errorf("%+v", p)
	}
	hot := p.Hottest(prof.BySelf)
	for i, want := range []struct {
		name, place, module string
		self, total         time.Duration
		kind                prof.Kind
	}{
		{"(anonymous)", "index.js:44", "@scope/etag", 4 * time.Millisecond, 4 * time.Millisecond, prof.Library},
		{"handler", "app.js:15", "", time.Millisecond, 5 * time.Millisecond, prof.Own},
		{"garbage collector", "", "", 500 * time.Microsecond, 500 * time.Microsecond, prof.Runtime},
		{"pbkdf2Sync", "node:internal/crypto/pbkdf2:61", "", 0, 4 * time.Millisecond, prof.Library},
	} {
		got := hot[i]
		if got.Name != want.name || got.Place() != want.place || got.Module != want.module || got.Self != want.self || got.Total != want.total || got.Kind != want.kind {
			t.Errorf("%d: %+v at %s, want %+v", i, got, got.Place(), want)
		}
	}
	if hot[1].File != "/srv/my app/app.js" {
		t.Errorf("its file is %q", hot[1].File)
	}
	callers := p.CalledFrom(hot[0].Function)
	if len(callers) != 1 || callers[0].Function != "handler" || callers[0].Share != 1 {
		t.Errorf("called from %+v", callers)
	}
}

// Templates, routers and serializers are compiled while the server runs.
func TestCodeMadeByEvalIsOfWhomItIsCalledBy(t *testing.T) {
	const text = `{"nodes":[
{"id":1,"callFrame":{"functionName":"(root)","scriptId":"0","url":"","lineNumber":-1},"children":[2]},
{"id":2,"callFrame":{"functionName":"handler","scriptId":"7","url":"file:///srv/app.js","lineNumber":3},"children":[3,4,5,8]},
{"id":3,"callFrame":{"functionName":"template","scriptId":"109","url":"","lineNumber":0}},
{"id":4,"callFrame":{"functionName":"","scriptId":"110","url":"","lineNumber":0}},
{"id":5,"callFrame":{"functionName":"render","scriptId":"8","url":"file:///srv/node_modules/ejs/ejs.js","lineNumber":9},"children":[6]},
{"id":6,"callFrame":{"functionName":"compiled","scriptId":"111","url":"","lineNumber":0},"children":[7]},
{"id":7,"callFrame":{"functionName":"replace","scriptId":"0","url":"","lineNumber":-1}},
{"id":8,"callFrame":{"functionName":"(garbage collector)","scriptId":"0","url":"","lineNumber":-1}}],
"startTime":0,"endTime":9000,"samples":[2,3,4,6,7,8],"timeDeltas":[1000,1000,1000,1000,1000,1000]}`
	p, err := fromV8([]byte(text), 7, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]prof.Function{
		"template":                  {Kind: prof.Own, Start: 1},
		"(anonymous, made by eval)": {Kind: prof.Own, Start: 1},
		"compiled":                  {Kind: prof.Library, Start: 1, Module: "ejs"},
		"replace":                   {Kind: prof.Runtime},
		"garbage collector":         {Kind: prof.Runtime},
	}
	for _, hot := range p.Hottest(prof.BySelf) {
		expected, known := want[hot.Name]
		delete(want, hot.Name)
		if expected.Name = hot.Name; known && hot.Function != expected {
			t.Errorf("%+v, want %+v", hot.Function, expected)
		}
	}
	if len(want) > 0 {
		t.Errorf("there is no %v", want)
	}
}

func TestWhatIsNoProfileOfV8(t *testing.T) {
	for _, text := range []string{"", "{}", `{"nodes":[{"id":1}],"samples":[1],"timeDeltas":[]}`, `{"nodes":[{"id":1,"children":[2]},{"id":2,"children":[1]}],"samples":[1,2,1],"timeDeltas":[1,1,1]}`} {
		p, err := fromV8([]byte(text), 7, time.Millisecond)
		if err == nil && p.Count() == 0 {
			t.Errorf("%q is taken for one", text)
		}
	}
}

func FuzzProfileOfV8(f *testing.F) {
	f.Add([]byte(v8Text))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := fromV8(text, 7, time.Millisecond)
		if err != nil {
			return
		}
		p.Hottest(prof.OwnFirst)
		if p.Total() < 0 || p.Count() < 0 {
			t.Errorf("%s of %d samples", p.Total(), p.Count())
		}
	})
}
