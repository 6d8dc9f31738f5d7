package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

//go:embed report.gohtml
var pageText string

//go:embed report.css
var pageStyle string

// page is what the HTML report shows.
type page struct {
	Title, Workload, Host, When string
	Warnings                    []string
	Style                       template.CSS
	Board                       leaderboardView
	Curves                      *chart
	Contenders                  []section
	Generator                   []pageFigure
	GeneratorWords              string
	OverTime                    bool // there are charts over time
	Script                      template.JS
	ScriptPolicy                string // under which it may run; "": there is none
}

// leaderboardView is the leaderboard as it is drawn.
type leaderboardView struct {
	Metric  string
	Columns []string
	Width   int    // of all columns
	Scale   string // of the bars
	Ranked  []leaderboardLine
	Below   []leaderboardLine
	Rules   []string
}

type leaderboardLine struct {
	Anchor              string
	Tier                int
	Medal, Rank, Name   string
	Letters, Tied       string // of ties
	About, Note         string
	Bar                 string // its length, percent
	Low, Reach          string // where its interval begins, and how long it is
	Cells               []string
	Starred, ByTheLimit bool
	OfStarter           bool // its CPU and memory
}

// pageFigure is one number with its name.
type pageFigure struct{ Name, Value, About string }

// section is a contender.
type section struct {
	Anchor, Name, About, Place, Verdict, Detail string
	Tier                                        int
	Figures                                     []pageFigure
	Findings                                    []finding
	Failures                                    []failure
	Loads                                       []load
	Profile                                     *profilePart
	LogTail                                     []string
	Capacity                                    string
	Steps                                       []string // of the search for it
	Rounds                                      *roundsTable
	More                                        []pageFigure
}

type finding struct {
	Number, When, Title, Advice string
	Evidence                    []string
}

type failure struct {
	Cause, Count, Share, First, Sample string
	Reasons                            []string
}

// roundsTable are a contender's figures by round.
type roundsTable struct {
	Columns []string
	Rows    [][]string
}

func newRoundsTable(one stream.ContenderResult) *roundsTable {
	from, t := wording.RoundTable(one), &roundsTable{}
	for _, column := range from.Columns {
		t.Columns = append(t.Columns, strings.TrimSpace(column.Title))
	}
	for _, row := range from.Rows {
		cells := make([]string, len(t.Columns))
		for i, cell := range row {
			cells[i] = strings.TrimSpace(cell)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// load is one measured load with its charts.
type load struct {
	Title   string
	round   int
	Open    bool
	Charts  []chart
	Seconds [][]string // for those who read rather than look
}

// WriteHTML writes all that the document holds as one page that needs nothing else:
// no font, no picture, no script from elsewhere; one of its own only where there is a flame
// graph to zoom.
func WriteHTML(w io.Writer, document report.Document) error {
	text, err := template.New("report").Parse(pageText)
	if err != nil {
		return fmt.Errorf("read the page's own template: %w", err)
	}
	if err := text.Execute(w, newPage(document)); err != nil {
		return fmt.Errorf("write the HTML report: %w", err)
	}
	return nil
}

func newPage(document report.Document) page {
	result := document.Result
	p := page{
		Title:    "benchtui: " + foreign.Text(result.Workload.Name),
		Workload: foreign.Text(result.Workload.Words),
		Host:     result.Host.Words(),
		When:     result.Started.Format("2 January 2006, 15:04 MST"),
		Style:    template.CSS(pageStyle),
		Warnings: pageWarnings(document),
		Board:    newLeaderboard(result),
		OverTime: len(document.Timelines) > 0,
	}
	if curves, ok := allPercentiles(document); ok {
		p.Curves = &curves
	}
	for i, one := range result.Contenders {
		p.Contenders = append(p.Contenders, newSection(document, one, anchor(i)))
	}
	p.scripted()
	generator := result.Generator
	if generator.CPUUSPerRequest > 0 {
		p.Generator = []pageFigure{
			{"CPU/req", figure.Microseconds(generator.CPUUSPerRequest), ""},
			{"CPU at most", figure.OfCore(generator.CPUPercentMax), "of one core"},
			{"late at p50", figure.MS(generator.LatenessMS.P50), ""},
			{"late at p99", figure.MS(generator.LatenessMS.P99), ""},
			{"late at worst", figure.MS(generator.LatenessMS.Max), ""},
		}
		if late := generator.ReadLatenessMS; late != nil {
			p.Generator = append(p.Generator,
				pageFigure{"reads late at p50", figure.MS(late.P50), "in no latency here"},
				pageFigure{"reads late at p99", figure.MS(late.P99), ""},
				pageFigure{"reads late at worst", figure.MS(late.Max), ""})
		}
	}
	p.GeneratorWords = "The generator was the limit of none of these runs."
	if generator.Saturated {
		p.GeneratorWords = "The generator was the limit of a run. Such a contender is marked with ! and could do more than its figures say."
	}
	return p
}

func anchor(i int) string { return "c" + strconv.Itoa(i+1) }

func pageWarnings(document report.Document) (warnings []string) {
	if document.CutOff {
		warnings = append(warnings, "The recording is cut off: this is what it tells until then.")
	} else if document.Result.Interrupted {
		warnings = append(warnings, "The run was interrupted: these are the figures until then.")
	}
	return warnings
}

func newLeaderboard(result stream.Result) leaderboardView {
	metric := result.RankedBy()
	figures := wording.WideColumns(result)
	b := leaderboardView{Metric: result.RankTitle() + wording.Medians(result)}
	for _, fig := range figures {
		b.Columns = append(b.Columns, fig.Title)
	}
	const before = 4 // the columns of tier, rank, name and bar
	b.Width = before + len(figures)
	bars := newBars(result, metric)
	b.Scale = bars.words()
	for i, one := range result.Contenders {
		line := leaderboardLine{
			Anchor: anchor(i), Tier: one.Tier, Medal: figure.Medal(one.Tier), Rank: one.Place(), Letters: wording.Letters(one), Tied: strings.Join(one.TiedWith, ", "), Name: foreign.Text(one.Name),
			About: wording.About(one), Bar: bars.length(one),
			Starred: one.Starred, ByTheLimit: one.Verdict == diagnosis.VerdictGenerator, OfStarter: one.StartersFigures(),
		}
		for _, fig := range figures {
			line.Cells = append(line.Cells, fig.Words(one))
		}
		if interval, ok := bars.interval(one); ok {
			line.Low, line.Reach = interval[0], interval[1]
		}
		if one.Rank > 0 {
			b.Ranked = append(b.Ranked, line)
			continue
		}
		line.Note = wording.FirstLine(one.RankNote)
		b.Below = append(b.Below, line)
	}
	b.Rules = wording.LeaderboardRules(result)
	return b
}

func newSection(document report.Document, one stream.ContenderResult, at string) section {
	s := section{Anchor: at, Name: foreign.Text(one.Name), About: wording.About(one), Tier: one.Tier, Place: placeWords(one), Verdict: foreign.Text(one.VerdictWords())}
	if one.Status != stream.StatusOK {
		s.Detail = foreign.Text(wording.Ending(one))
	}
	if one.Capacity != nil {
		s.Capacity = foreign.Text(one.Capacity.Words())
		for _, step := range one.Capacity.Steps {
			s.Steps = append(s.Steps, foreign.Text(step.Words()))
		}
	}
	if len(one.Intervals) > 0 {
		s.Rounds = newRoundsTable(one)
	}
	s.Figures, s.More = sectionFigures(one)
	for i, found := range one.Findings {
		f := finding{Number: strconv.Itoa(i + 1), When: whenWords(found), Title: foreign.Text(found.Title), Advice: foreign.Text(found.Advice)}
		for _, evidence := range found.Evidence {
			f.Evidence = append(f.Evidence, foreign.Text(evidence))
		}
		s.Findings = append(s.Findings, f)
	}
	for _, failed := range one.Failures {
		share := float64(failed.Count) / float64(max(1, one.Requests.Total))
		s.Failures = append(s.Failures, failure{
			Cause: foreign.Text(failed.Cause), Count: figure.Count(failed.Count), Share: figure.Percent(share), First: whenFirst(failed.FirstAtS),
			Sample: foreign.Sample(failed.Sample), Reasons: wording.Reasons(failed),
		})
	}
	for _, timeline := range document.Timelines {
		if timeline.ID == one.ID {
			ofRound := one
			for _, round := range one.Rounds {
				if len(one.Rounds) > 1 && round.Round == timeline.Round {
					ofRound = wording.OfRound(one, round)
				}
			}
			s.Loads = append(s.Loads, newLoad(timeline, ofRound, document.Result))
		}
	}
	if len(s.Loads) == 0 && one.Requests.Total > 0 {
		s.Loads = []load{newLoad(&report.Timeline{ID: one.ID}, one, document.Result)}
	}
	if n := len(s.Loads); n > 1 {
		for i := range s.Loads {
			s.Loads[i].Title = fmt.Sprintf("round %d of %d", s.Loads[i].round, n)
		}
	}
	if len(s.Loads) > 0 {
		s.Loads[0].Open = true
	}
	s.Profile = newProfilePart(one, document.Profile(one.ID))
	for _, line := range one.LogTail {
		s.LogTail = append(s.LogTail, foreign.Text(line))
	}
	return s
}

func whenFirst(seconds float64) string { return figure.At(seconds) }

func placeWords(one stream.ContenderResult) string {
	switch {
	case one.Rank == 0 && one.Requests.Total == 0:
		return "not measured"
	case one.Rank == 0:
		return "below the line: " + wording.FirstLine(one.RankNote)
	case len(one.TiedWith) > 0:
		return fmt.Sprintf("rank %d, tied with %s", one.Rank, foreign.Text(strings.Join(one.TiedWith, ", ")))
	case one.Starred:
		return fmt.Sprintf("rank %d, in spite of its failures", one.Rank)
	}
	return fmt.Sprintf("rank %d", one.Rank)
}

func whenWords(found stream.FindingResult) string {
	when := "from " + figure.At(found.AtS)
	if found.EndedAtS > 0 {
		when = figure.At(found.AtS) + " to " + figure.At(found.EndedAtS)
	}
	return when + stream.InRounds(found.Rounds)
}

// sectionFigures are the figures that head a contender, and those behind them.
func sectionFigures(one stream.ContenderResult) (first, more []pageFigure) {
	if one.Requests.Total == 0 {
		return nil, nil
	}
	ofOK := func(name string) string { return figure.Known(wording.Shown(one, name), figure.MS) }
	process := one.Process
	if process == nil {
		process = &stream.ProcessResult{}
	}
	named := func(name, about string) pageFigure {
		column := wording.ColumnOf(name, process.MemoryWord())
		return pageFigure{column.Title, column.Words(one), about}
	}
	first = []pageFigure{
		{"mean", ofOK("mean"), "response time"},
		{"p50", ofOK("p50"), ""},
		{"p99", ofOK("p99"), ""},
		named("rps", figure.Plural(one.Requests.OK, "reply", "replies")),
		named("failures", figure.Count(one.Requests.KO)+" of "+figure.Count(one.Requests.Total)),
		named("cpu-per-request", "of the server"+wording.OfReached(one.Requests)),
		named("rss", "at its peak"+process.BesidePSS()+"; idle "+figure.Known(one.Figure("rss-idle"), figure.MB)),
		named("startup", "to the first reply"),
	}
	add := func(name string, value string) {
		if value != figure.Missing {
			more = append(more, pageFigure{Name: name, Value: value})
		}
	}
	for _, name := range []string{"min", "p75", "p90", "p95", "p999", "max", "stddev"} {
		of, _ := figure.Named(name)
		add(of.Head, ofOK(name))
	}
	for _, of := range []struct {
		name string
		d    *stream.Distribution
	}{{"service time", one.LatencyMS.Service}, {"connect", one.LatencyMS.Connect}, {"first reply of a connection", one.LatencyMS.FirstReply},
		{"replies lay unread by the generator", one.LatencyMS.ReadLateness}, {"response time as other tools measure it, to the reading", one.LatencyMS.OKToReading}} {
		if of.d != nil {
			add(of.name, fmt.Sprintf("p50 %s, p99 %s", figure.MS(of.d.P50), figure.MS(of.d.P99)))
		}
	}
	add("req/s/core", figure.Known(process.RPSPerCore, figure.PerSecond))
	add("CPU", meanAndMost(process.CPUPercentMean, process.CPUPercentMax, figure.OfCore))
	add("hottest thread, at most", figure.Known(process.HottestThreadPercentMax, figure.OfCore))
	add("threads, at most", figure.Known(process.ThreadsMax, figure.Whole))
	if process.AcceptQueueMax != nil {
		add("accept queue, at most", figure.Whole(*process.AcceptQueueMax)+wording.OfLimit(process.AcceptQueueLimit))
	}
	if process.EventLoop != nil {
		add("event loop used, at most", figure.Utilization(process.EventLoop.UtilizationMax))
	}
	for _, told := range process.RuntimeFigures() {
		add(told.Name, told.Value)
	}
	for _, counted := range []struct {
		name string
		n    uint64
	}{{"retried", one.Requests.Retried}, {"reconnects", one.Requests.Reconnects}, {"connections without a reply", one.Requests.Unanswered},
		{"replies without a time of arrival, which end at their reading", one.Requests.EndedAtReading}} {
		if counted.n > 0 {
			add(counted.name, figure.Count(counted.n))
		}
	}
	if told := wording.ByStatus(one); told != "" {
		add("replies by status", told)
	}
	if told := wording.Later(one); told != "" {
		add("after the load", told)
	}
	return first, more
}

func meanAndMost(mean, most *float64, write func(float64) string) string {
	if mean == nil || most == nil {
		return figure.Missing
	}
	return "mean " + write(*mean) + ", at most " + write(*most)
}

func newLoad(timeline *report.Timeline, one stream.ContenderResult, result stream.Result) load {
	l := load{round: timeline.Round, Charts: newLoadCharts(timeline, one, result).all()}
	for _, bin := range coarse(withoutStub(timeline.Bins), 60) {
		over := bin.To - bin.From
		if over <= 0 {
			continue
		}
		row := []string{figure.At(bin.From) + "–" + figure.At(bin.To), figure.PerSecond(float64(bin.Replies-bin.Failed) / over), figure.PerSecond(float64(bin.Failed) / over)}
		for _, q := range []float64{0.5, 0.9, 0.99, 1} {
			cell := figure.Missing
			if bin.OK.Count() > 0 {
				cell = figure.MS(quantileOf(bin.OK, q))
			}
			row = append(row, cell)
		}
		if bin.Warmup {
			row[0] += " (warm-up)"
		}
		l.Seconds = append(l.Seconds, row)
	}
	return l
}
