// Package report writes what outlives a run, and the plain text that stands in
// for the screen where there is none: folds over session's events and result. It
// measures nothing and ranks nothing; what it prints, session found out.
package report
