package recorded

import (
	"bytes"
	_ "embed"
	"encoding/json"

	"github.com/benchtui/benchtui/internal/stream"
)

// articleLines are the events of the article's load, as they were recorded: a line each.
// They are read as recordings are, in which later versions find less than they know.
//
//go:embed testdata/article.jsonl
var articleLines []byte

// ArticleEvents are the events of the article's load.
func ArticleEvents() (events []stream.Event) {
	decoder := json.NewDecoder(bytes.NewReader(articleLines))
	for decoder.More() {
		var event stream.Event
		if err := decoder.Decode(&event); err != nil {
			panic(err) // the file is ours
		}
		events = append(events, event)
	}
	return events
}
