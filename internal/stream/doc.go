// Package stream is what a run tells: its events and results, as values that survive
// JSON. Whoever reads it can start nothing and send nothing.
package stream
