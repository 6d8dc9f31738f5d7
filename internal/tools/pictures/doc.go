// Command pictures makes the pictures of the documentation: it plays a recording
// through the screens, as a person with these keys would see it, and draws what the
// terminal would show. It is no part of benchtui, and needs no terminal and no font.
package main
