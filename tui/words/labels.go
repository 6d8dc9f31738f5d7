package words

import "strconv"

// MsLabel is a time in ms beside an axis.
func MsLabel(ms float64) string {
	if ms >= 1000 {
		return TrimZero(ms/1000) + "s"
	}
	return strconv.FormatFloat(ms, 'g', 3, 64) + "ms"
}

// RateLabel is a rate beside an axis.
func RateLabel(perSecond float64) string { return Short(perSecond) + "/s" }

// PercentLabel is a percentage beside an axis.
func PercentLabel(percent float64) string { return Short(percent) + "%" }

// MbLabel is an amount of memory beside an axis.
func MbLabel(mb float64) string {
	if mb >= 1000 {
		return TrimZero(mb/1000) + "GB"
	}
	return Short(mb) + "MB"
}
