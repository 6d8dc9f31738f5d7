// Package files writes files whole or not at all, keeps two runs from one file, and
// reads with bounds. It knows paths and bytes; nothing of what they mean.
package files
