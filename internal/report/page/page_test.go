package page_test

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/benchtui/benchtui/internal/report/page"
	"github.com/benchtui/benchtui/internal/report/recorded"
)

// style is the page's own.
var style = regexp.MustCompile(`(?s)<style>.*?</style>`)

func TestPageAndPictureOfARecording(t *testing.T) {
	document := recorded.ArticleDocument(t)
	text := recorded.Render(t, func(w *bytes.Buffer) error { return page.WriteHTML(w, document) })
	recorded.Golden(t, "testdata/article.html", style.ReplaceAllString(text, "<style></style>")) // looked at, not compared
	recorded.Golden(t, "testdata/article.svg", recorded.Render(t, func(w *bytes.Buffer) error { return page.WriteSVG(w, document.Result) }))
}
