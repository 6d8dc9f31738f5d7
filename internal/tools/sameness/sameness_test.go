package sameness

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/net/html"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/compare"
	"github.com/benchtui/benchtui/internal/report/page"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/detail"
	"github.com/benchtui/benchtui/tui/screen/leaderboard"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

// awkward are values at which ways of writing them part; nil: not measured.
var awkward = func() (all []*float64) {
	for _, value := range []float64{0.9998, 12.3, 4.2, 0, 61_000, 1234.5, 0.0004, 9.96, 0.05, 99.7} {
		all = append(all, &value)
	}
	return append(all, nil)
}()

// resultOf is a result of one contender whose every figure is of that value.
func resultOf(value *float64, by string) stream.Result {
	one := stream.ContenderResult{
		ID: "golang", Name: "Go", Language: "Go", Version: "1.26", Outcome: stream.Outcome{Status: stream.StatusOK},
		Rank: 1, Tier: 1, RankedBy: by,
		Measured: stream.Measured{
			StartupMS: value, Requests: stream.RequestCounts{Total: 1000, OK: 500, KO: 500},
			Process: &stream.ProcessResult{
				CPUPercentMean: value, CPUPercentMax: value, CPUUSPerRequest: value, RPSPerCore: value, RPSPerMB: value,
				RSSMBIdle: value, RSSMBMax: value, MemoryIs: stream.MemoryIsRSS,
			},
		},
	}
	if value != nil {
		v := *value
		one.RPS = stream.RPS{Total: v, OK: v, OverS: 10}
		one.Requests.FailureRate = min(v, 1)
		d := &stream.Distribution{Min: v, Mean: v, StdDev: v, P50: v, P75: v, P90: v, P95: v, P99: v, P999: v, Max: v}
		one.LatencyMS = stream.Latencies{OK: d, Total: d}
	}
	return stream.Result{
		Schema: stream.ResultSchema, Started: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Workload:   stream.WorkloadFacts{Name: "steady", Model: "closed", Connections: 64, DurationS: 10, Rounds: 1, Words: "64 connections for 10 s"},
		Contenders: []stream.ContenderResult{one},
	}
}

// readings are figures by their heads, as one way of telling them has them.
type readings map[string]string

// ways are all in which a result is told.
var ways = []struct {
	name string
	tell func(*testing.T, stream.Result) readings
	has  []string // figures that it has at least
}{
	{"leaderboard screen", onLeaderboard, []string{"mean", "p50", "p99", "rps", "failures", "cpu-per-request", "rss", "startup"}},
	{"costs screen", onCosts, []string{"cpu-per-request", "rps-per-core", "rps-per-mb", "rss-idle", "rss", "startup", "mean", "rps", "failures"}},
	{"detail screen", onDetail, []string{"rps", "failures", "cpu-percent", "cpu-per-request", "rps-per-core", "rps-per-mb", "rss-idle", "rss", "startup", "min", "mean", "p50", "p75", "p90", "p95", "p99", "max"}},
	{"text", inText, []string{"mean", "p50", "p99", "max", "rps", "failures", "cpu-per-request", "rss"}},
	{"text by costs", byCosts(inText), []string{"cpu-per-request", "rps-per-core", "rps-per-mb", "rss-idle", "rss", "mean", "p99", "rps", "failures"}},
	{"Markdown", inMarkdown, []string{"mean", "p50", "p99", "max", "rps", "failures", "cpu-per-request", "rss", "startup"}},
	{"Markdown by costs", byCosts(inMarkdown), []string{"cpu-per-request", "rps-per-core", "rps-per-mb", "rss-idle", "rss", "mean", "p99", "rps", "failures", "startup"}},
	{"HTML", inHTML, []string{"mean", "p50", "p99", "max", "rps", "failures", "cpu-per-request", "rss", "startup"}},
	{"HTML by costs", byCosts(inHTML), []string{"cpu-per-request", "rps-per-core", "rps-per-mb", "rss-idle", "rss", "mean", "p99", "rps", "failures"}},
	{"HTML of one", inHTMLOfOne, []string{"mean", "p50", "p99", "rps", "failures", "cpu-per-request", "rps-per-core", "rss", "startup", "min", "p75", "p90", "p95", "p999", "max", "stddev"}},
	{"picture", inPicture, []string{"mean", "p50", "p99", "rps", "cpu-per-request", "rps-per-core", "rps-per-mb", "rss", "startup"}},
	{"compare", inComparison, []string{"mean", "p50", "p90", "p99", "p999", "rps", "failures", "cpu-per-request", "rss", "startup"}},
}

func TestAFigureReadsTheSameEverywhere(t *testing.T) {
	for _, value := range awkward {
		told := "missing"
		if value != nil {
			told = fmt.Sprint(*value)
		}
		t.Run(told, func(t *testing.T) {
			result := resultOf(value, "mean")
			for _, way := range ways {
				got := way.tell(t, result)
				for _, name := range way.has {
					of, known := figure.Named(name)
					if !known {
						t.Fatalf("there is no figure %q", name)
					}
					want := of.Bare(result.Contenders[0].Figure(name))
					if name == "min" || name == "stddev" { // no figure to rank by
						want = of.Bare(value)
					}
					read, there := got[name]
					switch {
					case !there && want == figure.Missing: // what is not known may be left out
					case !there && way.name == "compare" && want == "0 %": // nothing failed in both
					case !there:
						t.Errorf("%s: no %s in %v", way.name, name, got)
					case read != want:
						t.Errorf("%s: %s is %q, want %q", way.name, name, read, want)
					}
				}
			}
		})
	}
}

// take keeps a cell if its head is that of a figure: its number, and its unit if the head
// does not say it.
func (r readings) take(head, cell string) {
	head, cell = strings.TrimLeft(strings.TrimSpace(head), "▲▼"), strings.TrimSpace(cell)
	head = strings.Replace(head, "p99.9", "p999", 1)
	for _, of := range figure.Catalogue() {
		unit := of.Unit.Name()
		if !slices.Contains([]string{of.Head, of.CellHead, of.Name, of.Head + " [" + unit + "]"}, head) {
			continue
		}
		if bare := of.Unit != figure.InShare && of.Unit != figure.InPercentOfCore; bare {
			cell = strings.TrimSuffix(cell, " "+unit)
		}
		if _, told := r[of.Name]; !told {
			r[of.Name] = cell
		}
	}
}

// bench shows the end of a run on a screen.
func bench(t *testing.T, s screen.Screen, result stream.Result, keys ...string) string {
	t.Helper()
	scene := screentest.Scene{Events: []stream.Event{{Body: stream.RunDone{Result: result}}}, Ended: true, Contender: result.Contenders[0].ID, Keys: keys}
	if s.About().Name == screen.Detail {
		scene.Open = "enter"
	}
	return screentest.NewBench(t, s, 240, 60).Play(scene).Frame()
}

func onLeaderboard(t *testing.T, result stream.Result) readings {
	return ofScreen(t, bench(t, leaderboard.New(), result))
}

func onCosts(t *testing.T, result stream.Result) readings {
	return ofScreen(t, bench(t, leaderboard.New(), byCPU(result)))
}

// ofScreen reads the table of a frame, whose cells end where their heads do.
func ofScreen(t *testing.T, frame string) readings {
	t.Helper()
	lines := strings.Split(frame, "\n")
	at := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, "req/s OK") })
	if at < 0 || at+1 >= len(lines) {
		t.Fatalf("no table in\n%s", frame)
	}
	all := readings{}
	for _, of := range figure.Catalogue() {
		for _, place := range regexp.MustCompile(` [▲▼]?`+regexp.QuoteMeta(of.CellHead)+` `).FindAllStringIndex(lines[at], -1) {
			to := ansi.StringWidth(lines[at][:place[1]-1])
			if to-of.Width > ansi.StringWidth("│          name  version") { // the bar's own head is none
				delete(all, of.Name)
				all.take(of.CellHead, ansi.Cut(lines[at+1], to-of.Width, to))
			}
		}
	}
	return all
}

// onDetail reads the pairs and the table of times.
func onDetail(t *testing.T, result stream.Result) readings {
	frame := bench(t, detail.New(), result)
	all := readings{}
	var heads []string
	for _, line := range strings.Split(frame, "\n") {
		line = strings.Trim(line, "│┃█ ")
		fields := regexp.MustCompile(` {2,}`).Split(line, -1)
		switch {
		case strings.HasPrefix(line, "times, ms"):
			heads = fields
		case strings.HasPrefix(line, "OK replies") && len(fields) == len(heads):
			for i, cell := range fields {
				all.take(heads[i], cell)
			}
		default:
			for _, pair := range regexp.MustCompile(` {3}`).Split(line, -1) {
				for _, of := range figure.Catalogue() {
					if cell, is := strings.CutPrefix(pair, of.Head+" "); is && (cell == figure.Missing || regexp.MustCompile(`^[\d<>]`).MatchString(cell)) {
						all.take(of.Head, cell)
					}
				}
				if of := strings.TrimPrefix(pair, "KO "); of != pair { // "500 (50 %)"
					if _, share, is := strings.Cut(of, "("); is {
						all["failures"] = strings.TrimSuffix(share, ")")
					}
				}
			}
		}
	}
	return all
}

func byCPU(result stream.Result) stream.Result {
	result.Contenders = slices.Clone(result.Contenders)
	result.Contenders[0].RankedBy = "cpu-per-request"
	return result
}

// byCosts is a way of telling a result that is ranked by what requests cost.
func byCosts(tell func(*testing.T, stream.Result) readings) func(*testing.T, stream.Result) readings {
	return func(t *testing.T, result stream.Result) readings { return tell(t, byCPU(result)) }
}

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func inText(t *testing.T, result stream.Result) readings {
	lines := strings.Split(written(t, func(w io.Writer) error { return report.WriteSummary(w, result) }), "\n")
	split := func(line string) []string { return regexp.MustCompile(` {2,}`).Split(strings.TrimSpace(line), -1) }
	heads, cells := split(lines[1]), split(lines[2])
	// The medal has no head, and stands one blank before the rank.
	return paired(t, heads[len(heads)-min(len(heads), len(cells))+1:], cells[len(cells)-min(len(heads), len(cells))+1:])
}

func paired(t *testing.T, heads, cells []string) readings {
	t.Helper()
	all := readings{}
	if len(heads) != len(cells) {
		t.Fatalf("%d heads %q, %d cells %q", len(heads), heads, len(cells), cells)
	}
	for i, head := range heads {
		all.take(head, cells[i])
	}
	return all
}

func inMarkdown(t *testing.T, result stream.Result) readings {
	text := written(t, func(w io.Writer) error { return report.WriteMarkdown(w, result) })
	var rows [][]string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") {
			rows = append(rows, strings.Split(strings.TrimSpace(line), "|"))
		}
	}
	if len(rows) < 3 {
		t.Fatalf("no table in\n%s", text)
	}
	for i, cell := range rows[2] {
		rows[2][i] = html.UnescapeString(strings.ReplaceAll(cell, `\`, ""))
	}
	return paired(t, rows[0], rows[2])
}

// nodes are the elements of a page of a kind, in their order.
func nodes(t *testing.T, text, kind string) (all []*html.Node) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for node := range root.Descendants() {
		if node.Type == html.ElementNode && node.Data == kind {
			all = append(all, node)
		}
	}
	return all
}

func textOf(node *html.Node) string {
	var text strings.Builder
	for one := range node.Descendants() {
		if one.Type == html.TextNode {
			text.WriteString(one.Data)
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

func pageOf(t *testing.T, result stream.Result) string {
	return written(t, func(w io.Writer) error { return page.WriteHTML(w, report.Document{Result: result}) })
}

func inHTML(t *testing.T, result stream.Result) readings {
	rows := nodes(t, pageOf(t, result), "tr")
	cells := func(row *html.Node) (all []string) {
		for cell := range row.ChildNodes() {
			if cell.Type == html.ElementNode {
				all = append(all, textOf(cell))
			}
		}
		return all
	}
	return paired(t, cells(rows[0]), cells(rows[1]))
}

// inHTMLOfOne reads what stands under a contender's own title.
func inHTMLOfOne(t *testing.T, result stream.Result) readings {
	text := pageOf(t, result)
	_, text, _ = strings.Cut(text, `<section class="contender"`)
	all := readings{}
	names, values := nodes(t, text, "dt"), nodes(t, text, "dd")
	for i, name := range names {
		for small := range values[i].ChildNodes() { // what it is about
			if small.Type == html.ElementNode {
				values[i].RemoveChild(small)
				break
			}
		}
		all.take(textOf(name), textOf(values[i]))
	}
	return all
}

// inPicture reads the one figure of each picture.
func inPicture(t *testing.T, result stream.Result) readings {
	all := readings{}
	for _, name := range []string{"mean", "p50", "p99", "rps", "cpu-per-request", "rps-per-core", "rps-per-mb", "rss", "startup"} {
		result.Contenders[0].RankedBy = name
		text := written(t, func(w io.Writer) error { return page.WriteSVG(w, result) })
		for _, node := range nodes(t, text, "text") {
			for _, attribute := range node.Attr {
				if attribute.Key == "class" && attribute.Val == "value" {
					all.take(name, textOf(node))
				}
			}
		}
	}
	result.Contenders[0].RankedBy = "mean"
	return all
}

func inComparison(t *testing.T, result stream.Result) readings {
	document := report.Document{Result: result}
	comparison := compare.Compare(document, document)
	all := readings{}
	for _, write := range []func(io.Writer, compare.Comparison) error{compare.WriteText, compare.WriteMarkdown} {
		text := written(t, func(w io.Writer) error { return write(w, comparison) })
		for line := range strings.Lines(text) {
			line = strings.TrimPrefix(line, "| Go ")
			fields := regexp.MustCompile(` {2,}| \| `).Split(strings.Trim(line, "| \n"), -1)
			if len(fields) < 3 {
				continue
			}
			before := all[fields[0]]
			all.take(fields[0], fields[1])
			if after := fields[2]; before != "" && !strings.HasPrefix(after, before) {
				t.Errorf("compare: %s is %q in text and %q in Markdown", fields[0], before, after)
			}
		}
	}
	return all
}
