package report_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/page"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func TestProfileIsWrittenByItsSuffix(t *testing.T) {
	document := recorded.Profiled(t, "x", 60)
	for name, want := range map[string]string{"p.folded": "handler;busy 600000", "p.speedscope.json": `"$schema"`, "-": "", "p.pb.gz": ""} {
		var out bytes.Buffer
		if err := report.WriteProfile(&out, name, "", document); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want != "" && !strings.Contains(out.String(), want) {
			t.Errorf("%s: %s", name, out.String())
		}
		if want == "" {
			if read, err := profile.ReadPprof(&out); err != nil || read.Count() != 1000 {
				t.Errorf("%s: %v, %v", name, read, err)
			}
		}
	}
}

func TestProfileThatIsNotThereIsToldWithWhatToDo(t *testing.T) {
	two := recorded.Profiled(t, "x", 60)
	other := recorded.Profiled(t, "y", 10)
	two.Result.Contenders = append(two.Result.Contenders, other.Result.Contenders...)
	two.Timelines = append(two.Timelines, other.Timelines...)
	result := recorded.Profiled(t, "x", 60)
	result.Timelines = nil
	for _, test := range []struct {
		document       report.Document
		name, id, want string
	}{
		{recorded.Profiled(t, "x", 60), "p.xyz", "", ".pb.gz"},
		{recorded.Profiled(t, "x", 60), "p.pprof", "z", "there is no profile of z in this run, but of x"},
		{two, "p.pprof", "", "x, y have a profile each"},
		{recorded.ArticleDocument(t), "p.pprof", "", "no profile was taken in this run"},
		{result, "p.pprof", "", "name the recording"},
	} {
		var out bytes.Buffer
		if err := report.WriteProfile(&out, test.name, test.id, test.document); err == nil || !strings.Contains(err.Error(), test.want) || out.Len() > 0 {
			t.Errorf("%s of %q: %v, want %q", test.name, test.id, err, test.want)
		}
	}
	var out bytes.Buffer
	if err := report.WriteProfile(&out, "p.folded", "y", two); err != nil || !strings.Contains(out.String(), "handler;busy 100000") {
		t.Errorf("%v: %s", err, out.String())
	}
}

// Text and Markdown say the same of it.
func TestHottestFunctionsStandInTextAndMarkdown(t *testing.T) {
	document := recorded.Profiled(t, "x", 60)
	text := recorded.Render(t, func(w *bytes.Buffer) error { return report.WriteSummary(w, document.Result) })
	markdown := recorded.Render(t, func(w *bytes.Buffer) error { return report.WriteMarkdown(w, document.Result) })
	for _, want := range []string{"60 %", "busy", "app.js:5", "own code", "node:inspector", "missing: what the kernel did"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the text\n%s", want, text)
		}
		if !strings.Contains(markdown, want) {
			t.Errorf("%q is not in the Markdown\n%s", want, markdown)
		}
	}
}

// Where no finding says who had the CPU, all that a person reads says so with the profile:
// the table alone has functions of libraries and not who called them.
func TestReasonsOfAProfileStandWhereNoFindingTellsThem(t *testing.T) {
	const reason, advice = "60 % in busy (app.js:5), called from handler (app.js:14)", "call it without Sync"
	render := map[string]func(io.Writer, report.Document) error{
		"text":     func(w io.Writer, d report.Document) error { return report.WriteSummary(w, d.Result) },
		"Markdown": func(w io.Writer, d report.Document) error { return report.WriteMarkdown(w, d.Result) },
		"HTML":     page.WriteHTML,
	}
	document := recorded.Profiled(t, "x", 60)
	one := &document.Result.Contenders[0]
	one.Profile.Reasons[0].Advice = advice
	unrelated := stream.FindingResult{ID: diagnosis.HostBusy, Title: "something else", Evidence: []string{"programs"}, Advice: "close them"}
	explained := stream.FindingResult{ID: diagnosis.EventLoopSaturated, Title: "the loop", Evidence: []string{"of the loop's time " + reason}, Advice: advice}
	for name, write := range render {
		for _, finding := range []stream.FindingResult{unrelated, explained} {
			one.Findings = []stream.FindingResult{finding}
			text := recorded.Render(t, func(w *bytes.Buffer) error { return write(w, document) })
			for _, want := range []string{reason, advice} {
				if told := strings.Count(text, want); told != 1 {
					t.Errorf("%s with %s: %q is told %d times, want once:\n%s", name, finding.ID, want, told, text)
				}
			}
		}
	}
}

// What is read first of a server that waits is that, not the kernel's work that is left.
func TestServerThatWaitsIsSaidToBeforeItsReasons(t *testing.T) {
	const waits, reason = "6 % of the time in which the profile was taken", "60 % in busy (app.js:5), called from handler (app.js:14)"
	document := recorded.Profiled(t, "x", 60)
	one := &document.Result.Contenders[0]
	one.Profile.CPUS = 0.12
	for name, write := range map[string]func(io.Writer, report.Document) error{
		"text":     func(w io.Writer, d report.Document) error { return report.WriteSummary(w, d.Result) },
		"Markdown": func(w io.Writer, d report.Document) error { return report.WriteMarkdown(w, d.Result) },
		"HTML":     page.WriteHTML,
	} {
		for _, reasons := range [][]stream.ReasonForCPU{{{Evidence: "of the loop's time " + reason}}, nil} {
			one.Profile.Reasons = reasons
			text := recorded.Render(t, func(w *bytes.Buffer) error { return write(w, document) })
			_, behind, said := strings.Cut(text, waits)
			if !said || strings.Contains(behind, reason) != (reasons != nil) {
				t.Errorf("%s with %d reasons:\n%s", name, len(reasons), text)
			}
		}
	}
}
