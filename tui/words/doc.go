// Package words writes figures, times and results the way the screens show them. It
// knows nothing of where they stand.
package words
