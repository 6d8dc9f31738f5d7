package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/flagname"
)

// Redirect is a status and where it leads; "" if it does not say, or one of many places.
type Redirect struct {
	Status int
	To     string
}

// repliesRedirected looks for replies that send the client elsewhere. Whether they
// count as OK or not, what was measured is then not the page that was meant, but where
// that status was asked for.
//
// A redirect is no matter of timing, so that their number decides.
func repliesRedirected(facts Facts) ruleFunc {
	const (
		fewest = 10
		many   = 0.05 // of all replies
	)
	by := map[Redirect]uint64{}
	var all, replies, failed uint64
	var since time.Duration
	return func(w Window) *evidence {
		if all == 0 {
			since = w.From
		}
		for redirect, n := range w.Redirects {
			if redirect.Status == facts.ExpectedStatus { // asked for
				continue
			}
			by[redirect] += n
			all += n
			failed += w.Failures[fmt.Sprintf("status %d", redirect.Status)]
		}
		replies += w.replies()
		if all < fewest || share(all, replies) < many {
			return nil
		}
		var most Redirect
		for redirect, n := range by {
			if n > by[most] || n == by[most] && (redirect.Status < most.Status || redirect.Status == most.Status && redirect.To < most.To) {
				most = redirect
			}
		}
		what := fmt.Sprintf("%d", most.Status)
		if most.To != "" {
			what += " to " + most.To
		}
		title := "many replies are redirects, most of them " + what
		switch {
		case all == replies && by[most] == all:
			title = "all replies are " + what
		case all == replies:
			title = "all replies are redirects, most of them " + what
		case by[most] == all:
			title = "many replies are " + what
		}
		figures := []string{of(all, replies, "replies") + " send the client elsewhere"}
		if by[most] < all {
			figures = append(figures, of(by[most], all, "of these")+" are "+what)
		}
		advice := "redirects are not followed: what was measured is the redirect, not the page behind it; load the address that it names," +
			" or send what it asks for (a login: " + flagname.ShortHeader + " 'Cookie: …' or " + flagname.ShortHeader + " 'Authorization: …')"
		if failed == 0 {
			figures = append(figures, "they count as OK: no status is expected")
			advice += "; " + flagname.ExpectStatus + " 200 has them count as failures"
		}
		return &evidence{
			since:   since,
			title:   title,
			figures: figures,
			advice:  advice,
		}
	}
}
