package plain

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// Options is how the plain text is written.
type Options struct {
	Quiet bool          // no lines while it runs, only the leaderboard
	From  time.Duration // of a replay: what was before is left out, but for the plan
}

// Plain writes a run as lines: what happens as it happens, a line a second under
// load, and the leaderboard.
type Plain struct {
	w       io.Writer
	options Options
	err     error // the first of writing; after it nothing is written

	contenders int
	width      int             // of the longest contender id
	toBuild    map[string]bool // ids of those that were not built before
	warm       bool
	interval   intervalLine
	titled     bool            // the columns of this load have their titles
	loop       bool            // the contender's event loop has told of itself
	told       map[string]bool // findings of the contender under way: told and not ended
	muted      bool            // before From
}

// New writes to w.
func New(w io.Writer, options Options) *Plain {
	return &Plain{w: w, options: options}
}

// Emit takes the next event. It returns the first error of writing.
func (p *Plain) Emit(event stream.Event) error {
	if done, ok := event.Body.(stream.RunDone); ok {
		p.runDone(done)
		return p.err
	}
	if p.options.Quiet {
		return p.err
	}
	p.mute(event)
	switch body := event.Body.(type) {
	case stream.RunStarted:
		p.runStarted(body)
	case stream.PhaseChanged:
		p.phase(event.Contender, body)
	case stream.BuildDone:
		p.built(event.Contender, body)
	case stream.ContenderStarted:
		p.contenderStarted(body)
	case stream.Ready:
		p.say(event.Contender, "ready after "+figure.Length(body.After))
	case stream.LoadSample:
		p.load(body)
	case stream.ProcessSample:
		if body.Phase == stream.PhaseLoad {
			p.interval.process(body.Sample)
		}
	case stream.EventLoopSample:
		p.loop = true
		if body.Phase == stream.PhaseLoad {
			p.interval.loop.take(body)
		}
	case stream.SearchStep:
		p.searchStep(event.Contender, body)
	case stream.FindingChanged:
		p.finding(body)
	case stream.Notice:
		p.line("! " + foreign.Text(body.Text))
	case stream.RateFixed:
		p.rateFixed(body)
	case stream.RoundStarted:
		p.roundStarted(body)
	case stream.RoundDone:
		p.roundDone(event.Contender, body)
	case stream.ContenderDone:
		p.contenderDone(body.Result)
	}
	return p.err
}

// mute leaves out what was before From, and titles the columns again after it.
func (p *Plain) mute(event stream.Event) {
	_, plan := event.Body.(stream.RunStarted)
	before := p.muted
	p.muted = event.At < p.options.From && !plan
	if !before || p.muted {
		return
	}
	p.titled = false
	p.line(fmt.Sprintf("… from %s on", figure.Length(p.options.From)))
}

func (p *Plain) line(text string) {
	if p.err == nil && !p.muted {
		_, p.err = io.WriteString(p.w, text+"\n")
	}
}

// say writes a line about a contender.
func (p *Plain) say(id, text string) {
	p.line(wording.Align(id, p.width, true) + "  " + text)
}

func (p *Plain) runStarted(body stream.RunStarted) {
	workload := body.Plan.Workload
	p.line("benchtui  " + workload.Name + ": " + workload.Words + warmup(workload))
	p.line("host      " + body.Host.Words())
	if pinned := pinning(workload); pinned != "" {
		p.line("cpus      " + pinned)
	}
	if rounds := roundsWords(workload); rounds != "" {
		p.line("rounds    " + rounds)
	}
	p.contenders, p.toBuild = len(body.Plan.Contenders), map[string]bool{}
	for _, contender := range body.Plan.Contenders {
		p.width = max(p.width, wording.Cells.StringWidth(contender.ID))
		if contender.State == "can be built" {
			p.toBuild[contender.ID] = true
		}
	}
	expected := ""
	if body.Plan.Expected > 0 {
		expected = fmt.Sprintf("; measuring takes about %s", figure.Length(body.Plan.Expected))
	}
	p.line(fmt.Sprintf("measures  %s%s", wording.Contenders(p.contenders), expected))
	p.line("")
}

func warmup(workload stream.WorkloadFacts) string {
	if workload.WarmupS == 0 {
		return ", no warm-up"
	}
	return ", after a warm-up of " + figure.Length(figure.Seconds(workload.WarmupS))
}

// pinning says which CPUs each side was kept to; "" if neither was.
func pinning(workload stream.WorkloadFacts) string {
	var words []string
	if workload.ServerCPUs != "" {
		words = append(words, "server on "+workload.ServerCPUs)
	}
	if workload.LoadCPUs != "" {
		words = append(words, "load on "+workload.LoadCPUs)
	}
	return strings.Join(words, ", ")
}

func (p *Plain) phase(id string, body stream.PhaseChanged) {
	p.flush()
	p.interval, p.titled = intervalLine{}, false
	p.warm = body.Phase == stream.PhaseWarmup
	switch body.Phase {
	case stream.PhaseBuild:
		text := "build"
		if p.toBuild[id] && body.Detail != "" { // with what, and how much is to be downloaded
			text += ": " + wording.FirstLine(body.Detail)
		}
		p.say(id, text)
	case stream.PhaseStart:
		if body.Detail != "" {
			p.say(id, "start: "+wording.FirstLine(body.Detail))
		}
	case stream.PhaseWarmup:
		p.say(id, "warm-up"+expected(body.Expected))
	case stream.PhaseProbe:
		p.say(id, "probe"+expected(body.Expected)+": as many requests as it can answer")
	case stream.PhaseLoad:
		p.say(id, "load"+expected(body.Expected))
	}
}

func expected(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return " " + figure.Length(d)
}

func (p *Plain) built(id string, body stream.BuildDone) {
	if !body.OK {
		text := "not built: " + strings.TrimSpace(foreign.Text(body.Reason))
		if body.LogPath != "" {
			text += "\nlog: " + body.LogPath
		}
		p.say(id, wording.IndentRest(text, "  "+strings.Repeat(" ", p.width)))
		return
	}
	text := "built in " + figure.Length(body.Took)
	switch {
	case body.Cached:
		text += " (cached)"
	case body.Took < time.Millisecond:
		text = "needs no build"
	}
	for _, more := range []string{body.Version, body.Variant} {
		if more != "" {
			text += " · " + foreign.Text(more)
		}
	}
	p.say(id, text)
}

func (p *Plain) contenderStarted(body stream.ContenderStarted) {
	p.told, p.loop = map[string]bool{}, false
	words := []string{fmt.Sprintf("%d of %d", body.Number, body.Of)}
	if body.Probe {
		words[0] = "probe " + words[0]
	}
	if body.Rounds > 1 {
		words[0] += fmt.Sprintf(" in round %d of %d", body.Round, body.Rounds)
	}
	name := body.Facts.Name
	if strings.HasPrefix(body.Version, name) { // "Express 4.21.2" says it
		name = ""
	}
	for _, more := range []string{name, body.Version, body.Variant} {
		if more != "" {
			words = append(words, more)
		}
	}
	p.line("")
	p.say(body.Facts.ID, foreign.Text(strings.Join(words, " · ")))
}

func (p *Plain) load(body stream.LoadSample) {
	if !body.Counts() || p.warm {
		return
	}
	if p.interval.load(body) {
		p.flush()
	}
}

// flush prints the second under way, if it is long enough to make rates of.
func (p *Plain) flush() {
	const least = 100 * time.Millisecond
	if p.interval.measures.Empty() || p.interval.lasting() < least {
		return
	}
	if !p.titled {
		p.line(p.interval.titles(p.loop))
		p.titled = true
	}
	p.line(p.interval.line(p.loop))
	p.interval.next()
}

// finding prints one when it begins, when it ends and when it comes back; that its
// figures were sharpened shows at the end.
func (p *Plain) finding(body stream.FindingChanged) {
	finding := body.Finding
	if p.told == nil {
		p.told = map[string]bool{}
	}
	holds, known := p.told[finding.ID]
	switch {
	case body.Ended:
		p.line(fmt.Sprintf(" ⚑ %s  no longer: %s", figure.At(finding.EndedAt.Seconds()), foreign.Text(finding.Title)))
	case !known:
		for _, line := range wording.Finding(" ", resultOf(finding)) {
			p.line(line)
		}
	case !holds:
		p.line(" ⚑ again: " + foreign.Text(finding.Title))
	}
	p.told[finding.ID] = !body.Ended
}

func resultOf(finding diagnosis.Finding) stream.FindingResult {
	return stream.FindingResult{
		ID: finding.ID, AtS: finding.BeganAt.Seconds(), Title: finding.Title,
		Evidence: finding.Evidence, Advice: finding.Advice,
	}
}

func (p *Plain) contenderDone(result stream.ContenderResult) {
	p.flush()
	p.interval = intervalLine{}
	if result.Status != stream.StatusOK {
		p.say(result.ID, wording.IndentRest(wording.Ending(result), "  "+strings.Repeat(" ", p.width)))
	}
	if result.Capacity != nil {
		p.say(result.ID, foreign.Text(result.Capacity.Words()))
	}
	if result.Requests.Total > 0 && len(result.Intervals) == 0 { // of several rounds each told its own
		p.say(result.ID, "done: "+wording.Requests(result))
	}
}

func (p *Plain) runDone(body stream.RunDone) {
	p.flush()
	if !p.options.Quiet {
		p.line("")
	}
	if p.err == nil {
		p.err = report.WriteSummary(p.w, body.Result)
	}
}
