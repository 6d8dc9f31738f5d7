// Package page draws a run: the HTML page with its charts, and the leaderboard as an
// SVG picture. What it shows in words, report/wording writes.
package page
