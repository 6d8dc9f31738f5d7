package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

// compiled is the schema of results.
func compiled(t *testing.T, closed bool) *jsonschema.Schema {
	t.Helper()
	return recorded.Schema(t, "schema/result-v1.schema.json", closed)
}

func written(t *testing.T, result stream.Result) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := report.WriteJSON(&text, result); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestResultsHoldAgainstTheSchema(t *testing.T) {
	ramp := recorded.ArticleResult()
	ramp.Workload = stream.WorkloadFacts{Name: "ramp", Model: "ramp", Rate: 100, RateTo: 10_000, DurationS: 20, Connections: 256, Rounds: 1}
	ramp.Contenders[0].Starred, ramp.Contenders[0].TiedWith = true, []string{"expressjs"}
	number := func(v float64) *float64 { return &v }
	ramp.Contenders[0].Process.Tree = &stream.TreeResult{
		ProcessesMax: 2, CPUUserPercentMean: number(60), CPUSystemPercentMean: number(30),
		RSSMBByProcess: []stream.ProcessRSS{{PID: 7, Name: "one", RSSMB: number(9), PSSMB: number(5)}, {PID: 8, Name: "other"}},
	}
	ramp.Contenders[0].Process.PSSMBMax, ramp.Contenders[0].Process.MemoryIs = number(12), stream.MemoryIsPSS
	ramp.Contenders[0].Process.Machine = &stream.MachineResult{
		CPUPercentByCoreMean: []float64{97, 34}, StealPercentMean: number(0), ListenOverflows: number(12), BusyOtherProcesses: []string{"rustc"},
	}
	none := stream.Result{Schema: stream.ResultSchema, Started: time.Unix(0, 0).UTC(), Workload: recorded.ArticleWorkload()}
	for name, result := range map[string]stream.Result{
		"article": recorded.ArticleResult(), "every field": ramp, "stopped before anything was measured": none,
	} {
		if err := recorded.Validate(t, compiled(t, true), written(t, result)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	golden, err := os.ReadFile("testdata/article.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := recorded.Validate(t, compiled(t, true), golden); err != nil {
		t.Errorf("golden: %v", err)
	}
}

func TestWrongResultsFailTheSchema(t *testing.T) {
	schema := compiled(t, false)
	first := func(root map[string]any) map[string]any { return root["contenders"].([]any)[0].(map[string]any) }
	for name, spoil := range map[string]func(root map[string]any){
		"another schema":      func(r map[string]any) { r["schema"] = "benchtui/result/v2" },
		"no contenders":       func(r map[string]any) { delete(r, "contenders") },
		"contenders null":     func(r map[string]any) { r["contenders"] = nil },
		"no time":             func(r map[string]any) { r["started"] = "yesterday" },
		"unknown status":      func(r map[string]any) { first(r)["status"] = "fine" },
		"a time as text":      func(r map[string]any) { first(r)["startup_ms"] = "9 ms" },
		"a negative latency":  func(r map[string]any) { first(r)["latency_ms"].(map[string]any)["ok"].(map[string]any)["p99"] = -1 },
		"no p999":             func(r map[string]any) { delete(first(r)["latency_ms"].(map[string]any)["ok"].(map[string]any), "p999") },
		"a fifth tier":        func(r map[string]any) { first(r)["tier"] = 5 },
		"failures beyond all": func(r map[string]any) { first(r)["requests"].(map[string]any)["failure_rate"] = 75 },
		"half a request":      func(r map[string]any) { first(r)["requests"].(map[string]any)["ok"] = 0.5 },
		"an unknown verdict":  func(r map[string]any) { first(r)["verdict"] = "nobody" },
		"no evidence": func(r map[string]any) {
			r["contenders"].([]any)[1].(map[string]any)["findings"].([]any)[0].(map[string]any)["evidence"] = nil
		},
		"an id of a finding": func(r map[string]any) {
			r["contenders"].([]any)[1].(map[string]any)["findings"].([]any)[0].(map[string]any)["id"] = "Host Busy"
		},
		"a model of its own":   func(r map[string]any) { r["workload"].(map[string]any)["model"] = "hammer" },
		"tied with null":       func(r map[string]any) { first(r)["tied_with"] = nil },
		"generator's lateness": func(r map[string]any) { delete(r["generator"].(map[string]any), "lateness_ms") },
	} {
		t.Run(name, func(t *testing.T) {
			var root map[string]any
			if err := json.Unmarshal(written(t, recorded.ArticleResult()), &root); err != nil {
				t.Fatal(err)
			}
			spoil(root)
			data, err := json.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			if recorded.Validate(t, schema, data) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}

func TestSchemaIsOpenToFieldsOfLaterVersions(t *testing.T) {
	data := bytes.Replace(written(t, recorded.ArticleResult()), []byte(`"tier_rule"`), []byte(`"invented_later": 1, "tier_rule"`), 1)
	if err := recorded.Validate(t, compiled(t, false), data); err != nil {
		t.Error(err)
	}
	if recorded.Validate(t, compiled(t, true), data) == nil {
		t.Error("the closed schema of the tests takes it: closing does nothing")
	}
}

func TestJSONIsStableAndReadable(t *testing.T) {
	first := written(t, recorded.ArticleResult())
	recorded.Golden(t, "testdata/article.json", string(first))
	if again := written(t, recorded.ArticleResult()); !bytes.Equal(first, again) {
		t.Error("two writes of one result differ")
	}
	var back stream.Result
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	if again := written(t, back); !bytes.Equal(first, again) {
		t.Error("read and written again it differs")
	}
	if bytes.Contains(first, []byte(`\u00`)) && !bytes.Contains(first, []byte(`\u001b`)) {
		t.Error("escaped as if for HTML")
	}
}

func TestWritingLeavesTheResultAsItWas(t *testing.T) {
	result := recorded.ArticleResult()
	written(t, result)
	if result.Contenders[0].Failures != nil || result.Contenders[1].TiedWith != nil {
		t.Error("writing changed the result")
	}
}
