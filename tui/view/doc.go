// Package view folds a run's events into what the screens show: how far the builds
// are, the contender under load, the race of all, the result. It draws nothing and
// knows neither cells nor keys.
package view
