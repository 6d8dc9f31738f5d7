package profile

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// Reason is what the stacks say about why a server is busy.
type Reason struct {
	Rule     Rule    // with what it says of Function; without an ID: no rule knows it, and it is the server's own code
	Share    float64 // of the profile's time that it explains, 0 to 1
	Function Hot     // that most of it was spent in, with what it called and no other reason explains; its shares are of the profile's time
	Itself   float64 // of the profile's time, what own code computed itself, 0 to 1; 0 for a rule
	Caller   *Caller // the own code that called it most; nil: unknown, or it is own code
	Samples  int     // that it explains

	weight  time.Duration
	subject subject
}

const (
	// worthAReason is the share of the time from which on it is a reason.
	worthAReason = 0.05
	// worthSamples is in how many samples it has to be seen: fewer tell no share.
	worthSamples = 10
	// worthTheKernel is the share of the time from which on the kernel's work is told.
	worthTheKernel = 0.4
	// nearlyAll is the share of the time from which on a function, with all that it called, is
	// but the way into everything.
	nearlyAll = 0.75
)

// WorthTelling says whether a share of a profile's time, 0 to 1, is more than next to nothing,
// and its samples enough to tell one.
func WorthTelling(share float64, samples int) bool {
	return share >= worthAReason && math.Round(share*float64(samples)) >= worthSamples
}

// PassesOn says that it is own code whose time passed in what it called, for the most part
// or for one worth telling.
func (r Reason) PassesOn() bool { return r.Rule.ID == "" && r.Share-r.Itself > r.Share/10 }

// OfTheKernel says that it is what the kernel did.
func (r Reason) OfTheKernel() bool { return r.Rule.ID == inKernel.ID }

// Scattered says that a rule's time is spread over functions of which none is worth telling.
func (r Reason) Scattered() bool { return r.Rule.ID != "" && r.Function.TotalShare < worthAReason }

// Told is the share that is told of it, 0 to 1: what most of it was spent in.
func (r Reason) Told() float64 {
	if r.Scattered() {
		return r.Share
	}
	return r.Function.TotalShare
}

// Evidence says it in a sentence's words: "of the loop's time 31 % in pbkdf2Sync
// (crypto.js:62), called from handler (app.js:14)", "of the loop's time 89 % in refresh
// (timer.js:4) and what it calls, 26 % in itself".
func (r Reason) Evidence(of string) string {
	where := named(r.Function.Name, r.Function.Place())
	text := fmt.Sprintf("of %s %s in ", of, figure.WholePercent(r.Told()))
	switch {
	case r.Scattered():
		text += r.Rule.What + ", most in " + where
	case r.PassesOn():
		text += fmt.Sprintf("%s and what it calls, %s in itself", where, figure.WholePercent(r.Itself))
	default:
		text += where
	}
	if r.Caller != nil {
		text += ", called from " + named(r.Caller.Function, r.Caller.Place())
	}
	return text
}

func named(function, place string) string {
	if place == "" {
		return function
	}
	return function + " (" + place + ")"
}

// Reasons lists what the stacks say about why a server is busy, each sample in one of them:
// what the rules know, and the server's own functions with what they called that no rule
// knows. The largest share comes first, but for a function that only leads to what is said
// more exactly. What takes less than a twentieth of the time, or was hardly seen, is none;
// the kernel's work is one where it is much of the time, the server's code asked for it, and no
// other comes near it; else it is the time of who asked.
func (p *Profile) Reasons() []Reason {
	known := p.knownFrames()
	reasons := p.reasons(known, true)
	if !slices.ContainsFunc(reasons, func(r Reason) bool { return r.subject.rule == kernelRule && tellsMost(r, reasons) }) {
		reasons = p.reasons(known, false)
	}
	return reasons
}

// tellsMost says whether the kernel's work is told beside the other reasons.
func tellsMost(kernel Reason, reasons []Reason) bool {
	if kernel.Share < worthTheKernel {
		return false
	}
	// Without own code that asks for it, it is what any server has the kernel do. But Node writes
	// what was put together in small pieces by itself, when the code that did has returned.
	if kernel.Function.Kind == Kernel && (kernel.Caller == nil || kernel.Caller.Share <= 0.5) {
		return false
	}
	return !slices.ContainsFunc(reasons, func(r Reason) bool {
		exact := r.Itself
		if r.subject.rule != ownRule {
			exact = r.Share
		}
		return r.subject != kernel.subject && exact >= kernel.Share/2
	})
}

// subject is what a reason is about: a rule, or one of the server's own functions.
type subject struct {
	rule     int      // index into Rules, or one behind them
	function Function // none for a rule's
}

// claim is who explains a sample.
type claim struct {
	rule   int  // noRule: nobody
	at     int  // the frame by which it does, an index into the stack
	itself bool // own code that computes
}

// sums are what was added up for a subject.
type sums struct {
	weight, itself time.Duration
	count          int
	functions      map[Function]*functionSums
}

type functionSums struct {
	hot     Hot
	lines   map[int]time.Duration
	callers map[int]time.Duration // by frame
}

// add takes a sample into account that is explained by one of its frames.
func (s *sums) add(p *Profile, sample Sample, by claim) {
	frame := p.Frames[sample.Stack[by.at]]
	of := frame.Of()
	sum := s.functions[of]
	if sum == nil {
		sum = &functionSums{hot: Hot{Function: of}, lines: map[int]time.Duration{}, callers: map[int]time.Duration{}}
		s.functions[of] = sum
	}
	s.weight += sample.Weight
	s.count += sample.Count
	if by.itself {
		s.itself += sample.Weight
	}
	sum.hot.Total += sample.Weight
	sum.lines[frame.Line] += sample.Weight
	if by.at == 0 {
		sum.hot.Self += sample.Weight
	}
	for _, index := range sample.Stack[by.at+1:] {
		if p.Frames[index].Kind == Own && p.Frames[index].Of() != of {
			sum.callers[index] += sample.Weight
			break
		}
	}
}

// reasons are those of all samples, with the kernel's work as one or as the time of who
// asked for it.
func (p *Profile) reasons(known known, kernel bool) []Reason {
	all := p.Total()
	bySubject := map[subject]*sums{}
	under := map[Function]map[subject]time.Duration{} // what own functions led to
	for _, sample := range p.Samples {
		by := p.claimOf(sample, known, kernel)
		if by.rule == noRule {
			continue
		}
		about := subject{rule: by.rule}
		if by.rule == ownRule {
			about.function = p.Frames[sample.Stack[by.at]].Of()
		}
		if bySubject[about] == nil {
			bySubject[about] = &sums{functions: map[Function]*functionSums{}}
		}
		bySubject[about].add(p, sample, by)
		for function := range p.ownAbove(sample, by.at) {
			if under[function] == nil {
				under[function] = map[subject]time.Duration{}
			}
			under[function][about] += sample.Weight
		}
	}
	var reasons []Reason
	for about, sum := range bySubject {
		if share(sum.weight, all) < worthAReason || sum.count < worthSamples {
			continue
		}
		most := slices.MinFunc(slices.Collect(maps.Values(sum.functions)), func(a, b *functionSums) int {
			return cmp.Or(cmp.Compare(b.hot.Total, a.hot.Total), compareFunctions(a.hot.Function, b.hot.Function))
		})
		hot := most.hot
		hot.Line = mostOf(most.lines)
		hot.SelfShare, hot.TotalShare = share(hot.Self, all), share(hot.Total, all)
		reasons = append(reasons, Reason{Rule: ruleAt(about.rule).of(hot.Name), Share: share(sum.weight, all), Function: hot, Itself: share(sum.itself, all),
			Caller: p.mostCaller(most.callers, hot.Total), Samples: sum.count, weight: sum.weight, subject: about})
	}
	inOrder(reasons, under, all)
	return reasons
}

// ownAbove are the server's own functions in a stack from a frame on, each once.
func (p *Profile) ownAbove(sample Sample, at int) map[Function]bool {
	above := map[Function]bool{}
	for _, index := range sample.Stack[at:] {
		if frame := p.Frames[index]; frame.Kind == Own {
			above[frame.Of()] = true
		}
	}
	return above
}

// inOrder sorts reasons by their time. An own function comes behind what it led to that is
// more than it computes itself and not far less than its time: half of it, or a quarter where
// it is but the way into everything.
func inOrder(reasons []Reason, under map[Function]map[subject]time.Duration, all time.Duration) {
	rank := map[subject]time.Duration{}
	for _, reason := range reasons {
		rank[reason.subject] = reason.weight
		if reason.subject.rule != ownRule {
			continue
		}
		led := under[reason.Function.Function]
		total := time.Duration(0)
		for _, weight := range led {
			total += weight
		}
		for _, exact := range reasons {
			if exact.subject == reason.subject || 2*led[exact.subject] <= exact.weight || exact.Share <= reason.Itself {
				continue // not called from it for the most part, or not more
			}
			least := reason.weight / 2
			if share(total, all) >= nearlyAll {
				least = reason.weight / 4
			}
			if exact.weight >= least {
				rank[reason.subject] = min(rank[reason.subject], exact.weight-1)
			}
		}
	}
	slices.SortFunc(reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(rank[b.subject], rank[a.subject]), cmp.Compare(a.Rule.ID, b.Rule.ID), compareFunctions(a.Function.Function, b.Function.Function))
	})
}

func (p *Profile) mostCaller(weights map[int]time.Duration, of time.Duration) *Caller {
	var best *Caller
	for index, weight := range weights {
		one := Caller{Frame: p.Frames[index], Weight: weight, Share: share(weight, of)}
		if best == nil || cmp.Or(cmp.Compare(best.Weight, weight), compareFunctions(one.Of(), best.Of()), cmp.Compare(one.Line, best.Line)) < 0 {
			best = &one
		}
	}
	return best
}

// claimOf is who explains a sample: a rule; own code that computes; the kernel, if it is one
// to explain anything; else the innermost of own code, whoever it called.
func (p *Profile) claimOf(sample Sample, known known, kernel bool) claim {
	for depth, index := range slices.Backward(sample.Stack) {
		if rule := known.rules[index]; rule != noRule && Rules[rule].Anywhere {
			return claim{rule: rule, at: depth}
		}
	}
	for depth, index := range slices.Backward(sample.Stack) {
		if rule := known.rules[index]; rule != noRule {
			return claim{rule: rule, at: depth}
		}
	}
	own := slices.IndexFunc(sample.Stack, func(index int) bool { return p.Frames[index].Kind == Own })
	if own == 0 {
		return claim{rule: ownRule, itself: true}
	}
	if own == 1 {
		// What is built into a language, such as performance.now, computes for who calls it.
		if leaf := p.Frames[sample.Stack[0]]; leaf.Kind == Runtime && leaf.File == "" && leaf.Module == "" {
			return claim{rule: ownRule, at: own, itself: true}
		}
	}
	if kernel {
		if at := p.kernelOf(sample, known); at >= 0 {
			return claim{rule: kernelRule, at: at}
		}
	}
	if own > 0 {
		return claim{rule: ownRule, at: own}
	}
	return claim{rule: noRule, at: -1}
}
