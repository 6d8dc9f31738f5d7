package diagnosis

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/measure"
)

// keepAliveLimit looks for a server that closes every kept-alive connection after
// the same number of requests, or at the same age. Which of the two it is, connections
// tell that are not all used alike: their numbers differ where the age is the limit, and
// their ages where the number is. Where all are used alike both are the same, and nobody
// can tell. One that closes by chance does so after numbers and at ages that differ; but
// where each connection is idle for longer than the server keeps it, that is after one
// request. Of users, those whose own number of requests ends before the
// limit hide it; a limit that they reach must then have met almost all of them, for
// one that is short of room may close a few after their first reply.
func keepAliveLimit(facts Facts) ruleFunc {
	users := facts.Model == "users"
	if users && facts.Repeat < 2 {
		return nil
	}
	const (
		fewest = 40  // closes
		agree  = 0.9 // of them, after the same number of replies; and of those that a limit would make
		// farthest: a limit beyond it costs nobody anything.
		farthest = 20_000
	)
	closes := map[uint64]uint64{} // by replies
	var ages measure.Histogram    // ms
	var all, idle, replied, retried, http10 uint64
	var since, firstTo, lastFrom time.Duration
	return func(w Window) *evidence {
		if all == 0 {
			since, firstTo = w.From, w.To
		}
		for replies, n := range w.ServedAtClose {
			closes[replies] += n
			all += n
			lastFrom = w.From
		}
		ages = ages.Merge(w.AgeAtClose)
		idle += w.ClosedIdle
		replied += w.replies()
		retried += w.Retried
		http10 += w.HTTP10
		if all < fewest {
			return nil
		}
		if mostly(idle, all) && share(all, replied) >= 0.5 {
			return idleClosed(since, all, idle, replied)
		}
		var limit, most uint64
		for replies, n := range closes {
			if n > most {
				limit, most = replies, n
			}
		}
		age := ageLimit(ages, closes, all)
		if age.may && lastFrom-firstTo < age.median/2 { // all went at one moment: it was reloaded, or restarted
			return nil
		}
		sure := share(most, all) >= agree && limit <= farthest
		if age.all && most < all { // a limit of requests would have met all of them at it, too
			sure = false
		}
		if !sure && !users && age.holds && age.fewest <= farthest {
			return age.tell(since, all, retried)
		}
		if !sure || limit == 1 && share(idle, all) > 1-agree {
			return nil
		}
		if users && float64(most) < agree*closesOfUsers(replied, uint64(facts.Repeat), limit) {
			return nil
		}
		found := replyLimit{at: limit, closed: most, all: all, replied: replied, retried: retried, http10: http10, age: age}
		return found.tell(since, facts.AsksToClose)
	}
}

// replyLimit is a limit of requests for each connection, and what else is known of those
// that a server closed.
type replyLimit struct {
	at      uint64 // requests
	closed  uint64 // connections, at it
	all     uint64 // connections that it closed
	replied uint64
	retried uint64
	http10  uint64 // replies of that version
	age     agedClose
}

// tell is the evidence on it; asked: the requests themselves ask to close.
func (l replyLimit) tell(since time.Duration, asked bool) *evidence {
	const exact = 2048 // up to which that number is known exactly
	title, after := "the server closes kept-alive connections after ", "exactly "
	if l.at > exact {
		after = "about "
	}
	after += figure.Count(l.at) + " requests"
	advice := "each close costs a new connection; raise the server's limit of requests per connection if its clients are to stay (nginx: keepalive_requests; Apache, Tomcat: MaxKeepAliveRequests)"
	figures := []string{
		fmt.Sprintf("it closed %s connections with requests still to come, %s of them after %s", figure.Count(l.all), figure.Count(l.closed), figure.Plural(l.at, "reply", "replies")),
	}
	switch {
	case l.at == 1 && asked:
		title, after = "every request pays for a connection of its own, as", " the requests ask for: they say Connection: close"
		advice = "leave out " + flagname.ShortHeader + " 'Connection: close' to measure connections that are kept alive, as most clients have them"
	case l.at == 1 && mostly(l.http10, l.replied):
		title, after = "the server speaks HTTP/1.0 without keep-alive: every request pays for a connection of its own", ""
		advice = "have it speak HTTP/1.1, which keeps connections by itself (Python's http.server: protocol_version = \"HTTP/1.1\", with a Content-Length), or answer with Connection: keep-alive"
	case l.at == 1 && mostly(l.retried, l.all):
		after = "every request, and does not say so before"
		advice = "the next request is then on its way, and only an idempotent one can be sent again: have the server say Connection: close, or keep its connections; if it has read that request (its log tells), its workers die of something"
	case l.at == 1:
		after = "every request"
		advice = "switch keep-alive on in the server: as it is, every request pays for a connection of its own"
	case l.age.exact:
		after += ", or at an age of about " + l.age.words() + ": it can't be told which"
		figures = append(figures, "all its connections were used alike, so that both are the same for each: another rate ("+flagname.ShortRate+"), or number of connections ("+flagname.ShortConnections+"), tells them apart, for only one of the two stays")
		advice = "each close costs a new connection; raise the server's limit of requests per connection (nginx: keepalive_requests; Apache, Tomcat: MaxKeepAliveRequests), or of their age (nginx: keepalive_time; Envoy: max_connection_duration), if its clients are to stay"
	}
	if l.at == 1 && mostly(l.http10, l.replied) {
		figures = append(figures, of(l.http10, l.replied, "replies")+" were HTTP/1.0, whose connections end with the reply unless it says Connection: keep-alive")
	}
	if l.retried > 0 {
		figures = append(figures, resentWords(l.retried))
	}
	return &evidence{since: since, title: title + after, figures: figures, advice: advice}
}

// resentWords say that closes met the next request.
func resentWords(retried uint64) string {
	return figure.Count(retried) + " of them as the next request was on its way, which was sent again"
}

// agedClose is what the ages of the connections tell that a server closed.
type agedClose struct {
	may      bool // they are such that a server may have a limit there
	exact    bool // they agree to one request of a connection: by them, nothing but the age needs to be the limit
	all      bool // even the youngest and the oldest do
	holds    bool // they agree, and that better than the numbers of requests do
	median   time.Duration
	from, to time.Duration // of nine in ten
	fewest   uint64        // requests of each of those
	most     uint64
}

// ageLimit says whether a server closes connections at an age. It may do so only with a
// reply, so that they agree to the time between two requests of a connection.
func ageLimit(ages measure.Histogram, closes map[uint64]uint64, all uint64) agedClose {
	const (
		// least: no server has a limit below.
		least = 900 * time.Millisecond
		// edge is the share that is left out at both ends.
		edge = 0.05
		// jitter is how far ages may lie apart, of their median: gRPC's servers take a tenth
		// more or less than they are told.
		jitter = 0.22
		// clocks are how exact servers are beyond that.
		clocks = 20 * time.Millisecond
	)
	age := func(q float64) time.Duration { return time.Duration(ages.Quantile(q)) * time.Millisecond }
	numbers := slices.Sorted(maps.Keys(closes))
	number := func(q float64) (at uint64) {
		var seen uint64
		for _, at = range numbers {
			if seen += closes[at]; float64(seen) >= q*float64(all) {
				break
			}
		}
		return at
	}
	a := agedClose{median: age(0.5), from: age(edge), to: age(1 - edge), fewest: number(edge), most: number(1 - edge)}
	middle := number(0.5)
	a.may = ages.Count() == all && a.median >= least && middle >= 2
	if !a.may {
		return a
	}
	spread := a.to - a.from
	a.exact = spread <= a.median/time.Duration(middle)+clocks
	a.all = time.Duration(ages.Max()-ages.Min())*time.Millisecond <= a.median/time.Duration(middle)+clocks
	apart, numbersApart := float64(spread)/float64(a.median), float64(a.most-a.fewest)/float64(middle)
	a.holds = a.exact || apart <= jitter && apart < numbersApart
	return a
}

// words write the age: a limit is what the youngest of them had reached.
func (a agedClose) words() string {
	seconds := a.from.Seconds()
	if seconds >= 10 {
		return fmt.Sprintf("%.0f s", seconds)
	}
	return fmt.Sprintf("%.2g s", seconds)
}

// tell is the evidence on a limit of age.
func (a agedClose) tell(since time.Duration, all, retried uint64) *evidence {
	old := at(a.from)
	if to := at(a.to); to != old {
		old += " to " + to
	}
	figures := []string{fmt.Sprintf("it closed %s connections with requests still to come, nine in ten of them %s old, and after %s to %s replies",
		figure.Count(all), old, figure.Count(a.fewest), figure.Count(a.most))}
	if retried > 0 {
		figures = append(figures, resentWords(retried))
	}
	return &evidence{
		since: since, title: "the server closes each connection after about " + a.words() + ", however many requests it has had", figures: figures,
		advice: "each close costs a new connection; raise the server's limit of their age if its clients are to stay (nginx: keepalive_time; Envoy: max_connection_duration; gRPC: MaxConnectionAge)",
	}
}

// idleClosed is the evidence on a server that keeps idle connections for less time than
// this load leaves between two requests of one; maybe for none at all: the portable client
// finds them closed, and does not see when.
func idleClosed(since time.Duration, all, idle, replied uint64) *evidence {
	return &evidence{
		since: since,
		title: "the server closes connections while they wait for their next request: most requests pay for a connection of their own",
		figures: []string{fmt.Sprintf("it closed %s connections for %s; %s of them had nothing to do for 0.1 s and more",
			figure.Count(all), figure.Plural(replied, "reply", "replies"), figure.Count(idle))},
		advice: "use fewer connections (" + flagname.ShortConnections + "), so that each has its next request sooner, or have the server keep idle ones for longer (Node.js: server.keepAliveTimeout; nginx: keepalive_timeout)",
	}
}

// mostly says whether the part is most of all.
func mostly(part, all uint64) bool { return share(part, all) >= 0.9 }

// closesOfUsers is how many connections a limit makes a server close with requests
// still to come, when users have had so many replies and each sends repeat requests.
func closesOfUsers(replies, repeat, limit uint64) float64 {
	return float64(replies) / float64(repeat) * float64((repeat-1)/max(1, limit))
}
