// Package machine reads what a machine offers a measurement, and checks what would distort
// one: the checks of the doctor.
package machine
