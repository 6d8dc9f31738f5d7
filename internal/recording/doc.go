// Package recording writes a run's events into files and reads them, whole or cut off,
// and keeps the folder that they are in.
package recording
