package profile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	prof "github.com/benchtui/benchtui/internal/profile"
)

func dotnetFile(t testing.TB, name string) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/dotnet/" + name)
	if err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(bytes.NewReader(data))
	if strings.HasSuffix(name, ".gz") {
		packed, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		scanner = bufio.NewScanner(packed)
	}
	scanner.Buffer(nil, 1<<20)
	var lines []string
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	return lines
}

// Recorded with .NET 10: a perf map, 300 stacks, and how often each name is in them.
func TestNamesOfRecordedStacksAreThoseOfThePerfMap(t *testing.T) {
	symbols := parseJIT(strings.NewReader(strings.Join(dotnetFile(t, "jit10.map.gz"), "\n")))
	leaf, any := map[string]int{}, map[string]int{}
	for _, stack := range dotnetFile(t, "jit10.stacks.gz") {
		seen := map[string]bool{}
		for i, frame := range strings.Split(stack, ";") {
			name, _, _ := strings.Cut(frame, "!")
			if hex, found := strings.CutPrefix(frame, "0x"); found {
				address, err := strconv.ParseUint(hex, 16, 64)
				if err != nil {
					t.Fatal(err)
				}
				var known bool
				if name, known = jitAt(symbols, address); !known {
					t.Errorf("%s is not in the map", frame)
				}
			}
			if i == 0 {
				leaf[name]++
			}
			if !seen[name] {
				any[name]++
			}
			seen[name] = true
		}
	}
	for _, line := range dotnetFile(t, "jit10.expected.txt") {
		fields := strings.SplitN(line, "\t", 3)
		if len(fields) != 3 {
			continue
		}
		counted := map[string]map[string]int{"leaf": leaf, "any": any}[fields[0]][fields[2]]
		if strconv.Itoa(counted) != fields[1] {
			t.Errorf("%s: %d, want %s", fields[2], counted, fields[1])
		}
	}
}

func TestDotnetNamesAreReadable(t *testing.T) {
	for name, want := range map[string]string{
		"instance bool [System.Text.Json] System.Text.Json.Serialization.Converters.ObjectDefaultConverter`1[System.__Canon]::OnTryWrite(class System.Text.Json.Utf8JsonWriter,!0,class System.Text.Json.JsonSerializerOptions,valuetype System.Text.Json.WriteStack&)[OptimizedTier1]": "System.Text.Json.Serialization.Converters.ObjectDefaultConverter<__Canon>.OnTryWrite [System.Text.Json] library",
		"instance int64 [System.IO.Pipelines] System.IO.Pipelines.Pipe+DefaultPipeWriter::get_UnflushedBytes()[OptimizedTier1]":                                                                                                                                                         "System.IO.Pipelines.Pipe.DefaultPipeWriter.get_UnflushedBytes [System.IO.Pipelines] library",
		"void [System.Private.CoreLib] System.SpanHelpers::Memmove(uint8&,uint8&,native uint)[OptimizedTier1]":                                                                                                                                                                          "System.SpanHelpers.Memmove [System.Private.CoreLib] library",
		"instance void [hello] Program+<>c::<<Main>$>b__0_1(class [Microsoft.AspNetCore.Http.Abstractions]Microsoft.AspNetCore.Http.HttpContext)[QuickJitted]":                                                                                                                          "Program.Main.lambda [hello] own code",
		"instance void [hello] Hello.Items+<GetAsync>d__5::MoveNext()[OptimizedTier1]":                                                                                                                                                                                                  "Hello.Items.GetAsync [hello] own code",
		"instance void [Dapper] Dapper.SqlMapper::Query()[Tier0]":                                                                                                                                                                                                                       "Dapper.SqlMapper.Query [Dapper] library",
	} {
		function, assembly, ok := dotnetJIT(name)
		if got := fmt.Sprintf("%s [%s] %s", function, assembly, dotnetKind(assembly, "hello")); !ok || got != want {
			t.Errorf("%s\n is  %s\n not %s", name, got, want)
		}
	}
	for _, stub := range []string{"stub ReportStubBlock<MethodCallThunk>", "stub CreateHelper<DynamicHelper>"} {
		if one, _, ofRuntime := jitPlace(stub); !ofRuntime || strings.HasPrefix(one.function, "stub") {
			t.Errorf("%s is %+v", stub, one)
		}
	}
	for name, want := range map[string]string{
		"S_P_CoreLib_System_Buffers_SharedArrayPool_1<UInt8>__Return": "System.Buffers.SharedArrayPool<UInt8>.Return [System.Private.CoreLib]",
		"S_P_CoreLib_System_SpanHelpers__IndexOf":                     "System.SpanHelpers.IndexOf [System.Private.CoreLib]",
		"S_P_CoreLib_System_Collections_Concurrent_ConcurrentQueueSegment_1<System_Net_Sockets_System_Net_Sockets_SocketAsyncEngine_SocketIOEvent>__TryDequeue":            "System.Collections.Concurrent.ConcurrentQueueSegment<SocketIOEvent>.TryDequeue [System.Private.CoreLib]",
		"System_Text_Json_System_Text_Json_Utf8JsonWriter__WriteStringEscape":                                                                                              "System.Text.Json.Utf8JsonWriter.WriteStringEscape [System.Text.Json]",
		"Microsoft_AspNetCore_Server_Kestrel_Core_Microsoft_AspNetCore_Server_Kestrel_Core_Internal_Http_HttpProtocol__ProcessRequests_d__238_1<System___Canon>__MoveNext": "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpProtocol.ProcessRequests [Microsoft.AspNetCore.Server.Kestrel.Core]",
		"dotnet8_aot_ReplyContext___c___ApplicationInfoPropInit_b__8_2":                                                                                                    "ReplyContext.ApplicationInfoPropInit.lambda [dotnet8-aot]",
	} {
		function, assembly, ok := dotnetNativeName(name, "dotnet8-aot")
		if got := fmt.Sprintf("%s [%s]", function, assembly); !ok || got != want {
			t.Errorf("%s\n is  %s\n not %s", name, got, want)
		}
	}
}

func TestEveryNativeDotnetNameIsReadable(t *testing.T) {
	for _, name := range dotnetFile(t, "aot8-names.txt") {
		function, assembly, ok := dotnetNativeName(name, "dotnet8-aot")
		if os.Getenv("BENCHTUI_TEST_KEEP") != "" {
			fmt.Printf("%s\n\t%s [%s]\n", name, function, assembly)
		}
		if ok && (strings.Contains(function, "S_P_") || strings.Contains(function, "__") && !strings.Contains(function, "__Canon") || strings.Contains(function, "..")) {
			t.Errorf("%s is %s of %s", name, function, assembly)
		}
	}
}

func TestNamesOfOtherRuntimesMaps(t *testing.T) {
	for name, want := range map[string]string{
		"JS:*busy /srv/app.js:5:14":                         "busy app.js:5 own code",
		"LazyCompile:~handler file:///srv/app.mjs:14:3":     "handler app.mjs:14 own code",
		"JS:*emit node:events:466:44":                       "emit node:events:466 library",
		"JS:^next /srv/node_modules/router/index.js:170:16": "next index.js:170 library",
		"JS:* /srv/app.js:3:1":                              "(anonymous) app.js:3 own code",
		"RegExp:^(a+)+$":                                    "RegExp: ^(a+)+$  library",
		"Builtin:ArgumentsAdaptorTrampoline":                "ArgumentsAdaptorTrampoline  runtime",
		"py::handler:/srv/app.py":                           "handler app.py own code",
		"py::dumps:/usr/lib/python3.12/json/__init__.py":    "dumps __init__.py library",
		"int java.lang.StringLatin1.hashCode(byte[])":       "java.lang.StringLatin1.hashCode  library",
		"java.lang.Object hello.Main.handle(java.lang.Map)": "hello.Main.handle  own code",
		"Interpreter": "Interpreter  runtime",
	} {
		one, module, ofRuntime := jitPlace(name)
		frame := prof.Frame{Function: one.function, File: one.file, Line: one.line}
		if got := fmt.Sprintf("%s %s %s", one.function, frame.Place(), jitKind(one, module, "", ofRuntime)); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestNativeNamesAreReadable(t *testing.T) {
	for _, c := range []struct {
		name string
		of   language
		want string
	}{
		{"_ZN5hyper5proto2h18dispatch32Dispatcher$LT$D$C$Bs$C$I$C$T$GT$9poll_read17h0123456789abcdefE", rustLanguage, "hyper::proto::h1::dispatch::Dispatcher<D,Bs,I,T>::poll_read"},
		{"_RNvCs1234_5hello4main", rustLanguage, "hello::main"},
		{"_ZN2v88internal4Heap14CollectGarbageENS0_15AllocationSpaceE", native, "v8::internal::Heap::CollectGarbage"},
		{"busy.constprop.0", native, "busy"},
		{"malloc@@GLIBC_2.2.5", native, "malloc"},
		{"main.(*server).handle.func1", goLanguage, "main.(*server).handle.func1"},
	} {
		if got := readable(c.name, c.of); got != c.want {
			t.Errorf("%s is %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWhoseCodeAFunctionIs(t *testing.T) {
	for function, want := range map[string]prof.Kind{
		"main.busy": prof.Own, "example.com/app/internal/db.(*Pool).Get": prof.Own, "example.com/apple.Eat": prof.Library,
		"net/http.(*conn).serve": prof.Library, "github.com/x/y.Z": prof.Library, "vendor/golang.org/x/crypto/chacha20.X": prof.Library,
		"runtime.mallocgc": prof.Runtime, "internal/runtime/maps.(*Map).Get": prof.Runtime, "syscall.Syscall6": prof.Runtime, "aeshashbody": prof.Runtime,
		"slices.SortFunc[go.shape.[]example.com/app.T,go.shape.int]": prof.Library,
	} {
		if got := goKind(function, "example.com/app"); got != want {
			t.Errorf("Go's %s is %s, want %s", function, got, want)
		}
	}
	for function, want := range map[string]prof.Kind{
		"hello::work": prof.Own, "<hello::Item as serde::Serialize>::serialize": prof.Own, "hello::main::{{closure}}": prof.Own,
		"<F as axum::handler::Handler<(M,T1),S>>::call::{{closure}}": prof.Library, "serde_json::to_vec": prof.Library,
		"core::ptr::drop_in_place<hello::Item>": prof.Runtime, "alloc::vec::Vec<T>::push": prof.Runtime, "__rust_alloc": prof.Runtime,
	} {
		if got := rustKind(place{function: function}, "hello"); got != want {
			t.Errorf("Rust's %s is %s, want %s", function, got, want)
		}
	}
}

func FuzzNamesOfMaps(f *testing.F) {
	f.Add("1000 100 instance bool [A] A.B`1[System.__Canon]::C(class D)[OptimizedTier1]")
	f.Add("1000 100 JS:*busy /srv/app.js:5:14\n1080 ffffffffffffffff x")
	f.Add("S_P_CoreLib_System_Buffers_SharedArrayPool_1<UInt8>__Return")
	f.Fuzz(func(t *testing.T, text string) {
		for _, one := range parseJIT(strings.NewReader(text)) {
			jitPlace(one.name)
			if one.end < one.start {
				t.Fatalf("%+v", one)
			}
		}
		jitPlace(text)
		dotnetNativeName(text, "a")
		readable(text, native)
	})
}
