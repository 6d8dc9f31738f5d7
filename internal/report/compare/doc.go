// Package compare says what changed from one run to another and how sure that is, as
// text, JSON and Markdown, and reads the conditions of --fail-if on changes.
package compare
