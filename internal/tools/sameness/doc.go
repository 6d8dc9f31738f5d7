// Package sameness holds every way in which benchtui tells a result against the others:
// a figure reads the same on the screen, in the text, in Markdown, in HTML, in the
// picture and in a comparison. It has tests only, and is in no binary.
package sameness
