// Package report writes what outlives a run: the summary, JSON, CSV and Markdown, each
// a fold over a run's result. It measures nothing and ranks nothing; what it prints,
// session found out.
package report
