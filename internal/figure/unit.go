package figure

import (
	"math"
	"strconv"
	"strings"
)

// Unit is what a figure is in, and with that how its values read: with the unit in
// sentences and in cells that stand alone, without it under a head that names it.
type Unit int

// The units.
const (
	Things          Unit = iota // a number of them
	InMS                        // that a histogram tells
	InLongMS                    // that no histogram tells
	InMicroseconds              // of CPU
	InMB                        // of 10^6 bytes
	InRequests                  // per second
	InShare                     // 0 to 1
	InPercentOfCore             // of CPU; 100 is one core
)

// Name is how the unit is written; "" of what has none but its name.
func (u Unit) Name() string {
	return [...]string{"", "ms", "ms", "µs", "MB", "req/s", "%", "%"}[u]
}

// Key names the unit for programs.
func (u Unit) Key() string {
	return [...]string{"", "ms", "ms", "us", "mb", "per_second", "share", "percent"}[u]
}

// Write writes a value with its unit: "12.3 ms", "6,400 req/s".
func (u Unit) Write(value float64) string {
	switch u {
	case InMS:
		return MS(value)
	case InLongMS:
		return LongMS(value)
	case InMicroseconds:
		return Microseconds(value)
	case InMB:
		return MB(value)
	case InRequests:
		return PerSecond(value) + " req/s"
	case InShare:
		return Percent(value)
	case InPercentOfCore:
		return OfCore(value)
	}
	return Whole(value)
}

// Cell writes the same under a head that names the unit: "12.3", "6,400"; percents keep
// their sign, which heads do not have.
func (u Unit) Cell(value float64) string {
	if u == InShare || u == InPercentOfCore {
		return u.Write(value)
	}
	return strings.TrimSuffix(u.Write(value), " "+u.Name())
}

// Tick writes a round value beside an axis, in seven cells at most: "10 ms", "2.5 s",
// "2,500/s", "10k/s", "80 %".
func (u Unit) Tick(value float64) string {
	switch u {
	case InMS, InLongMS:
		if value >= 1000 {
			return short(value/1000) + " s"
		}
		return short(value) + " ms"
	case InMB:
		if value >= 1000 {
			return short(value/1000) + " GB"
		}
		return short(value) + " MB"
	case InRequests:
		return short(value) + "/s"
	case InShare:
		return short(100*value) + " %"
	case Things:
		return short(value)
	}
	return short(value) + " " + u.Name()
}

// short writes a round number: "0.05", "2,500", "10k", "1.5M".
func short(value float64) string {
	switch abs := math.Abs(value); {
	case abs >= 1e6:
		return digits(value/1e6) + "M"
	case abs >= 1e4:
		return digits(value/1e3) + "k"
	case abs >= 1e3 && value == math.Trunc(value):
		return Whole(value)
	}
	return digits(value)
}

func digits(value float64) string { return strconv.FormatFloat(value, 'g', 4, 64) }
