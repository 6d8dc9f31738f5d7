//go:build injectpanics

package crash

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// The end-to-end tests build the program with the tag injectpanics. Then
// BENCHTUI_GOROUTINES names a file that is told of every function whose
// goroutine began, and BENCHTUI_PANIC_IN the one whose goroutine panics.
func injected() func() {
	const callersOfGuarded = 3
	var pcs [1]uintptr
	runtime.Callers(callersOfGuarded+1, pcs[:])
	frame, _ := runtime.CallersFrames(pcs[:]).Next()
	name := frame.Function
	name = name[strings.LastIndexByte(name, '/')+1:]
	return func() {
		if path := os.Getenv("BENCHTUI_GOROUTINES"); path != "" {
			if file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644); err == nil {
				fmt.Fprintln(file, name)
				file.Close()
			}
		}
		if os.Getenv("BENCHTUI_PANIC_IN") == name {
			panic("injected into " + name)
		}
	}
}
