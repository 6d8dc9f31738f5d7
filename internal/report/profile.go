package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/profile"
)

// Profile is the profile that was recorded of a contender; nil: there is none.
func (d Document) Profile(id string) *profile.Profile {
	for _, timeline := range d.Timelines {
		if timeline.ID == id && timeline.Profile != nil {
			if whole := timeline.Profile.Profile(); whole != nil {
				return whole
			}
		}
	}
	return nil
}

// ProfileFormat is the format that WriteProfile writes into a file of that name.
func ProfileFormat(name string) (profile.Format, error) {
	if name == "-" {
		return profile.Formats[0], nil
	}
	return profile.FormatOf(name)
}

// WriteProfile writes the profile of a contender in the format that a file's name asks
// for by its suffix; of "-" it is pprof's. Without an id it is that of the only contender
// that has one.
func WriteProfile(w io.Writer, name, id string, document Document) error {
	format, err := ProfileFormat(name)
	if err != nil {
		return err
	}
	var have []string
	for _, one := range document.Result.Contenders {
		if document.Profile(one.ID) != nil {
			have = append(have, one.ID)
		}
	}
	switch {
	case len(have) == 0 && document.Timelines == nil:
		return errors.New("a result in JSON holds no profile, only its sums; name the recording")
	case len(have) == 0:
		return errors.New("no profile was taken in this run; run it again with " + flagname.Why)
	case id == "" && len(have) > 1:
		return fmt.Errorf("%s have a profile each; say which: "+flagname.ProfileOf+" %s", strings.Join(have, ", "), have[0])
	case id == "":
		id = have[0]
	case !slices.Contains(have, id):
		return fmt.Errorf("there is no profile of %s in this run, but of %s", id, strings.Join(have, ", "))
	}
	return format.Write(w, document.Profile(id))
}
