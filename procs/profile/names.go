package profile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ianlancetaylor/demangle"
)

// readable is a linker's name as its language writes it.
func readable(name string, of language) string {
	if of == goLanguage {
		return name
	}
	// What compilers add to parts of functions: .cold, .isra.0, .llvm.12345, .part.2
	plain, _, _ := strings.Cut(name, "@") // a version of a library's symbol
	if at := strings.Index(plain, ".llvm."); at > 0 {
		plain = plain[:at]
	}
	if strings.HasPrefix(plain, "_Z") || strings.HasPrefix(plain, "_R") || strings.HasPrefix(plain, "__Z") {
		if long, err := demangle.ToString(plain, demangle.NoParams, demangle.NoClones); err == nil {
			return withoutHash(long)
		}
	}
	if at := strings.IndexByte(plain, '.'); at > 0 && of == native {
		plain = plain[:at]
	}
	return withoutHash(plain)
}

var rustHash = regexp.MustCompile(`::h[0-9a-f]{16}$`)

func withoutHash(name string) string { return rustHash.ReplaceAllString(name, "") }

// dotnetNativeName makes a name of .NET's native compiler readable, which writes what is
// between parts of a name as an underscore: System.Buffers.SharedArrayPool<UInt8>.Return
// is S_P_CoreLib_System_Buffers_SharedArrayPool_1<UInt8>__Return. The second result is
// the assembly that it is of.
func dotnetNativeName(name, program string) (string, string, bool) {
	head, method := splitNative(name)
	if method == "" {
		return "", "", false
	}
	assembly, typeName := "", ""
	if rest, own := strings.CutPrefix(head, underscored.ReplaceAllString(program, "_")+"_"); own && program != "" {
		assembly, typeName = program, dotted(rest)
	} else {
		assembly, typeName = nativeType(head)
	}
	if typeName == "" {
		return "", "", false
	}
	return typeName + "." + nativeMethod(method), assembly, true
}

var underscored = regexp.MustCompile(`[^A-Za-z0-9]`)

// splitNative parts type and method at the last two underscores outside of brackets that
// have something before them.
func splitNative(name string) (string, string) {
	depth, at := 0, -1
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '<':
			depth++
		case '>':
			depth--
		case '_':
			if depth == 0 && i > 0 && i+2 < len(name) && name[i+1] == '_' && at < 0 {
				at = i
			}
		}
	}
	if at < 0 {
		return name, ""
	}
	return name[:at], name[at+2:]
}

// nativeType parts the assembly from a type's name, which begins with the same word again
// where the assembly is named as its names are, as all of Microsoft's are.
func nativeType(head string) (assembly, typeName string) {
	if rest, found := strings.CutPrefix(head, "S_P_"); found {
		library, rest, found := strings.Cut(rest, "_")
		if !found {
			return "", ""
		}
		return "System.Private." + library, dotted(rest)
	}
	bare := head
	if at := strings.IndexByte(bare, '<'); at >= 0 {
		bare = bare[:at]
	}
	first, rest, found := strings.Cut(bare, "_")
	switch {
	case first == "": // the compiler's own: __GetThreadStaticBase_…
		return "", ""
	case !found: // String, Object: what the language has words for
		return "System.Private.CoreLib", "System." + head
	}
	if at := strings.Index("_"+rest, "_"+first+"_"); at >= 0 && (first == "System" || first == "Microsoft" || at == 0) {
		split := len(first) + at
		return strings.ReplaceAll(bare[:split], "_", "."), dotted(head[split+1:])
	}
	return first, dotted(head[len(first)+1:])
}

// dotted writes a type's parts with dots, and those that it is made of by their last names.
func dotted(name string) string {
	out := strings.Builder{}
	for i := 0; i < len(name); {
		c := name[i]
		if c != '<' {
			if c == '_' {
				c = '.'
			}
			out.WriteByte(c)
			i++
			continue
		}
		depth, end := 0, i
		for ; end < len(name); end++ {
			if name[end] == '<' {
				depth++
			} else if name[end] == '>' {
				if depth--; depth == 0 {
					break
				}
			}
		}
		out.WriteString("<" + nativeParts(name[i+1:min(end, len(name))]) + ">")
		i = end + 1
	}
	return arity.ReplaceAllString(out.String(), "$1")
}

// nativeParts are what a type is made of, by their last words; of a method's state machine
// that method.
func nativeParts(inner string) string {
	if found := nativeBox.FindStringSubmatch(inner); found != nil {
		return found[1] + "." + found[2]
	}
	if strings.Contains(inner, "<") {
		return "…"
	}
	parts := strings.Split(strings.ReplaceAll(inner, "System___Canon", "Canon"), "__") // any type that is a reference
	for i, part := range parts {
		part = strings.TrimRight(nativeCopy.ReplaceAllString(part, ""), "_")
		parts[i] = part[strings.LastIndexByte(part, '_')+1:]
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

var (
	arity = regexp.MustCompile(`[.\x60]\d+(<|\.|$)`)
	// A method that the compiler took apart: <Get>d__5, <<Main>$>b__0_0, <Get>g__Inner|5_0
	taken = regexp.MustCompile(`^<+([^<>]*)>\$?>?([bdg])__(?:(\w+?)\|)?\d+(?:_\d+)*$`)
)

// nativeMethod writes what .NET's native compiler made of a method's name as it was
// written: what stands in a state machine, a lambda or a local function is its method's.
func nativeMethod(method string) string {
	if found := nativeMachine.FindStringSubmatch(method); found != nil {
		return entry(strings.Trim(found[1], "_"))
	}
	if found := nativeLambda.FindStringSubmatch(method); found != nil {
		outer := entry(strings.Trim(found[1], "_"))
		if found[2] != "" {
			return outer + "." + found[2]
		}
		return outer + ".lambda"
	}
	method, _, _ = strings.Cut(method, "<")
	if at := strings.LastIndex(method, "__"); at > 0 { // of a type in the type
		method = method[at+2:]
	}
	return nativeCopy.ReplaceAllString(method, "")
}

var (
	nativeBox     = regexp.MustCompile(`([A-Za-z0-9]+)__+([A-Za-z0-9]+)_d__\d+`)
	nativeMachine = regexp.MustCompile(`^(\w+?)_d__\d+(?:_\d+)*(?:<.*>)?(?:__.*)?$`)
	nativeLambda  = regexp.MustCompile(`(?:^|__)_c(?:__DisplayClass\d+_\d+)?(?:_\d+)?(?:<.*>)?__(\w+?)_(?:b__\d+|g__(\w+?))(?:_\d+)+(?:<.*>)?$`)
	nativeCopy    = regexp.MustCompile(`_\d+$`) // the second of the same name
)

var tier = regexp.MustCompile(`\[(?:Optimized[A-Za-z0-9]*|QuickJitted|MinOptJitted|PreJIT|ReadyToRun|Tier0|Tier1|Instrumented[A-Za-z0-9]*|Unknown)\]$`)

// dotnetJIT makes a name of .NET's perf map readable:
//
//	instance bool [System.Text.Json] System.Text.Json.Utf8JsonWriter::Grow(int32)[OptimizedTier1]
//
// is Grow of System.Text.Json.Utf8JsonWriter in the assembly System.Text.Json.
func dotnetJIT(name string) (function, assembly string, ok bool) {
	name = tier.ReplaceAllString(name, "")
	_, rest, found := strings.Cut(name, "[")
	if !found {
		return "", "", false
	}
	// The result's type may name assemblies, too; the method's own stands before the last
	// blank outside of brackets ahead of the double colon.
	colons := methodColons(name)
	if colons < 0 {
		return "", "", false
	}
	begin := lastOpenBlank(name[:colons])
	typeName := name[begin:colons]
	before := strings.TrimRight(name[:begin], " ")
	if open := strings.LastIndexByte(before, '['); open >= 0 && strings.HasSuffix(before, "]") {
		assembly = before[open+1 : len(before)-1]
	} else {
		assembly, _, _ = strings.Cut(rest, "]")
	}
	method := name[colons+2:]
	if at := openParenthesis(method); at >= 0 {
		method = method[:at]
	}
	method = withoutInstance(method)
	typeName = jitType(typeName)
	return dotnetJoin(typeName, method), assembly, true
}

// methodColons is where "::" parts type and method: the first one outside of brackets.
func methodColons(name string) int {
	square := 0
	for i := 0; i+1 < len(name); i++ {
		switch name[i] {
		case '[':
			square++
		case ']':
			square--
		case ':':
			if square == 0 && name[i+1] == ':' {
				return i
			}
		}
	}
	return -1
}

// lastOpenBlank is behind the last blank outside of square brackets.
func lastOpenBlank(name string) int {
	square := 0
	for i := len(name) - 1; i >= 0; i-- {
		switch name[i] {
		case ']':
			square++
		case '[':
			square--
		case ' ':
			if square == 0 {
				return i + 1
			}
		}
	}
	return 0
}

func openParenthesis(method string) int {
	square := 0
	for i := range len(method) {
		switch method[i] {
		case '[':
			square++
		case ']':
			square--
		case '(':
			if square == 0 {
				return i
			}
		}
	}
	return -1
}

// withoutInstance removes of what a generic method was made: Write[System.__Canon].
func withoutInstance(method string) string {
	if at := strings.IndexByte(method, '['); at > 0 {
		return method[:at]
	}
	return method
}

// jitType writes List`1[System.__Canon] as List<__Canon>.
func jitType(name string) string {
	at := strings.IndexByte(name, '[')
	head, of := name, ""
	if at >= 0 {
		head, of = name[:at], strings.TrimSuffix(name[at+1:], "]")
	}
	head = arity.ReplaceAllString(head, "$1")
	head = regexpArityInside.ReplaceAllString(head, "")
	if of == "" {
		return head
	}
	var parts []string
	for _, part := range splitOutside(of) {
		inner := jitType(part)
		head, rest, generic := strings.Cut(inner, "<")
		head = head[strings.LastIndexAny(head, ".+")+1:]
		if generic {
			head += "<" + rest
		}
		parts = append(parts, head)
	}
	return head + "<" + strings.Join(parts, ", ") + ">"
}

var regexpArityInside = regexp.MustCompile("`\\d+")

// splitOutside parts at commas outside of square brackets.
func splitOutside(list string) []string {
	var parts []string
	square, begin := 0, 0
	for i := range len(list) {
		switch list[i] {
		case '[':
			square++
		case ']':
			square--
		case ',':
			if square == 0 {
				parts = append(parts, list[begin:i])
				begin = i + 1
			}
		}
	}
	return append(parts, list[begin:])
}

// dotnetJoin joins type and method; what the compiler made of an async method, an iterator,
// a lambda or a local function is named after the method that it stands in.
func dotnetJoin(typeName, method string) string {
	outer, inner, nested := cutLast(typeName, "+")
	if nested && strings.HasPrefix(inner, "<") {
		bare, _, _ := strings.Cut(inner+" ", " ")
		if found := taken.FindStringSubmatch(withoutGeneric(bare)); found != nil && found[2] == "d" {
			return strings.ReplaceAll(outer, "+", ".") + "." + entry(found[1]) // a state machine's MoveNext
		}
		if strings.HasPrefix(inner, "<>c") {
			typeName = outer
		}
	}
	typeName = strings.ReplaceAll(typeName, "+", ".")
	if found := taken.FindStringSubmatch(method); found != nil {
		switch found[2] {
		case "b":
			return typeName + "." + entry(found[1]) + ".lambda"
		case "g":
			return typeName + "." + entry(found[1]) + "." + found[3]
		}
	}
	return typeName + "." + method
}

// entry is the method in which top-level statements stand, which has no name of its own.
func entry(method string) string {
	if method == "" {
		return "Main"
	}
	return method
}

// withoutGeneric removes what a generic state machine was made of: <Get>d__5<__Canon>.
func withoutGeneric(name string) string {
	if at := strings.LastIndex(name, "__"); at >= 0 {
		if open := strings.IndexByte(name[at:], '<'); open >= 0 {
			return name[:at+open]
		}
	}
	return name
}

func cutLast(text, mark string) (string, string, bool) {
	if at := strings.LastIndex(text, mark); at >= 0 {
		return text[:at], text[at+len(mark):], true
	}
	return text, "", false
}

// jitPlace reads what runtimes write into their perf maps: Node's "JS:*busy /srv/app.js:5:12",
// Python's "py::busy:/srv/app.py", .NET's, and the JVM's signatures.
func jitPlace(name string) (one place, module string, runtime bool) {
	if kind, rest, found := strings.Cut(name, ":"); found && !strings.HasPrefix(rest, ":") {
		switch kind {
		case "JS", "LazyCompile", "Function", "Script", "Eval", "Module":
			return nodePlace(strings.TrimLeft(rest, "*~^+")), "", false
		case "RegExp":
			return place{function: "RegExp: " + rest}, "", false
		case "Builtin", "BytecodeHandler", "Stub", "Handler", "Bytecode", "WasmToJS", "JSToWasm":
			return place{function: rest}, "", true
		}
	}
	if rest, found := strings.CutPrefix(name, "py::"); found {
		function, file, _ := strings.Cut(rest, ":")
		return place{function: function, file: file}, "", false
	}
	if strings.HasPrefix(name, "stub ") || strings.HasPrefix(name, "GenerateLookupStub") {
		return place{function: strings.TrimPrefix(name, "stub ")}, "", true
	}
	if function, assembly, ok := dotnetJIT(name); ok {
		return place{function: function}, assembly, false
	}
	return place{function: javaName(name)}, "", false
}

// nodePlace parts "busy /srv/app.js:5:12".
func nodePlace(text string) place {
	name, where, found := cutLast(text, " ")
	if !found {
		name, where = "", text
	}
	var numbers []int
	for range 2 {
		rest, digits, found := cutLast(where, ":")
		number, err := strconv.Atoi(digits)
		if !found || err != nil {
			break
		}
		where, numbers = rest, append(numbers, number)
	}
	one := place{function: name, file: strings.TrimPrefix(where, "file://")}
	if len(numbers) > 0 {
		one.start = numbers[len(numbers)-1]
		one.line = one.start
		if len(numbers) == 2 && numbers[0] > longLine {
			one.column = numbers[0]
		}
	}
	if one.function == "" {
		one.function = "(anonymous)"
	}
	return one
}

// javaName is "java.lang.String.hashCode" of "int java.lang.String.hashCode(byte[])".
func javaName(name string) string {
	before, _, call := strings.Cut(name, "(")
	if !call || !strings.Contains(before, ".") {
		return name
	}
	return before[strings.LastIndexByte(before, ' ')+1:]
}
