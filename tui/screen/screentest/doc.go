// Package screentest puts a screen on a bench: scenes as a person would bring them
// about, keys, clicks and golden files, without the program around it. Only tests
// import it.
package screentest
