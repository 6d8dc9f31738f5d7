package plain

import (
	"fmt"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// searchStep heads the seconds of a rate that is tried, and says how it ended.
func (p *Plain) searchStep(id string, body stream.SearchStep) {
	p.flush()
	p.interval, p.titled = intervalLine{}, false
	step := body.Step
	if !body.Judged {
		p.say(id, fmt.Sprintf("step %d of at most %d: %s req/s", step.Number, body.Of, figure.PerSecond(step.Rate)))
		return
	}
	p.say(id, fmt.Sprintf("step %d: %s", step.Number, foreign.Text(step.Words())))
}
