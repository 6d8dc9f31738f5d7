package report_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/oracle"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/compare"
	"github.com/benchtui/benchtui/internal/report/page"
)

// FuzzReadDocument holds that whatever file is given, there is an error or every
// report of it: none of them may trust the figures.
func FuzzReadDocument(f *testing.F) {
	result, err := os.ReadFile("testdata/article.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(result)
	for _, seed := range []string{
		"", "{}", "\x1f\x8b", `{"schema":"benchtui/result/v1"}`,
		`{"schema":"benchtui/result/v1","contenders":[{"id":"a","rank":-1,"tier":99,"ranked_by":"mean","requests":{"total":1},"latency_ms":{"ok":{"p50":1e308,"mean":1.7e308,"p99":-1.7e308,"min":-5,"max":5e-324}}}]}`,
		`{"schema":"benchtui/result/v1","workload":{"rounds":3},"contenders":[{"requests":{"total":18446744073709551615},"capacity":{"rate":1e300,"steps":[{"from_s":-1,"to_s":1e300}]},"intervals":{"mean":{"low":1,"high":0}},"rounds":[{},{"status":"ok"}]}]}`,
	} {
		f.Add([]byte(seed))
	}
	for _, seed := range []string{
		"{\"schema\":\"benchtui/result/v1\",\"contenders\":[{\"id\":\"\x1b[2J\u009b\u202e\",\"name\":\"\x1b]0;x\a\",\"log_tail\":[\"\x1b[31m\"]}]}",
		`{"schema":"benchtui/result/v1","schema":"benchtui/result/v2","contenders":[{"id":"a","id":"../../x"}]}`,
		`{"schema":"benchtui/result/v1","tier_rule":NaN}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(readAndReport)
}

// Bombs are held to the same bounds; as seeds they would slow every try.
func TestBombsAreNoDocuments(t *testing.T) {
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	for range 100 {
		_, _ = zip.Write(bytes.Repeat([]byte(`{"kind":"`), 100_000))
	}
	zip.Close()
	readAndReport(t, bomb.Bytes())
	readAndReport(t, []byte(`{"schema":"benchtui/result/v1","contenders":`+strings.Repeat("[", 200_000)))
}

// readAndReport has every report written of the file, if it is one that can be read.
func readAndReport(t *testing.T, file []byte) {
	var document report.Document
	var err error
	oracle.Bounded(t, func() { document, err = report.ReadDocument(bytes.NewReader(file)) })
	if err != nil {
		return
	}
	for _, write := range []func(io.Writer) error{
		func(w io.Writer) error { return page.WriteHTML(w, document) },
		func(w io.Writer) error { return page.WriteSVG(w, document.Result) },
		func(w io.Writer) error { return report.WriteCSV(w, document.Result) },
		func(w io.Writer) error { return report.WriteMarkdown(w, document.Result) },
		func(w io.Writer) error { return report.WriteSummary(w, document.Result) },
		func(w io.Writer) error { return report.WriteJSON(w, document.Result) },
		func(w io.Writer) error { return compare.WriteText(w, compare.Compare(document, document)) },
		func(w io.Writer) error { return compare.WriteJSON(w, compare.Compare(document, document)) },
	} {
		var text bytes.Buffer
		oracle.Bounded(t, func() {
			if err := write(&text); err != nil {
				t.Error(err)
			}
		})
		oracle.Harmless(t, "a report", text.String())
	}
}
