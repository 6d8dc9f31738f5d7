package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Parse reads a value as a person writes it, with its unit or in it: "50ms", "0.1%",
// "20us", "100 MB", "5000". A time of replies has to name its unit, for a limit of "50" may
// have been meant in seconds.
func (u Unit) Parse(text string) (float64, error) {
	text = strings.TrimSpace(text)
	number := func(kind string) (float64, error) {
		bare := strings.TrimSpace(strings.TrimSuffix(text, u.Name()))
		value, err := strconv.ParseFloat(bare, 64)
		if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
			return 0, fmt.Errorf("%s is no %s", strconv.Quote(text), kind)
		}
		return value, nil
	}
	switch u {
	case InMS, InLongMS:
		length, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
		if err != nil {
			return 0, fmt.Errorf("%s is no time; write it like 50ms", strconv.Quote(text))
		}
		return Milliseconds(length), nil
	case InMicroseconds:
		if length, err := time.ParseDuration(strings.ReplaceAll(text, " ", "")); err == nil {
			return float64(length) / float64(time.Microsecond), nil
		}
		value, err := number("time")
		if err != nil {
			return 0, fmt.Errorf("%w; write it like 50us", err)
		}
		return value, nil
	case InShare:
		share, err := number("share")
		if err != nil {
			return 0, fmt.Errorf("%w; write it like 0.1%%", err)
		}
		if strings.HasSuffix(text, "%") {
			share /= 100
		}
		return share, nil
	}
	return number("number")
}
