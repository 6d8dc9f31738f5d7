package compare

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func changeOf(t *testing.T, c Comparison, fig string) FigureChange {
	t.Helper()
	for _, change := range c.Contenders[0].Changes {
		if change.Figure == fig {
			return change
		}
	}
	t.Fatalf("%s was not compared: %+v", fig, c.Contenders[0].Changes)
	return FigureChange{}
}

func TestWordsOfChangesInRounds(t *testing.T) {
	steady := recorded.Scaled("x", 0.98, 1, 1.02, 1.01, 0.99)
	for name, c := range map[string]struct {
		new                report.Document
		latency, rps, cost Word
	}{
		"a third more":        {recorded.Scaled("x", 1.31, 1.33, 1.35, 1.34, 1.32), Slower, Slower, Dearer},
		"a third less":        {recorded.Scaled("x", 0.66, 0.67, 0.68, 0.67, 0.66), Faster, Faster, Cheaper},
		"the same again":      {recorded.Scaled("x", 0.99, 1, 1.01, 1.02, 0.98), Same, Same, Same},
		"all over the place":  {recorded.Scaled("x", 0.7, 1.4, 1, 1.2, 0.9), Noise, Noise, Noise},
		"sure and below 1 %":  {recorded.Scaled("x", 1.005, 1.0049, 1.0051, 1.005, 1.005), Same, Same, Same},
		"a single round else": {recorded.Scaled("x", 1.4), Slower, Slower, Dearer},
	} {
		compared := Compare(steady, c.new)
		if got := changeOf(t, compared, "p99"); got.Word != c.latency || got.RestsOn != leaderboard.BasisRounds || *got.Low > *got.Change || *got.High < *got.Change {
			t.Errorf("%s: p99 %+v, want %s", name, got, c.latency)
		}
		if got := changeOf(t, compared, "rps"); got.Word != c.rps {
			t.Errorf("%s: rps %s, want %s", name, got.Word, c.rps)
		}
		if got := changeOf(t, compared, "cpu-per-request"); got.Word != c.cost {
			t.Errorf("%s: CPU %s, want %s", name, got.Word, c.cost)
		}
	}
}

func TestSingleRunsTellLargeChangesOnly(t *testing.T) {
	for factor, want := range map[float64]Word{1.2: Noise, 1.46: Slower, 1.6: Slower, 0.6: Faster, 1: Noise} {
		c := Compare(recorded.Scaled("x", 1), recorded.Scaled("x", factor))
		if got := changeOf(t, c, "p50"); got.Word != want || got.RestsOn != leaderboard.BasisAssumption {
			t.Errorf("× %v: %+v, want %s", factor, got, want)
		}
	}
	for factor, want := range map[float64]Word{1.46: Noise, 3: Slower} { // × 1.46 is told beside nobody
		busy := recorded.Scaled("x", factor)
		busy.Result.Contenders[0].Findings = []stream.FindingResult{{ID: diagnosis.HostBusy, Title: "a neighbour"}}
		c := Compare(recorded.Scaled("x", 1), busy)
		if got := changeOf(t, c, "p50"); got.Word != want || len(c.Contenders[0].Warnings) != 1 {
			t.Errorf("× %v beside a neighbour: %+v, %q", factor, got, c.Contenders[0].Warnings)
		}
	}
}

func TestFailuresChangeByPoints(t *testing.T) {
	old, new := recorded.Scaled("x", 1), recorded.Scaled("x", 1)
	failing := &new.Result.Contenders[0].Requests
	failing.OK, failing.KO, failing.FailureRate = 31_000, 1_000, 1_000.0/32_000
	got := changeOf(t, Compare(old, new), "failures")
	if got.Word != More || math.Abs(*got.Change-0.03125) > 1e-9 || changeWords(got) != "+3.1 points" {
		t.Errorf("%+v %s", got, changeWords(got))
	}
	if back := changeOf(t, Compare(new, old), "failures"); back.Word != Fewer {
		t.Errorf("%+v", back)
	}
	if none := changeOf(t, Compare(old, old), "failures"); none.Word != Same {
		t.Errorf("%+v", none)
	}
}

// sureOf gives every round of a document a course that knows its figures to a part.
func sureOf(document report.Document, part float64) report.Document {
	rounds := document.Result.Contenders[0].Rounds
	for i := range rounds {
		rounds[i].Within = map[string]leaderboard.Batches{}
		for _, fig := range comparedFigures() {
			rounds[i].Within[fig.Name] = leaderboard.Batches{Error: part, Batches: 40, Effective: 30}
		}
	}
	return document
}

func TestSingleRunsRestOnTheirCourse(t *testing.T) {
	for _, c := range []struct {
		factor, part float64
		word         Word
		settled      bool // by a number of rounds
	}{
		{1, 0.01, Noise, true}, {1.08, 0.01, Noise, true}, {1.4, 0.01, Slower, false}, {0.6, 0.01, Faster, false},
		{0.6, 0.05, Faster, false}, {1.25, 0.3, Noise, true}, {1, 0.5, Noise, false},
	} {
		got := changeOf(t, Compare(sureOf(recorded.Scaled("x", 1), c.part), sureOf(recorded.Scaled("x", c.factor), c.part)), "p50")
		if got.Word != c.word || got.RestsOn != leaderboard.BasisTime || (got.RoundsToTell > 0) != c.settled {
			t.Errorf("× %v, known to %v: %+v", c.factor, c.part, got)
		}
		if excludes := *got.Low > 0 || *got.High < 0; excludes == (got.Word == Noise) || (got.Sure > leaderboard.ChangeConfidence) != excludes {
			t.Errorf("× %v, known to %v: %s beside %v to %v, %v sure", c.factor, c.part, got.Word, *got.Low, *got.High, got.Sure)
		}
	}
	text := recorded.Render(t, func(w *bytes.Buffer) error {
		return WriteText(w, Compare(sureOf(recorded.Scaled("x", 1), 0.01), sureOf(recorded.Scaled("x", 1.08), 0.01)))
	})
	if !strings.Contains(text, "rounds a side would settle it") || !strings.Contains(text, "batch means; by their autocorrelation 40 of them are worth 30") {
		t.Error(text)
	}
}

// dead is the document with no reply at all.
func dead(document report.Document) report.Document {
	for i := range document.Result.Contenders {
		one := &document.Result.Contenders[i]
		one.Requests, one.RPS, one.LatencyMS = stream.RequestCounts{}, stream.RPS{}, stream.Latencies{}
	}
	return document
}

// What vanished is worse than any limit, what came is better, for every figure.
func TestAFigureThatVanishedIsBeyondAnyLimit(t *testing.T) {
	whole := func() report.Document {
		document := recorded.Scaled("x", 1)
		one := &document.Result.Contenders[0]
		one.Capacity = &stream.CapacityResult{Rate: 900}
		value := 12.0
		one.Process.CPUPercentMean, one.Process.RPSPerCore, one.Process.RPSPerMB, one.Process.RSSMBIdle, one.Process.RSSMBMax, one.Process.CPUUSPerRequest = &value, &value, &value, &value, &value, &value
		return document
	}
	dead := whole()
	one := &dead.Result.Contenders[0]
	one.Requests, one.RPS = stream.RequestCounts{Total: 40, KO: 40, FailureRate: 1}, stream.RPS{Total: 20}
	one.LatencyMS, one.Process, one.Capacity, one.StartupMS = stream.Latencies{}, nil, nil, nil
	one.Rounds = nil
	for _, fig := range comparedFigures() {
		worse, better := ">", "<"
		if fig.HigherIsBetter {
			worse, better = "<", ">"
		}
		sign := map[string]string{">": "+", "<": "-"}
		for _, size := range []string{"0.01%", "99%", "900000%"} {
			for _, limit := range []struct {
				text     string
				old, new report.Document
				fires    bool
			}{
				{fig.Name + worse + sign[worse] + size, whole(), dead, true}, {fig.Name + better + sign[better] + size, whole(), dead, false},
				{fig.Name + worse + sign[worse] + size, dead, whole(), false}, {fig.Name + better + sign[better] + size, dead, whole(), true},
			} {
				if fig.Name == "failures" && size != "0.01%" { // it is there in both, and rose by a hundred points
					continue
				}
				parsed, err := ParseChangeLimit(limit.text)
				if err != nil {
					t.Fatal(err)
				}
				if told := parsed.Fires(Compare(limit.old, limit.new)); (len(told) > 0) != limit.fires {
					t.Errorf("%s: fires %q, want %v", limit.text, told, limit.fires)
				}
			}
		}
	}
	c := Compare(whole(), dead)
	if rps := changeOf(t, c, "rps"); rps.Word != Slower || *rps.New != 0 {
		t.Errorf("%+v", rps)
	}
	if p99 := changeOf(t, c, "p99"); p99.Word != Slower || p99.New != nil || p99.Note != "not measured any more: no reply was OK" {
		t.Errorf("%+v", p99)
	}
	if dead := c.Dead(); len(dead) != 1 {
		t.Errorf("dead: %q", dead)
	}
}

// A server that answers one request of hundreds, and that soon, has not become faster.
func TestTheFewRepliesOfADyingServerMakeItNoFaster(t *testing.T) {
	failing := func(factor, share float64) report.Document {
		document := recorded.Scaled("x", factor)
		one := &document.Result.Contenders[0]
		one.Requests.KO = uint64(share * float64(one.Requests.Total))
		one.Requests.OK, one.Requests.FailureRate = one.Requests.Total-one.Requests.KO, share
		return document
	}
	for name, c := range map[string]struct {
		old, new report.Document
		word     Word
		fires    bool
	}{
		"it dies":              {failing(1, 0), failing(0.1, 0.99), Slower, true},
		"it comes to life":     {failing(0.1, 0.99), failing(1, 0), Faster, false},
		"both fail mostly":     {failing(1, 0.75), failing(0.1, 0.75), Faster, false},
		"some fail, and later": {failing(1, 0), failing(0.1, 0.2), Faster, false},
	} {
		compared := Compare(c.old, c.new)
		for _, figure := range []string{"mean", "p50", "p99"} {
			if got := changeOf(t, compared, figure); got.Word != c.word {
				t.Errorf("%s: %s %+v, want %s", name, figure, got, c.word)
			}
		}
		if got := changeOf(t, compared, "failures"); *got.Low < -1 || *got.High > 1 {
			t.Errorf("%s: shares differ by %v to %v", name, *got.Low, *got.High)
		}
		limit, err := ParseChangeLimit("p99>+10%")
		if err != nil {
			t.Fatal(err)
		}
		told := limit.Fires(compared)
		if (len(told) > 0) != c.fires {
			t.Errorf("%s: the limit p99>+10%% tells %q", name, told)
		}
		if c.fires && !strings.Contains(told[0], "of few: 99 % of the requests failed") {
			t.Errorf("it does not say why: %s", told[0])
		}
	}
}

func TestComparisonSaysWhatCannotBeCompared(t *testing.T) {
	old, new := recorded.ArticleDocument(t), recorded.ArticleDocument(t)
	new.Result.Host.Cores = 8
	new.Result.Workload.Words = "400 users in 5 s × 4 requests"
	new.Result.Interrupted = true
	new.Result.Contenders[0].Status, new.Result.Contenders[0].StatusDetail = stream.StatusCrashed, "it ended with exit status 2"
	new.Result.Contenders[0].Version = "Go 1.27.0"
	new.Result.Contenders[1].Findings = append(new.Result.Contenders[1].Findings, stream.FindingResult{ID: diagnosis.SlowStart, Title: "it was not warm when the measuring began"})
	new.Result.Contenders[2].ID, new.Result.Contenders[2].Name = "bun", "Bun"
	c := Compare(old, new)
	if len(c.Warnings) != 3 || len(c.OnlyOld) != 1 || c.OnlyOld[0] != "dotnet8-aot" || len(c.OnlyNew) != 1 || c.OnlyNew[0] != "bun" {
		t.Errorf("%q, %q, %q", c.Warnings, c.OnlyOld, c.OnlyNew)
	}
	if ids := c.Unmeasured(); len(ids) != 1 || ids[0] != "golang" {
		t.Errorf("not measured any more: %q", ids)
	}
	recorded.Golden(t, "testdata/compare.txt", recorded.Render(t, func(w *bytes.Buffer) error { return WriteText(w, c) }))
	recorded.Golden(t, "testdata/compare.md", recorded.Render(t, func(w *bytes.Buffer) error { return WriteMarkdown(w, c) }))
}

func TestComparisonsHoldAgainstTheirSchema(t *testing.T) {
	compiled := recorded.Schema(t, "schema/comparison-v1.schema.json", true)
	empty := report.Document{Result: stream.Result{Schema: stream.ResultSchema}}
	for name, c := range map[string]Comparison{
		"a recording with itself": Compare(recorded.ArticleDocument(t), recorded.ArticleDocument(t)),
		"rounds":                  Compare(recorded.Scaled("x", 1, 1.1, 1.2), recorded.Scaled("x", 2, 2.1, 2.2)),
		"courses":                 Compare(sureOf(recorded.Scaled("x", 1), 0.02), sureOf(recorded.Scaled("x", 2), 0.02)),
		"dead":                    Compare(recorded.ArticleDocument(t), dead(recorded.ArticleDocument(t))),
		"nothing":                 Compare(empty, empty),
		"nothing in both":         Compare(recorded.ArticleDocument(t), recorded.Scaled("x", 1)),
	} {
		text := recorded.Render(t, func(w *bytes.Buffer) error { return WriteJSON(w, c) })
		if err := recorded.Validate(t, compiled, []byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHostileTextStaysTextInComparisons(t *testing.T) {
	document := recorded.HostileDocument(t)
	text := recorded.Render(t, func(w *bytes.Buffer) error { return WriteText(w, Compare(document, recorded.ArticleDocument(t))) })
	if strings.ContainsAny(text, "\x1b\x00\r") {
		t.Error("the text moves the cursor")
	}
	markdown := recorded.Render(t, func(w *bytes.Buffer) error {
		return WriteMarkdown(w, Compare(recorded.ArticleDocument(t), document))
	})
	if strings.Contains(markdown, "<script") {
		t.Error("the Markdown has a script")
	}
	for _, line := range strings.Split(markdown, "\n") {
		if bars := strings.Count(line, "|") - strings.Count(line, `\|`); strings.HasPrefix(line, "|") && bars != 8 {
			t.Errorf("a row of %d bars: %s", bars, line)
		}
	}
}

func TestChangeLimits(t *testing.T) {
	old := recorded.Scaled("x", 0.98, 1, 1.02, 1.01, 0.99)
	worse, restless := recorded.Scaled("x", 1.19, 1.2, 1.21, 1.2, 1.2), recorded.Scaled("x", 0.7, 1.9, 1.25, 1.6, 0.8)
	failing := recorded.Scaled("x", 0.98, 1, 1.02, 1.01, 0.99)
	for i := range failing.Result.Contenders[0].Rounds {
		failing.Result.Contenders[0].Rounds[i].Requests.FailureRate = 0.002
	}
	failing.Result.Contenders[0].Requests.FailureRate = 0.002
	for _, c := range []struct {
		limit string
		new   report.Document
		fires bool
	}{
		{"p99>+10%", worse, true}, {"p99 > +10 %", worse, true}, {"p99>+25%", worse, false}, {"p99<-10%", worse, false},
		{"rps<-10%", worse, true}, {"rps<-500", worse, true}, {"rps<-2000", worse, false}, {"mean>+50us", worse, true}, {"mean>+1ms", worse, false},
		{"p99>+10%", restless, false}, {"p99>+0%", old, false}, {"p99>=+0%", old, false},
		{"failures>+0.1%", failing, true}, {"failures>+0.3%", failing, false}, {"cpu-per-request>+5%", worse, true},
	} {
		limit, err := ParseChangeLimit(c.limit)
		if err != nil {
			t.Errorf("%s: %v", c.limit, err)
			continue
		}
		if told := limit.Fires(Compare(old, c.new)); (len(told) > 0) != c.fires {
			t.Errorf("%s: fires %q, want %v", c.limit, told, c.fires)
		}
	}
	for text, want := range map[string]string{
		"p99": "no condition", "p98>+1%": `no metric "p98"`, "p99>10%": "has a sign; write p99>+10%", "p99>50ms": "has a sign",
		"p99>-10%": "holds where nothing changed", "rps<+5%": "holds where nothing changed", "failures>+1": "percentage points",
		"p99>+x%": `"+x%" is no share`, "p99>+5": `"+5" is no time; write it like 50ms, or in percent like +10%`, "rps<-x": `"-x" is no number, or`,
		"rps>+inf": "is no number", "p99>+nan%": "is no share", ">+1%": `no metric ""`, "p99>": "has a sign", "": "no condition",
	} {
		if _, err := ParseChangeLimit(text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzParseChangeLimit(f *testing.F) {
	for _, seed := range []string{"p99>+10%", "rps<-5%", "mean>=+2ms", "failures>+0.1%", "p99>10%", "<>", "rss<=-1e308", "p50>+\x00%"} {
		f.Add(seed)
	}
	comparison := Compare(recorded.Scaled("x", 1, 1.1, 1.2), recorded.Scaled("x", 2, 2.1, 2.2))
	f.Fuzz(func(t *testing.T, text string) {
		limit, err := ParseChangeLimit(text)
		if err != nil {
			return
		}
		if math.IsNaN(limit.limit) || math.IsInf(limit.limit, 0) || limit.above && limit.limit < 0 || !limit.above && limit.limit > 0 {
			t.Fatalf("%q: a limit of %v", text, limit.limit)
		}
		limit.Fires(comparison)
		if told := limit.Fires(Compare(recorded.Scaled("x", 1, 1.1, 1.2), recorded.Scaled("x", 1, 1.1, 1.2))); len(told) > 0 {
			t.Fatalf("%q fires where nothing changed: %q", text, told)
		}
	})
}

func TestTheTextSaysWhatIntervalsRestOn(t *testing.T) {
	for want, sides := range map[string][2]report.Document{
		"rest on the rounds (3 and 3)":       {recorded.Scaled("x", 1, 1.1, 1.2), recorded.Scaled("x", 2, 2.1, 2.2)},
		"rest on one run a side":             {recorded.Scaled("x", 1), recorded.Scaled("x", 2)},
		"rest on fewer than 3 rounds a side": {recorded.Scaled("x", 1, 1.1), recorded.Scaled("x", 2, 2.1)},
	} {
		text := recorded.Render(t, func(w *bytes.Buffer) error { return WriteText(w, Compare(sides[0], sides[1])) })
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Latencies by different clocks differ by what neither server did.
func TestRunsWhoseLatenciesEndElsewhereAreToldApart(t *testing.T) {
	old, new := recorded.Scaled("x", 1), recorded.Scaled("x", 1)
	new.Result.Contenders[0].LatencyEnds = stream.EndsAtArrival
	warnings := Compare(old, new).Contenders[0].Warnings
	if len(warnings) != 1 || !strings.Contains(warnings[0], "at the reading of replies in the old run, at their arrival in the new") {
		t.Errorf("%q", warnings)
	}
	old.Result.Contenders[0].LatencyEnds = stream.EndsAtArrival
	if warnings := Compare(old, new).Contenders[0].Warnings; len(warnings) != 0 {
		t.Errorf("by the same clock: %q", warnings)
	}
	mute := &new.Result.Contenders[0]
	mute.LatencyEnds, mute.LatencyMS = "", stream.Latencies{} // as of a server that answered nothing
	if warnings := Compare(old, new).Contenders[0].Warnings; len(warnings) != 0 {
		t.Errorf("of a run without a reply: %q", warnings)
	}
}
