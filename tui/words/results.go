package words

import (
	"time"

	"github.com/benchtui/benchtui/internal/stream"
)

// Place writes the rank: "1", "=2" where it is tied, "3*" in spite of failures.
func Place(result stream.ContenderResult) string {
	place := result.Place()
	if result.Starred {
		place += "*"
	}
	return place
}

// StartersMark stands behind the name of a contender whose CPU and memory are not the
// server's, but those of what started it.
func StartersMark(one stream.ContenderResult) string {
	if one.StartersFigures() {
		return " °"
	}
	return ""
}

// Cause says why a contender stands below the line.
func Cause(result stream.ContenderResult) string {
	switch {
	case result.RankNote != "":
		return result.RankNote
	case result.StatusDetail != "":
		return result.StatusDetail
	}
	return result.Status.Words()
}

// LatenessTolerated is how late requests may be sent, at the 99th percentile,
// before the screen says that it counts in the latencies: those below about ten
// times as much are in doubt. From when on nothing can be trusted, the verdict says.
const LatenessTolerated = time.Millisecond
