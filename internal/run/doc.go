// Package run is one run: contenders are built, and then each is started, warmed up,
// loaded and stopped, round after round. What happens it tells as events, in one order.
// It alone knows the engine, procs, frameworks, the diagnosis and the leaderboard.
package run
