// Package term is a terminal's screen as cells: a surface to draw text, borders and
// large letters on, rectangles to cut it into, and a theme that turns what a cell
// means into escape sequences. It knows nothing of runs, charts or keys.
package term
