package run

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
)

// order is the order in which n contenders are measured in each round, as indexes.
// Drawn anew for each round, so that what comes and goes on the machine, or what one
// contender leaves behind for the next, falls on none of them every time. Without a
// seed it is that in which they are named. The same seed draws the same.
func (p Plan) order(n int) [][]int {
	orders := make([][]int, p.Workload.RoundCount())
	var random *rand.Rand
	if p.Seed != nil {
		random = rand.New(rand.NewPCG(*p.Seed, 0))
	}
	for round := range orders {
		if random != nil {
			orders[round] = random.Perm(n)
			continue
		}
		for i := range n {
			orders[round] = append(orders[round], i)
		}
	}
	return orders
}

// measureAll measures the contenders in turn, round after round. When ctx ends, what
// was measured until then stands.
func (r *Run) measureAll(ctx context.Context, participants []*participant, cores int) {
	rounds := r.plan.Workload.RoundCount()
	last := "" // the contender that was measured before
	for i, order := range r.plan.order(len(participants)) {
		var taking []*participant
		for _, at := range order {
			if participants[at].takesPart() {
				taking = append(taking, participants[at])
			}
		}
		if ctx.Err() != nil || len(taking) == 0 {
			break
		}
		round := i + 1
		if rounds > 1 {
			r.stream.emit("", stream.RoundStarted{Round: round, Of: rounds, Order: ids(taking)})
		}
		for j, e := range taking {
			if last != "" {
				r.coolDown(ctx, last)
			}
			if ctx.Err() != nil {
				break
			}
			last = e.facts.ID
			t := e.begin(r.plan, cores, round, j+1)
			r.stream.emit(e.facts.ID, stream.ContenderStarted{
				Facts: e.facts, Version: e.built.Version, Variant: e.built.Variant,
				Number: j + 1, Of: len(taking), Round: round, Rounds: rounds,
			})
			r.measure(ctx, *e.built, t)
			r.roundDone(ctx, e, t)
		}
	}
}

// leaveOut ends the contenders that the run was stopped before.
func (r *Run) leaveOut(participants []*participant) {
	for _, e := range participants {
		if e.done {
			continue
		}
		if len(e.tallies) == 0 {
			e.fail(stream.StatusAborted, "the run was stopped before it was measured")
		}
		e.fail(stream.StatusAborted, fmt.Sprintf("the run was stopped after %d of %d rounds", len(e.tallies), e.rounds))
		r.contenderDone(e)
	}
}

// roundDone tells the end of a contender's part in a round, and of the contender if
// it was its last.
func (r *Run) roundDone(ctx context.Context, e *participant, t *tally) {
	why := e.roundOver()
	if e.rounds > 1 {
		soFar := e.result()
		soFar.Rounds = []stream.RoundResult{}
		r.stream.emit(e.facts.ID, stream.RoundDone{Result: t.result(), Of: e.rounds, SoFar: soFar})
		if why != "" && ctx.Err() == nil {
			r.stream.emit("", stream.Notice{Text: e.facts.ID + " takes no part in the rounds that follow: " + why})
		}
	}
	if e.left {
		r.contenderDone(e)
	}
}

func (r *Run) contenderDone(e *participant) {
	e.done = true
	r.stream.emit(e.facts.ID, stream.ContenderDone{Result: e.result()})
}

// coolDown lets the machine end what the last contender left behind: its memory,
// its sockets, its heat.
func (r *Run) coolDown(ctx context.Context, id string) {
	rest := r.plan.Workload.Rest()
	if rest <= 0 {
		return
	}
	ctx, release := r.skippable(ctx)
	defer release()
	r.stream.emit(id, stream.PhaseChanged{Phase: stream.PhaseCooldown, Expected: rest})
	timer := time.NewTimer(rest)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func ids(participants []*participant) []string {
	all := make([]string, len(participants))
	for i, e := range participants {
		all[i] = e.facts.ID
	}
	return all
}
