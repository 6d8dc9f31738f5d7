package runtimes

import (
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// untoldPrograms are the runtimes of programs that run what others wrote, by the
// program's name without its version. A JVM has not loaded itself yet.
var untoldPrograms = map[string]string{
	"node": Node, "nodejs": Node, "bun": "Bun", "deno": "Deno", "python": "Python", "pypy": "PyPy", "uwsgi": "Python", "ruby": "Ruby", "php": "PHP", "php-fpm": "PHP",
	"perl": "Perl", "dotnet": ".NET", "mono": "Mono", "beam.smp": "Erlang", "lua": "Lua", "luajit": "Lua",
}

// untoldLibraries are the same of programs that load their runtime.
var untoldLibraries = map[string]string{
	"libcoreclr.so": ".NET", "libpython": "Python", "libruby": "Ruby", "libnode.so": Node, "libmono": "Mono", "libphp": "PHP",
}

// starters are programs that start a server and are none.
var starters = []string{"sh", "bash", "dash", "ash", "zsh", "fish", "busybox", "env", "tini", "dumb-init", "timeout", "sudo", "su", "setpriv", "runuser", "java", "make", "go", "docker-proxy"}

// untoldIn says which runtime is in a process whose program is this, of those that tell
// nothing from outside; nil if that is not known.
func untoldIn(pid int, program string) *measure.Untold {
	name := filepath.Base(strings.TrimSuffix(program, " (deleted)"))
	plain := strings.TrimRight(name, "0123456789.-t") // "python3.13t"
	switch {
	case slices.Contains(starters, name):
		return nil
	case untoldPrograms[name] != "":
		return &measure.Untold{Name: untoldPrograms[name]}
	case untoldPrograms[plain] != "":
		return &measure.Untold{Name: untoldPrograms[plain]}
	}
	if maps, err := os.ReadFile(system.Path(pid, "maps")); err == nil {
		for library, runtime := range untoldLibraries {
			if bytes.Contains(maps, []byte("/"+library)) {
				return &measure.Untold{Name: runtime}
			}
		}
	}
	return untoldFile(system.Path(pid, "exe"))
}

// goSection is a section that every program in Go has.
const goSection = ".go.buildinfo"

// untoldFile goes by what compilers leave in a program.
func untoldFile(path string) *measure.Untold {
	file, err := elf.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	for section, runtime := range map[string]string{
		goSection: Go, "__managedcode": ".NET", ".svm_heap": "Java", // these two compiled beforehand
	} {
		if file.Section(section) != nil {
			return &measure.Untold{Name: runtime}
		}
	}
	// What embeds Node has the names that its modules ask for.
	const mostNames = 16 << 20
	if names := file.Section(".dynstr"); names != nil && names.Size <= mostNames {
		if text, err := names.Data(); err == nil && bytes.Contains(text, []byte("\x00node_module_register\x00")) {
			return &measure.Untold{Name: Node}
		}
	}
	return &measure.Untold{}
}
