package recorded

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"
)

var record = flag.Bool("record", false, "record the article's load anew; what was recorded must be read for ever, so seldom do it")

// What was recorded once is what recording it now would tell, but for what came later.
func TestTheArticleIsRecorded(t *testing.T) {
	events := RecordArticle()
	if *record {
		var lines bytes.Buffer
		encoder := json.NewEncoder(&lines)
		for _, event := range events {
			if err := encoder.Encode(event); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile("testdata/article.jsonl", lines.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	told := ArticleEvents()
	if len(told) != len(events) {
		t.Fatalf("%d events, want %d", len(told), len(events))
	}
	for i, event := range told {
		if event.At != events[i].At || event.Contender != events[i].Contender || reflect.TypeOf(event.Body) != reflect.TypeOf(events[i].Body) {
			t.Errorf("event %d is %+v, want %+v", i, event, events[i])
		}
	}
}
