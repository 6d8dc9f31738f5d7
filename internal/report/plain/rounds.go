package plain

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

func (p *Plain) roundStarted(body stream.RoundStarted) {
	p.line("")
	p.line(fmt.Sprintf("─── round %d of %d: %s", body.Round, body.Of, foreign.Text(strings.Join(body.Order, ", "))))
}

// roundDone sums up a contender's round; how it ended is told at the end too.
func (p *Plain) roundDone(id string, body stream.RoundDone) {
	p.flush()
	p.interval = intervalLine{}
	of := fmt.Sprintf("round %d of %d", body.Result.Round, body.Of)
	alone := stream.ContenderResult{
		Outcome: body.Result.Outcome,
		Measured: stream.Measured{
			Requests:  body.Result.Requests,
			Failures:  body.Result.Failures,
			LatencyMS: body.Result.LatencyMS,
			RPS:       body.Result.RPS,
		},
	}
	if body.Result.Status != stream.StatusOK {
		p.say(id, wording.IndentRest(of+": "+wording.Ending(alone), "  "+strings.Repeat(" ", p.width)))
	}
	if body.Result.Capacity != nil {
		p.say(id, of+": "+foreign.Text(body.Result.Capacity.Words()))
	}
	if body.Result.Requests.Total > 0 {
		p.say(id, of+": "+wording.Requests(alone))
	}
}

// roundsWords say what goes on between the contenders of several rounds.
func roundsWords(workload stream.WorkloadFacts) string {
	if workload.Rounds < 2 {
		return ""
	}
	words := fmt.Sprintf("%d, each contender once in each", workload.Rounds)
	if workload.Seed != nil {
		words += fmt.Sprintf(", in an order drawn by "+flagname.Seed+" %d", *workload.Seed)
	}
	if workload.CooldownS > 0 {
		words += ", " + figure.Length(figure.Seconds(workload.CooldownS)) + " of rest between two"
	}
	return words
}

// rateFixed tells the rate that all contenders get, and from what it comes.
func (p *Plain) rateFixed(body stream.RateFixed) {
	var words []string
	for _, probe := range body.Probes {
		if probe.RPS == 0 {
			words = append(words, foreign.Text(probe.ID)+" none: "+wording.FirstLine(probe.Why))
			continue
		}
		words = append(words, foreign.Text(probe.ID)+" "+figure.PerSecond(probe.RPS)+" req/s")
	}
	p.line("")
	p.line(fmt.Sprintf("rate      %s req/s for all, half of what %s, the slowest, can do (%s)",
		figure.PerSecond(body.Workload.Rate), foreign.Text(body.Slowest), strings.Join(words, ", ")))
}
