package wording

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// Requests sums up a load in a line.
func Requests(one stream.ContenderResult) string {
	words := []string{figure.Plural(one.Requests.Total, "request", "requests"), "OK " + figure.Count(one.Requests.OK), "KO " + figure.Count(one.Requests.KO)}
	if one.Requests.KO > 0 {
		words[2] += " (" + figure.Percent(one.Requests.FailureRate) + ")"
	}
	if one.Requests.Retried > 0 {
		words = append(words, "retried "+figure.Count(one.Requests.Retried))
	}
	for _, failure := range one.Failures {
		words = append(words, foreign.Text(failure.Cause)+" ×"+figure.Count(failure.Count))
	}
	if told := ByStatus(one); told != "" {
		words = append(words, "by status "+told)
	}
	if ok := one.LatencyMS.OK; ok != nil {
		words = append(words, "mean "+figure.MS(ok.Mean), "p99 "+figure.MS(ok.P99))
	}
	return strings.Join(append(words, figure.PerSecond(one.RPS.OK)+" req/s OK"), " · ")
}

// OfReached says which requests a cost per request is of, " (of the 12 that reached it)";
// "" if all did.
func OfReached(requests stream.RequestCounts) string {
	if requests.Reached == nil {
		return ""
	}
	return " (of the " + figure.Count(*requests.Reached) + " that reached it)"
}

// Reasons are why a cause came about, each in a line.
func Reasons(failure stream.FailureResult) []string {
	return failure.Told(func(sample string) string { return Cut(sample, 60) })
}

// ByStatus are the replies by status, "" if all were 200, or failed by theirs.
func ByStatus(one stream.ContenderResult) string {
	var words []string
	plain := true
	for _, status := range one.StatusCounts() {
		text := strconv.Itoa(status.Status)
		failed := slices.ContainsFunc(one.Failures, func(f stream.FailureResult) bool { return f.Cause == "status "+text })
		plain = plain && (status.Status == 200 || failed && status.Status >= 400)
		words = append(words, text+" ×"+figure.Count(status.Count)+placesWords(one, status.Status))
	}
	if plain {
		return ""
	}
	return strings.Join(words, ", ")
}

// placesWords says where the redirects of a status lead.
func placesWords(one stream.ContenderResult, status int) string {
	var places []string
	for _, told := range one.Statuses {
		if told.Status == status && told.Location != "" {
			places = append(places, foreign.Text(told.Location))
		}
	}
	const most = 3
	switch {
	case len(places) == 0:
		return ""
	case len(places) > most:
		return " to " + strings.Join(places[:most], ", ") + ", …"
	}
	return " to " + strings.Join(places, ", ")
}

// Later tell what ended after the load had run its time, and is in no rate; ""
// if that was no more than what was under way then.
func Later(one stream.ContenderResult) string {
	const least = 0.2 // s
	later := one.Requests.Later
	if later.OK+later.KO == 0 || later.WaitedS < least {
		return ""
	}
	return fmt.Sprintf("OK %s, KO %s more, within %s; the rates are over the %s before",
		figure.Count(later.OK), figure.Count(later.KO), figure.Length(figure.Seconds(later.WaitedS)), figure.Length(figure.Seconds(one.RPS.OverS)))
}
