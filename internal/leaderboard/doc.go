// Package leaderboard ranks contenders and groups them in tiers. Pure: no I/O, no
// clock, and no knowledge of how a figure was measured.
package leaderboard
