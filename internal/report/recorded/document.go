package recorded

import (
	"bytes"
	"testing"

	"github.com/benchtui/benchtui/internal/report"
)

// ArticleDocument is the recording of the article's load as reports take it.
func ArticleDocument(t *testing.T) report.Document {
	t.Helper()
	document, err := report.DocumentOf(ArticleEvents())
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// Render is what is written.
func Render(t *testing.T, write func(*bytes.Buffer) error) string {
	t.Helper()
	var text bytes.Buffer
	if err := write(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}
