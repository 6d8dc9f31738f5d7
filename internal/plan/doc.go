// Package plan is what can be asked of a run: workloads with their settings, objectives
// and thresholds, and what is wrong with them.
package plan
