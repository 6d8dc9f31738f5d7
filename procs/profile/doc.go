// Package profile takes profiles of other processes from outside: of everything with
// symbols by the kernel's software clock, of Python servers by py-spy. It reads them, and
// changes nothing in them. It knows nothing of load, and nothing of what a profile is used for.
package profile
