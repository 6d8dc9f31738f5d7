package field

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kind is what the value of a field is, by the name that the flags have for it.
type Kind string

// The kinds.
const (
	Text     Kind = "string"
	Switch   Kind = "bool"
	Whole    Kind = "int"
	Count    Kind = "uint64" // 0 or above
	Number   Kind = "float64"
	Duration Kind = "duration"
)

// Wanted says what a field of the kind takes in the place of a text that could not be
// read as one, and err says why: an example, and of a number its unit ("" for none).
func (k Kind) Wanted(text string, err error, unit, example string) error {
	var number *strconv.NumError
	tooLarge := errors.As(err, &number) && errors.Is(number.Err, strconv.ErrRange)
	text = strings.TrimSpace(text)
	_, notANumber := strconv.ParseFloat(text, 64)
	switch {
	case k == Duration && notANumber == nil && text != "":
		return fmt.Errorf("pass a time with its unit; did you mean %ss? Others are ms and m", strings.TrimPrefix(text, "+"))
	case k == Duration:
		return errors.New("pass a time with its unit, such as 500ms, 10s or 2m")
	case tooLarge:
		return errors.New("that is too large a number")
	case k == Count:
		return errors.New("pass a whole number, 0 or above, such as " + example)
	case k == Whole:
		return errors.New("pass a whole number, such as " + example)
	case k == Number && unit != "":
		return errors.New("pass a number of " + unit + ", such as " + example)
	case k == Number:
		return errors.New("pass a number, such as " + example)
	case k == Switch:
		return errors.New("it takes no value, or true or false")
	}
	return err
}
