package words

import "strconv"

func MsLabel(ms float64) string {
	if ms >= 1000 {
		return TrimZero(ms/1000) + "s"
	}
	return strconv.FormatFloat(ms, 'g', 3, 64) + "ms"
}

func RateLabel(perSecond float64) string { return Short(perSecond) + "/s" }

func PercentLabel(percent float64) string { return Short(percent) + "%" }

func MbLabel(mb float64) string {
	if mb >= 1000 {
		return TrimZero(mb/1000) + "GB"
	}
	return Short(mb) + "MB"
}
