// Package chart draws series, columns, heatmaps and bars into a rectangle of a
// surface. It knows numbers and axes, not what they were measured of.
package chart
