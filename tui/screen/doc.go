// Package screen is what the program and its screens agree on: what a screen is, what
// it may know, and what it may ask for. The screens themselves are in the folders
// below, one each, and know nothing of each other.
//
// To add one, write a folder with a type that has the methods of Screen, and add a
// line to the list in tui/screens.go.
package screen
