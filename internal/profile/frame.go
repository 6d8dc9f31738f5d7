package profile

import (
	"cmp"
	"path"
	"strconv"
	"strings"
)

// Kind is whose code a frame is.
type Kind uint8

// The kinds. Own comes first where functions are listed, Kernel last.
const (
	Unknown Kind = iota // nobody could say: an address without a name
	Own                 // the server's own code
	Library             // what it depends on: node_modules, crates, jars, a language's standard library
	Runtime             // collector, compiler, event loop, scheduler, the C library
	Kernel
)

// Kinds are all of them, in the order in which functions are listed.
var Kinds = []Kind{Own, Library, Runtime, Kernel, Unknown}

var kindWords = map[Kind]string{Own: "own code", Library: "library", Runtime: "runtime", Kernel: "kernel", Unknown: "unknown"}

// String is the kind in a word or two.
func (k Kind) String() string {
	if word, known := kindWords[k]; known {
		return word
	}
	return kindWords[Unknown]
}

// Letter tells the kinds apart where there are no colours: O, L, R, K or ?.
func (k Kind) Letter() string {
	if k == Unknown || k > Kernel {
		return "?"
	}
	return strings.ToUpper(k.String()[:1])
}

// kindOf is the kind of a letter.
func kindOf(letter byte) Kind {
	for _, kind := range Kinds {
		if kind.Letter()[0] == letter {
			return kind
		}
	}
	return Unknown
}

// Frame is a place in a program at which a sample found it: a function, and the line at
// which it was.
type Frame struct {
	Function string // as a person reads it: "main.busy", "sha1", "<alloc::vec::Vec<T> as Drop>::drop"
	File     string // as the compiler wrote it down; "" where nobody knows
	Line     int    // what was executed, or from where the next function was called; 0: unknown
	Start    int    // the line at which the function begins; 0: unknown
	Column   int    // where on that line, from 1, if the line does not tell it from others; 0: it does, or it is unknown
	Module   string // the program, library, package or jar that it is part of; "" where nobody knows
	Kind     Kind
}

// Function is a function, at whichever of its lines it was found.
type Function struct {
	Name   string
	File   string
	Start  int // the line at which it begins; 0: unknown
	Column int // where on that line, if others begin on it, too, as in a minified file; 0: the line is enough
	Module string
	Kind   Kind
}

// Of is the frame's function.
func (f Frame) Of() Function {
	return Function{Name: f.Function, File: f.File, Start: f.Start, Column: f.Column, Module: f.Module, Kind: f.Kind}
}

// Place is the file's name and the line, "app.js:14"; where that is unknown, the one at
// which the function begins; "" where the file is unknown. Where the line is that of many
// functions it has the column, too: "bundle.js:1:2345".
func (f Frame) Place() string { return f.Of().at(f.Line) }

// Place is the file's name and the line at which the function begins.
func (f Function) Place() string { return f.at(f.Start) }

// at is a line of the function, 0 for the one at which it begins.
func (f Function) at(line int) string {
	where := place(f.File, cmp.Or(line, f.Start))
	if column := f.columnAt(line); column > 0 && where != "" {
		where += ":" + strconv.Itoa(column)
	}
	return where
}

// columnAt is the column that is shown behind a line, 0 for none.
func (f Function) columnAt(line int) int {
	if f.Start > 0 && cmp.Or(line, f.Start) == f.Start {
		return f.Column
	}
	return 0
}

func place(file string, line int) string {
	if file == "" {
		return ""
	}
	name := file
	if !strings.HasPrefix(file, "node:") { // a module of Node's own is no file
		name = path.Base(strings.ReplaceAll(file, `\`, "/"))
	}
	if line <= 0 {
		return name
	}
	return name + ":" + strconv.Itoa(line)
}
