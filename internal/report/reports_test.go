package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/recording/recordingtest"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/page"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

// everyReport renders a document in each format.
func everyReport(t *testing.T, document report.Document) map[string]string {
	t.Helper()
	result := document.Result
	return map[string]string{
		"csv":  recorded.Render(t, func(w *bytes.Buffer) error { return report.WriteCSV(w, result) }),
		"md":   recorded.Render(t, func(w *bytes.Buffer) error { return report.WriteMarkdown(w, result) }),
		"svg":  recorded.Render(t, func(w *bytes.Buffer) error { return page.WriteSVG(w, result) }),
		"html": recorded.Render(t, func(w *bytes.Buffer) error { return page.WriteHTML(w, document) }),
	}
}

func TestReportsOfARecording(t *testing.T) {
	reports := everyReport(t, recorded.ArticleDocument(t))
	for _, format := range []string{"csv", "md"} {
		recorded.Golden(t, "testdata/article."+format, reports[format])
	}
}

func TestReportsOfNothing(t *testing.T) {
	for format, text := range everyReport(t, report.Document{Result: stream.Result{Schema: stream.ResultSchema}}) {
		if text == "" {
			t.Errorf("%s: nothing at all", format)
		}
	}
}

func TestHostileTextStaysTextInHTML(t *testing.T) {
	text := everyReport(t, recorded.HostileDocument(t))["html"]
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for node := range root.Descendants() {
		switch {
		case node.Type == html.TextNode && strings.Contains(node.Data, "<script>alert(1)</script>"):
			shown++
		case node.Type != html.ElementNode:
			continue
		}
		switch node.Data {
		case "script", "iframe", "object", "embed", "link", "img", "image", "base", "form":
			if node.Type == html.ElementNode {
				t.Errorf("there is a <%s>", node.Data)
			}
		}
		for _, attribute := range node.Attr {
			switch {
			case strings.HasPrefix(attribute.Key, "on"):
				t.Errorf("<%s> has %s", node.Data, attribute.Key)
			case attribute.Key == "src", attribute.Key == "href" && !strings.HasPrefix(attribute.Val, "#"):
				t.Errorf("<%s> points to %q", node.Data, attribute.Val)
			}
		}
	}
	if shown < 10 {
		t.Errorf("the hostile text can be read in %d places only", shown)
	}
	for _, unwanted := range []string{"@import", "url(", "http://", "https://"} {
		if strings.Contains(strings.ReplaceAll(text, "http://x", ""), unwanted) {
			t.Errorf("the page mentions %s: it must need nothing from elsewhere", unwanted)
		}
	}
}

func TestHostileTextStaysTextInSVG(t *testing.T) {
	decoder := xml.NewDecoder(strings.NewReader(everyReport(t, recorded.HostileDocument(t))["svg"]))
	names, all := map[string]bool{}, ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("no well-formed XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			names[token.Name.Local] = true
		case xml.CharData:
			all += string(token)
		}
	}
	for name := range names {
		if !strings.Contains(" svg title style rect text g line circle ", " "+name+" ") {
			t.Errorf("there is a <%s>", name)
		}
	}
	if !strings.Contains(all, `=1+1|cmd,"q"<script`) {
		t.Error("the hostile name can't be read")
	}
}

// Every way out tells how sure the answer of a search is.
func TestUncertaintyOfACapacityStandsInEveryReport(t *testing.T) {
	document := recorded.Scaled("x", 1)
	more := 0.03125
	document.Result.Contenders[0].Capacity = &stream.CapacityResult{
		Objective: "p99<50ms", Rate: 3200, Ceiling: 3300, Uncertainty: &more,
		AtRate: &stream.Tries{Of: 3, Kept: 2}, AtCeiling: &stream.Tries{Of: 2},
	}
	reports := everyReport(t, document)
	reports["text"] = recorded.Render(t, func(w *bytes.Buffer) error { return report.WriteSummary(w, document.Result) })
	for _, format := range []string{"text", "md", "html"} {
		if !strings.Contains(reports[format], "(3.1 % more)") {
			t.Errorf("no uncertainty in %s", format)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(reports["csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"capacity_rps": "3200", "capacity_ceiling_rps": "3300", "capacity_uncertainty": "0.03125"} {
		if at := slices.Index(rows[0], name); at < 0 || rows[1][at] != want {
			t.Errorf("no %s of %s in CSV", name, want)
		}
	}
}

func TestHostileTextStaysTextInCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(everyReport(t, recorded.HostileDocument(t))["csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := report.CSVColumns()
	if len(rows) != 4 || len(rows[0]) != len(columns) {
		t.Fatalf("%d rows of %d cells", len(rows), len(rows[0]))
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if strings.IndexAny(cell, "=+-@|\t\r") == 0 {
				t.Errorf("%s is a formula to a spreadsheet: %q", columns[i].Name, cell)
			}
			if strings.ContainsAny(cell, "\r\n\x00\x1b") {
				t.Errorf("%s is more than a line: %q", columns[i].Name, cell)
			}
		}
	}
	if name := rows[1][3]; !strings.HasPrefix(name, "'=1+1|cmd,\"q\"<script>") {
		t.Errorf("the name is %q", name)
	}
}

func TestEveryWayToBeginAFormulaStaysTextInCSV(t *testing.T) {
	for given, want := range map[string]string{
		"=1": "'=1", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", "|cmd": "'|cmd", "\t=1": "' =1", "\r=1": "'=1", " =1": "' =1",
		"\u00a0=1": "'\u00a0=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠SUM(1)": "'＠SUM(1)", "\x1b[m=1": "'=1", "mine = 1": "mine = 1",
	} {
		rows, err := csv.NewReader(strings.NewReader(recorded.Render(t, func(w *bytes.Buffer) error {
			return report.WriteCSV(w, stream.Result{Contenders: []stream.ContenderResult{{ID: "mine", Name: given}}})
		}))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if name := rows[1][slices.Index(rows[0], "name")]; name != want {
			t.Errorf("%q is %q, want %q", given, name, want)
		}
	}
}

func TestHostileTextStaysTextInMarkdown(t *testing.T) {
	document := recorded.HostileDocument(t)
	document.Result.Contenders[1].RankNote = "" // it is cut, which is shown elsewhere
	var page bytes.Buffer
	text := everyReport(t, document)["md"]
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(renderer.WithUnsafe())).Convert([]byte(text), &page); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&page)
	if err != nil {
		t.Fatal(err)
	}
	cells, shown := map[int]int{}, 0
	for node := range root.Descendants() {
		switch {
		case node.Type == html.TextNode && strings.Contains(node.Data, "<script>alert(1)</script>"):
			shown++
		case node.Type != html.ElementNode:
		case node.Data == "tr":
			var row []string
			for child := range node.ChildNodes() {
				if child.Type == html.ElementNode {
					row = append(row, textOf(child))
				}
			}
			cells[len(row)]++
			if len(row) > 3 && row[2] != "contender" && (!strings.HasPrefix(row[2], "=1+1|cmd") || !strings.Contains(figure.Missing+"0123456789", row[3][:1])) {
				t.Errorf("a row is %q", row)
			}
		case strings.Contains(" script a img code style ", " "+node.Data+" "):
			t.Errorf("there is a <%s>", node.Data)
		}
	}
	if cells[13] != 4 || len(cells) != 1 {
		t.Errorf("rows by their cells: %v, want four of 13", cells)
	}
	if shown < 6 {
		t.Errorf("the hostile text can be read in %d places only:\n%s", shown, text)
	}
}

func textOf(node *html.Node) (text string) {
	for one := range node.Descendants() {
		if one.Type == html.TextNode {
			text += one.Data
		}
	}
	return text
}

func TestDocumentedColumnsAreThoseOfTheCSV(t *testing.T) {
	documented, err := os.ReadFile("../../docs/reports.md")
	if err != nil {
		t.Fatal(err)
	}
	var table []string
	for _, column := range report.CSVColumns() {
		table = append(table, "| `"+column.Name+"` | "+column.About+" |")
	}
	if want := strings.Join(table, "\n"); !strings.Contains(string(documented), want) {
		t.Errorf("docs/reports.md does not have this table:\n%s", want)
	}
}

func TestReadingWhatIsNeitherRecordingNorResult(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "text": "hello", "another schema": `{"schema":"k6/v1"}`, "half a result": `{"schema":"benchtui/result/v1",`,
		"gzip of nothing": "\x1f\x8b", "a list": "[]",
	} {
		if _, err := report.ReadDocument(strings.NewReader(text)); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestACutOffRecordingStillGivesAReport(t *testing.T) {
	events := recorded.ArticleEvents()
	whole, err := report.ReadDocument(bytes.NewReader(recordingtest.Of(t, events)))
	if err != nil || whole.CutOff || len(whole.Timelines) != 2 {
		t.Fatalf("whole: %d timelines, cut off %v, %v", len(whole.Timelines), whole.CutOff, err)
	}
	load := 0
	for i, event := range events { // in the midst of Express's load
		if _, is := event.Body.(stream.LoadSample); is && event.Contender == "expressjs" {
			if load++; load == 50 {
				events = events[:i+1]
				break
			}
		}
	}
	cut, err := report.ReadDocument(bytes.NewReader(recordingtest.Of(t, events)))
	if err != nil || !cut.CutOff || !cut.Result.Interrupted {
		t.Fatalf("cut off %v, interrupted %v, %v", cut.CutOff, cut.Result.Interrupted, err)
	}
	byID := map[string]stream.ContenderResult{}
	for _, one := range cut.Result.Contenders {
		byID[one.ID] = one
	}
	if golang := byID["golang"]; golang.Rank != 1 || golang.Requests.OK != 32000 {
		t.Errorf("golang, which was done: rank %d, %d OK", golang.Rank, golang.Requests.OK)
	}
	if express := byID["expressjs"]; express.Status != stream.StatusAborted || express.Requests.Total == 0 || express.Requests.KO == 0 {
		t.Errorf("expressjs, whose load was cut: %s, %+v", express.Status, express.Requests)
	}
	if dotnet := byID["dotnet8-aot"]; dotnet.Status != stream.StatusAborted || dotnet.StatusDetail == "" {
		t.Errorf("dotnet8-aot, which was never begun: %+v", dotnet)
	}
	if text := everyReport(t, cut)["html"]; !strings.Contains(text, "cut off") {
		t.Error("the page does not say that the recording is cut off")
	}
}

func TestRoundsStandInEveryReport(t *testing.T) {
	document := recorded.Scaled("x", 0.9, 1, 1.2)
	one := &document.Result.Contenders[0]
	low, high := 0.378, 0.504
	one.Intervals = map[string]stream.Interval{"mean": {Median: 0.42, Low: &low, High: &high, Min: low, Max: high, Spread: 0.3, Rounds: 3}}
	one.Findings = []stream.FindingResult{{ID: "slow_start", Title: "it was cold", AtS: 1, Rounds: []int{1, 3}}}
	reports := everyReport(t, document)

	rows, err := csv.NewReader(strings.NewReader(reports["csv"])).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows of CSV, want a head, all, and three rounds: %v", len(rows), err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	for i, want := range [][]string{{"all", "0.42", "1"}, {"1", "0.378", ""}, {"2", "0.42", ""}, {"3", "0.504", ""}} {
		row := rows[i+1]
		if got := []string{row[at["round"]], row[at["mean_ms"]], row[at["rank"]]}; !reflect.DeepEqual(got, want) {
			t.Errorf("row %d: round, mean and rank %q, want %q", i+1, got, want)
		}
	}
	for format, wants := range map[string][]string{
		"md":   {"| 95 % interval of mean |", "| 0.38–0.50 ms |"},
		"svg":  {`class="whisker"`, "medians of 3 rounds"},
		"html": {`class="interval"`, "0.38–0.50 ms", "by round", "in rounds 1 and 3"},
	} {
		for _, want := range wants {
			if !strings.Contains(reports[format], want) {
				t.Errorf("no %q in %s", want, format)
			}
		}
	}
}
