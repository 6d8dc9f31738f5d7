// Package field says what is wrong with something that a person set, without knowing
// how: by a flag, on a screen, in a file. Who asked for it puts the name in its own way.
package field

import (
	"errors"
	"fmt"
	"strings"
)

// Error is what is wrong with a field.
type Error struct {
	Field   string // its name: "duration"
	Problem error  // begins with the value, where there is one to tell: "-1s: a time can't be negative"
}

// Errorf makes one of a field's name and a problem in the words of fmt.Errorf.
func Errorf(name, format string, args ...any) error {
	return &Error{Field: name, Problem: fmt.Errorf(format, args...)}
}

func (e *Error) Error() string { return e.named(e.Field) }

func (e *Error) Unwrap() error { return e.Problem }

func (e *Error) named(name string) string {
	problem := e.Problem.Error()
	if strings.HasPrefix(problem, ":") {
		return name + problem
	}
	return name + " " + problem
}

// Named is an error whose first field goes by another name, such as "--duration". What
// stands around it stays, and so does what the error is.
func Named(err error, name func(field string) string) error {
	var wrong *Error
	if !errors.As(err, &wrong) {
		return err
	}
	text := strings.Replace(err.Error(), wrong.Error(), wrong.named(name(wrong.Field)), 1)
	return &renamed{text, err}
}

// renamed is an error that reads in another way.
type renamed struct {
	text string
	err  error
}

func (r *renamed) Error() string { return r.text }

// Unwrap skips the field's error: it has its name.
func (r *renamed) Unwrap() error {
	var wrong *Error
	if errors.As(r.err, &wrong) {
		return wrong.Problem
	}
	return r.err
}
