package profile

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// stackOf makes a profile of one stack, the root first: "O handler app.js:14 < …" has a
// frame's kind, function and place.
func stackOf(t testing.TB, build *Builder, weight time.Duration, frames ...string) {
	t.Helper()
	var stack []int
	for _, one := range frames {
		match := regexp.MustCompile(`^([OLRK?]) (.+?)(?: (\S+):(\d+))?$`).FindStringSubmatch(one)
		if match == nil {
			t.Fatalf("not a frame: %q", one)
		}
		frame := Frame{Kind: kindOf(match[1][0]), Function: match[2], File: match[3]}
		for _, digit := range match[4] {
			frame.Line = frame.Line*10 + int(digit-'0')
		}
		stack = append([]int{build.Frame(frame)}, stack...)
	}
	build.Add(Sample{Stack: stack, Thread: -1, Count: int(weight / time.Millisecond), Weight: weight})
}

// The stacks are of real servers, as Node's profiler (Node 24), the kernel's clock and py-spy told
// them; what does not matter is left out of them.
func TestRulesKnowWhatAServerIsBusyWith(t *testing.T) {
	node := []string{"L parserOnHeadersComplete node:_http_common:71", "L emit node:events:471", "O handler /srv/mix.js:6"}
	gohttp := []string{"L net/http.(*conn).serve /go/src/net/http/server.go:2085", "O main.handler /srv/main.go:27"}
	for name, c := range map[string]struct {
		stack    []string
		rule     string
		evidence string
	}{
		"Node, pbkdf2Sync": {append(node, "L pbkdf2Sync node:internal/crypto/pbkdf2:62", "R run"), "crypto",
			"of the loop's time 40 % in pbkdf2Sync (node:internal/crypto/pbkdf2:62), called from handler (mix.js:6)"},
		"Node, a hash": {append(node, "L update node:internal/crypto/hash:132", "R update"), "crypto",
			"of the loop's time 40 % in update (node:internal/crypto/hash:132), called from handler (mix.js:6)"},
		"Node, readFileSync": {append(node, "L readFileSync node:fs:441", "L tryReadSync node:fs:420", "L readSync node:fs:708", "R read"), "file",
			"of the loop's time 40 % in readFileSync (node:fs:441), called from handler (mix.js:6)"},
		"Node, gzipSync": {append(node, "L syncBufferWrapper node:zlib:766", "L zlibBufferSync node:zlib:164", "R writeSync"), "compression",
			"of the loop's time 40 % in syncBufferWrapper (node:zlib:766), called from handler (mix.js:6)"},
		"Node, console.log": {append(node, "R consoleCall", "L log node:internal/console/constructor:377", "L Writable.write node:internal/streams/writable:504", "R writeUtf8String"), "log",
			"of the loop's time 40 % in consoleCall, called from handler (mix.js:6)"},
		"Node, a collection":  {[]string{"R (garbage collector)"}, "gc", "of the loop's time 40 % in (garbage collector)"},
		"Node, an expression": {append(node, "L RegExp: ^(a+)+$"), "regexp", "of the loop's time 40 % in RegExp: ^(a+)+$, called from handler (mix.js:6)"},
		"Node, JSON":          {append(node, "R v8::internal::JsonParser<unsigned char>::ParseJsonValue"), "json", "of the loop's time 40 % in v8::internal::JsonParser<unsigned char>::ParseJsonValue, called from handler (mix.js:6)"},
		"Node, own code":      {append(node, "O busy /srv/slow.js:5"), "", "of the loop's time 40 % in busy (slow.js:5), called from handler (mix.js:6)"},
		"Node, a built-in":    {append(node, "O busy /srv/slow.js:5", "R now"), "", "of the loop's time 40 % in busy (slow.js:5), called from handler (mix.js:6)"},
		"Node, its network": {append(node, "L end node:_http_outgoing:1034", "L writevGeneric node:internal/stream_base_commons:123", "R writev"), "",
			"of the loop's time 40 % in handler (mix.js:6) and what it calls, 0 % in itself"},
		"Node, a module of its own": {append(node, "O refresh /srv/timer.js:5", "L get node:internal/util:12", "R now"), "",
			"of the loop's time 40 % in refresh (timer.js:5) and what it calls, 0 % in itself, called from handler (mix.js:6)"},
		"Go, a map":            {append(gohttp, "R runtime.mapassign_faststr m.go:3", "R internal/runtime/maps.h2 m.go:5"), "", "of the loop's time 40 % in main.handler (main.go:27) and what it calls, 0 % in itself"},
		"Go, JSON":             {append(gohttp, "L encoding/json.Marshal /go/src/encoding/json/encode.go:172", "L encoding/json.(*encodeState).string e.go:9"), "json", "of the loop's time 40 % in encoding/json.Marshal (encode.go:172), called from main.handler (main.go:27)"},
		"Go, a collection":     {[]string{"R runtime.systemstack a.s:9", "R runtime.gcBgMarkWorker.func2 mgc.go:1500", "R runtime.scanobject m.go:3"}, "gc", "of the loop's time 40 % in runtime.gcBgMarkWorker.func2 (mgc.go:1500)"},
		"Go, assisting":        {append(gohttp, "L encoding/json.Marshal e.go:1", "R runtime.mallocgc m.go:3", "R runtime.gcAssistAlloc m.go:5"), "gc", "of the loop's time 40 % in runtime.gcAssistAlloc (m.go:5), called from main.handler (main.go:27)"},
		"Go, a lock":           {append(gohttp, "L internal/sync.(*Mutex).lockSlow mutex.go:149", "R runtime.futex s.s:5"), "lock", "of the loop's time 40 % in internal/sync.(*Mutex).lockSlow (mutex.go:149), called from main.handler (main.go:27)"},
		"Go, TLS":              {[]string{"L net/http.(*conn).serve s.go:1", "L crypto/tls.(*Conn).Write c.go:3", "L crypto/internal/fips140/aes/gcm.seal g.go:1"}, "tls", "of the loop's time 40 % in crypto/tls.(*Conn).Write (c.go:3)"},
		"Go, logging to disk":  {append(gohttp, "L log/slog.(*Logger).Info l.go:1", "L os.(*File).Write f.go:2"), "log", "of the loop's time 40 % in log/slog.(*Logger).Info (l.go:1), called from main.handler (main.go:27)"},
		"Go, idle Ps":          {[]string{"R runtime.mcall a.s:5", "R runtime.schedule p.go:1", "R runtime.findRunnable p.go:2", "R runtime.futex s.s:5", "K futex_wait"}, "none", ""},
		"Rust, JSON":           {[]string{"L <&mut serde_json::ser::Serializer<W,F> as serde_core::ser::Serializer>::serialize_str"}, "json", "of the loop's time 40 % in <&mut serde_json::ser::Serializer<W,F> as serde_core::ser::Serializer>::serialize_str"},
		"Java, an expression":  {[]string{"O hello.Main.handle Main.java:14", "L java.util.regex.Pattern$Loop.match Pattern.java:4880"}, "regexp", "of the loop's time 40 % in java.util.regex.Pattern$Loop.match (Pattern.java:4880), called from hello.Main.handle (Main.java:14)"},
		"Java, an idle worker": {[]string{"L java.util.concurrent.ThreadPoolExecutor.getTask T.java:1", "L java.util.concurrent.locks.LockSupport.park L.java:2"}, "none", ""},
		".NET, JSON":           {[]string{"O Hello.Program.Main.lambda", "L System.Text.Json.JsonSerializer.Serialize"}, "json", "of the loop's time 40 % in System.Text.Json.JsonSerializer.Serialize, called from Hello.Program.Main.lambda"},
		"Python, JSON":         {[]string{"O handler /srv/app.py:14", "L dumps /usr/lib/python3.12/json/__init__.py:231", "L iterencode /usr/lib/python3.12/json/encoder.py:258"}, "json", "of the loop's time 40 % in dumps (__init__.py:231), called from handler (app.py:14)"},
		"a name of one's own":  {append(node, "O readFileSync /srv/app.js:5"), "", "of the loop's time 40 % in readFileSync (app.js:5), called from handler (mix.js:6)"},
	} {
		t.Run(name, func(t *testing.T) {
			var build Builder
			stackOf(t, &build, 400*time.Millisecond, c.stack...)
			stackOf(t, &build, 560*time.Millisecond, "R start", "K write")
			stackOf(t, &build, 40*time.Millisecond, "O small /srv/app.js:1") // too little to be a reason
			reasons := build.Profile(Profile{}).Reasons()
			if c.rule == "none" {
				if len(reasons) > 0 {
					t.Errorf("told %s: %s", reasons[0].Rule.What, reasons[0].Evidence("the loop's time"))
				}
				return
			}
			if len(reasons) != 1 || reasons[0].Rule.ID != c.rule || reasons[0].Evidence("the loop's time") != c.evidence || reasons[0].Share < 0.399 || reasons[0].Share > 0.401 || reasons[0].Samples != 400 {
				t.Errorf("reasons %+v\n%q", reasons, func() (said []string) {
					for _, r := range reasons {
						said = append(said, r.Evidence("the loop's time"))
					}
					return
				}())
			}
		})
	}
}

// Where a reason comes near it, the kernel's time is that of the code that asked for it.
func TestOwnCodeThatHasTheKernelWorkIsToldWhereNoOtherReasonComesNear(t *testing.T) {
	writes := []string{"O main.handler /srv/tiny.go:6", "L net/http.(*response).Flush s.go:9", "R syscall.write z.go:3", "K entry_SYSCALL_64", "K __x64_sys_write", "K ksys_write"}
	for name, c := range map[string]struct {
		besides []string
		want    string
	}{
		"nothing else":  {[]string{"R runtime.schedule p.go:1"}, "kernel: of its CPU time 60 % in __x64_sys_write, called from main.handler (tiny.go:6)"},
		"another habit": {[]string{"O main.handler /srv/tiny.go:5", "L encoding/json.Marshal e.go:1"}, "json: of its CPU time 40 % in encoding/json.Marshal (e.go:1), called from main.handler (tiny.go:5)\n: of its CPU time 60 % in main.handler (tiny.go:6) and what it calls, 0 % in itself"},
	} {
		var build Builder
		stackOf(t, &build, 600*time.Millisecond, writes...)
		stackOf(t, &build, 400*time.Millisecond, c.besides...)
		if got := saidOf(build.Profile(Profile{})); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// saidOf are the reasons of a profile, a line each.
func saidOf(p *Profile) string {
	var said []string
	for _, reason := range p.Reasons() {
		said = append(said, reason.Rule.ID+": "+reason.Evidence("its CPU time"))
	}
	return strings.Join(said, "\n")
}

func TestReasonsAreByShare(t *testing.T) {
	p := written(t, "O:handler@14;O:busy@5 300ms", "O:handler@15;L:JSON.parse@0 100ms", "O:handler@16;L:JSON.stringify@0 250ms", "O:handler@20 60ms", "K:read@0 290ms")
	var said []string
	for _, reason := range p.Reasons() {
		said = append(said, reason.Rule.ID+" "+figure.WholePercent(reason.Share)+": "+reason.Evidence("the CPU time"))
	}
	want := "json 35 %: of the CPU time 25 % in JSON.stringify (app.js), called from handler (app.js:16)\n" +
		" 30 %: of the CPU time 30 % in busy (app.js:5), called from handler (app.js:14)\n" +
		" 6 %: of the CPU time 6 % in handler (app.js:20)"
	if got := strings.Join(said, "\n"); got != want {
		t.Errorf("reasons\n%s\nwant\n%s", got, want)
	}
	if reasons := (&Profile{}).Reasons(); len(reasons) != 0 {
		t.Errorf("of nothing: %+v", reasons)
	}
}

// To send less helps no server that reads much.
func TestParsingJSONHasAnAdviceOfItsOwn(t *testing.T) {
	for frame, parses := range map[string]bool{
		"R JSON.parse":                        true,
		"R parse [JSON]":                      true,
		"R JSON.stringify":                    false,
		"R v8::internal::JsonStringifier::Go": false,
		"R v8::internal::JsonParser<unsigned char>::ParseJsonValue":                                    true,
		"R v8::internal::Builtin_JsonParse":                                                            true,
		"L encoding/json.Unmarshal d.go:1":                                                             true,
		"L encoding/json.(*Decoder).Decode d.go:1":                                                     true,
		"L encoding/json.Marshal e.go:1":                                                               false,
		"L encoding/json.(*Encoder).Encode e.go:1":                                                     false,
		"L serde_json::de::from_slice":                                                                 true,
		"L <&mut serde_json::de::Deserializer<R> as serde_core::de::Deserializer>::deserialize_struct": true,
		"L <&mut serde_json::ser::Serializer<W,F> as serde_core::ser::Serializer>::serialize_str":      false,
		"L serde_json::ser::to_vec":                                                                    false,
		"L com.fasterxml.jackson.databind.ObjectMapper.readValue":                                      true,
		"L com.fasterxml.jackson.databind.ObjectMapper.writeValueAsBytes":                              false,
		"L System.Text.Json.JsonSerializer.Deserialize":                                                true,
		"L System.Text.Json.JsonSerializer.Serialize":                                                  false,
		"L loads /usr/lib/python3.12/json/__init__.py:2":                                               true,
		"L dumps /usr/lib/python3.12/json/__init__.py:2":                                               false,
		"L iterencode /usr/lib/python3.12/json/encoder.py:2":                                           false,
		"L raw_decode /usr/lib/python3.12/json/decoder.py:2":                                           true,
	} {
		var build Builder
		stackOf(t, &build, time.Second, frame)
		reasons := build.Profile(Profile{}).Reasons()
		if len(reasons) != 1 || reasons[0].Rule.ID != "json" {
			t.Errorf("%s: %+v", frame, reasons)
			continue
		}
		for _, advice := range []string{reasons[0].Rule.Loop, reasons[0].Rule.CPU} {
			if strings.HasPrefix(advice, "parse less") != parses || strings.HasPrefix(advice, "send less") == parses {
				t.Errorf("%s: %s", frame, advice)
			}
		}
	}
}

func TestEveryRuleHasItsWords(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range Rules {
		if rule.ID == "" || seen[rule.ID] || rule.What == "" || rule.Loop == "" || rule.CPU == "" || rule.Function == nil {
			t.Errorf("rule %+v", rule)
		}
		seen[rule.ID] = true
	}
}
