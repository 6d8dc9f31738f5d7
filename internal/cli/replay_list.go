package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// listRecordings prints what recordings are kept, the newest first.
func listRecordings(w io.Writer, kept recording.Folder) error {
	recordings, err := kept.List()
	if err != nil {
		return exitError{ExitNotMeasured, err}
	}
	if len(recordings) == 0 {
		_, err := fmt.Fprintln(w, errNoRecordings)
		return err
	}
	var unread []string
	var table wording.Table
	for _, title := range []string{"NUMBER", "STARTED", "WORKLOAD", "CONTENDERS", "SIZE", "FILE"} {
		table.Columns = append(table.Columns, wording.TextColumn(title))
	}
	for i, one := range recordings {
		started, workload, contenders := one.Written, "", ""
		if one.Err != nil {
			workload = "can't be read"
			unread = append(unread, fmt.Sprintf("%d can't be read: %v", i+1, one.Err))
		} else {
			started, workload = one.Run.Started, one.Run.Plan.Workload.Name
			contenders = contenderWords(one.Run.Plan.Contenders)
		}
		table.Add(strconv.Itoa(i+1), started.Local().Format("2006-01-02 15:04:05"), workload, contenders, figure.Size(uint64(one.Size)), foreign.Line(homely(one.Path)))
	}
	lines := table.Lines()
	for _, why := range unread { // below: a long reason would widen every row
		lines = append(lines, shortened(foreign.Line(why)))
	}
	_, err = io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// shortened is a reason of which a file may have made more than a screen shows.
func shortened(why string) string {
	const longest = 300
	if all := []rune(why); len(all) > longest {
		return string(all[:longest-1]) + "…"
	}
	return why
}

// contenderWords names the first few of a run.
func contenderWords(contenders []stream.ContenderFacts) string {
	const most = 4
	var ids []string
	for _, contender := range contenders {
		ids = append(ids, contender.ID)
	}
	if more := len(ids) - most; more > 1 {
		return strings.Join(ids[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(ids, ", ")
}
