package profile

import (
	"path"
	"strings"

	prof "github.com/benchtui/benchtui/internal/profile"
)

// kindOf says whose code a function of a module is.
func kindOf(m *module, one place) prof.Kind {
	switch {
	case m == nil:
		return prof.Unknown
	case !m.main && runtimeLibrary(m.name()):
		return prof.Runtime
	case !m.main && m.language != goLanguage:
		return prof.Library
	case m.main && interpreter(m.name()):
		return prof.Runtime
	}
	switch m.language {
	case goLanguage:
		return goKind(one.function, m.gomod)
	case rustLanguage:
		return rustKind(one, m.crate)
	case dotnetNative:
		if one.assembly == "" {
			return prof.Runtime
		}
		return dotnetKind(one.assembly, m.name())
	case graalNative:
		return javaKind(one.function)
	}
	return nativeKind(one)
}

// interpreter says whether a program runs what others wrote, so that its own functions are
// those of a runtime.
func interpreter(name string) bool {
	name = strings.TrimRight(strings.TrimSuffix(name, ".exe"), "0123456789.-")
	switch name {
	case "node", "nodejs", "bun", "deno", "java", "dotnet", "python", "pypy", "ruby", "php", "php-fpm", "perl", "beam.smp", "lua", "luajit", "erl":
		return true
	}
	return false
}

// interpreted is the runtime that a module is, as people call it, of those that tell nobody
// the names of what they run, and what would tell them of a process.
func interpreted(module string) (runtime, fix string) {
	name := strings.TrimPrefix(module, "lib")
	name, _, _ = strings.Cut(name, ".so")
	switch strings.TrimRight(name, "0123456789.-") {
	case "perl":
		return "Perl", "perl -d:NYTProf …"
	case "php", "php-fpm":
		return "PHP", "phpspy --pid=%d"
	case "ruby", "ruby-static":
		return "Ruby", "rbspy record --pid %d"
	case "lua":
		return "Lua", ""
	case "luajit":
		return "LuaJIT", "luajit -jp …"
	case "bun":
		return "Bun", "bun --cpu-prof …"
	}
	return "", ""
}

// runtimeLibrary says whether a library is a part of a runtime, or of the system.
func runtimeLibrary(name string) bool {
	for _, prefix := range []string{"libc.", "libc-", "ld-", "ld.", "libpthread", "libm.", "libm-", "libdl", "librt", "libgcc_s", "libstdc++", "libc++", "libunwind",
		"libjvm", "libjava", "libjimage", "libnio", "libnet.", "libzip", "libverify", "libjli",
		"libcoreclr", "libclrjit", "libclrgc", "libhostfxr", "libhostpolicy", "libSystem.Native", "System.Private.CoreLib",
		"libpython", "libruby", "libnode", "libuv", "musl", "libasan", "libjemalloc", "libmimalloc", "libtcmalloc"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// goKind goes by a function's package.
func goKind(function, module string) prof.Kind {
	name := packageOf(function)
	first, _, _ := strings.Cut(name, "/")
	switch {
	case name == "main", module != "" && module != "command-line-arguments" && (name == module || strings.HasPrefix(name, module+"/")):
		return prof.Own
	case name == "runtime", strings.HasPrefix(name, "runtime/"), strings.HasPrefix(name, "internal/runtime/"), name == "syscall", name == "internal/poll",
		name == "internal/bytealg", name == "internal/abi", name == "internal/chacha8rand", name == "",
		strings.HasPrefix(function, "gcWriteBarrier"), strings.HasPrefix(function, "type:."), strings.HasPrefix(function, "go:"), strings.HasPrefix(function, "_rt0_"):
		return prof.Runtime
	case name == "vendor" || first == "vendor":
		return prof.Library
	}
	return prof.Library
}

// packageOf is the package of a Go function: "net/http" of "net/http.(*conn).serve".
// Generic functions have packages in brackets, too.
func packageOf(function string) string {
	name, _, _ := strings.Cut(function, "[")
	slash := strings.LastIndexByte(name, '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	if dot < 0 {
		return ""
	}
	// A dot in a path's last part is written as %2e.
	return strings.ReplaceAll(name[:slash+1+dot], "%2e", ".")
}

// rustKind goes by the file where that is known, else by the crate.
func rustKind(one place, own string) prof.Kind {
	switch {
	case strings.Contains(one.file, "/.cargo/registry/"), strings.Contains(one.file, "/.cargo/git/"):
		return prof.Library
	case strings.HasPrefix(one.file, "/rustc/"), strings.Contains(one.file, "/rustlib/src/"):
		return prof.Runtime
	}
	switch crateOf(one.function) {
	case own:
		return prof.Own
	case "std", "core", "alloc", "compiler_builtins", "":
		return prof.Runtime
	}
	if one.file != "" {
		return prof.Own // a crate beside it, in the same workspace
	}
	return prof.Library
}

// crateOf is the crate of a Rust function: of "<hyper::Body as http::Body>::poll" it is
// hyper, of "<F as axum::Handler>::call", which stands for any type, axum; "" for what is
// no Rust.
func crateOf(function string) string {
	if crate := crateOfType(function); crate != "" || !strings.HasPrefix(function, "<") {
		return crate
	}
	if _, trait, found := strings.Cut(function, " as "); found {
		return crateOfType(trait)
	}
	return ""
}

func crateOfType(name string) string {
	name = strings.TrimLeft(name, "<&*([")
	for _, word := range []string{"mut ", "const ", "dyn "} {
		name = strings.TrimPrefix(name, word)
	}
	first, _, found := strings.Cut(name, "::")
	if !found || strings.ContainsAny(first, " <>()[],") {
		return ""
	}
	return first
}

// nativeKind is that of a function of a program in C or C++.
func nativeKind(one place) prof.Kind {
	switch {
	case strings.HasPrefix(one.function, "std::"), strings.HasPrefix(one.function, "__gnu_cxx::"), strings.HasPrefix(one.function, "boost::"):
		return prof.Library
	case strings.HasPrefix(one.file, "/usr/include/"), strings.HasPrefix(one.file, "/usr/lib/"):
		return prof.Library
	case one.function == "_start", strings.HasPrefix(one.function, "__libc_"), one.function == "_init", one.function == "_fini":
		return prof.Runtime
	}
	return prof.Own
}

// dotnetKind is that of a method of an assembly. Own is the program's; without one, what
// is not Microsoft's.
func dotnetKind(assembly, program string) prof.Kind {
	switch {
	case program != "" && assembly == program:
		return prof.Own
	case assembly == "System.Private.CoreLib", assembly == "System", strings.HasPrefix(assembly, "System."), strings.HasPrefix(assembly, "Microsoft."), assembly == "mscorlib", assembly == "netstandard":
		return prof.Library
	case program != "":
		return prof.Library
	}
	return prof.Own
}

// javaKind goes by a method's package.
func javaKind(function string) prof.Kind {
	for _, prefix := range []string{"com.oracle.svm.", "jdk.internal.", "sun.", "org.graalvm."} {
		if strings.HasPrefix(function, prefix) {
			return prof.Runtime
		}
	}
	for _, prefix := range []string{"java.", "javax.", "jakarta.", "jdk.", "io.netty.", "io.vertx.", "io.micronaut.", "io.quarkus.", "io.helidon.", "org.springframework.",
		"org.apache.", "org.eclipse.", "com.fasterxml.", "reactor.", "kotlin.", "kotlinx.", "io.ktor.", "org.jboss."} {
		if strings.HasPrefix(function, prefix) {
			return prof.Library
		}
	}
	if !strings.Contains(function, ".") {
		return prof.Runtime
	}
	return prof.Own
}

// jitKind is that of code that a runtime made while it ran.
func jitKind(one place, module, program string, runtime bool) prof.Kind {
	switch {
	case runtime:
		return prof.Runtime
	case module != "":
		return dotnetKind(module, program)
	case strings.HasPrefix(one.file, "node:"):
		return prof.Library
	case strings.Contains(one.file, "/node_modules/"), strings.Contains(one.file, "/site-packages/"), strings.Contains(one.file, "/dist-packages/"), strings.Contains(one.file, "/lib/python"):
		return prof.Library
	case one.file != "":
		return prof.Own
	case strings.HasPrefix(one.function, "RegExp: "):
		return prof.Library
	}
	return javaKind(one.function)
}

// programOf is the assembly that `dotnet app.dll` or its own starter runs.
func programOf(command []string) string {
	for i, word := range command {
		name := path.Base(word)
		switch {
		case strings.HasSuffix(name, ".dll"):
			return strings.TrimSuffix(name, ".dll")
		case i == 0 && name != "dotnet" && name != "":
			return name
		}
	}
	return ""
}
