// Package doctor tells what this machine can do and what would distort a measurement on
// it, as text and as JSON. What is to be told, procs found out.
package doctor
