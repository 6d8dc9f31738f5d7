package recorded

import (
	"reflect"
	"testing"

	"github.com/benchtui/benchtui/internal/report"
)

// hostile is what a server's log, a reply or a manifest may bring.
const hostile = "=1+1|cmd,\"q\"<script>alert(1)</script>' onload='x' </style>]]>&lt;**b** [l](http://x) `c`\r\n\x1b[31m\x00@SUM(A1)"

// spoil sets every text in a value to a hostile one; what readers are switched by
// stays.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			spoil(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch name := v.Type().Field(i).Name; {
			case name == "RankedBy", name == "Status", name == "Verdict", name == "Schema", name == "ID", !v.Type().Field(i).IsExported():
			default:
				spoil(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
		}
	case reflect.String:
		v.SetString(hostile)
	}
}

// HostileDocument is the article's document with what steers terminals and breaks out of
// formats in each of its texts.
func HostileDocument(t *testing.T) report.Document {
	document := ArticleDocument(t)
	spoil(reflect.ValueOf(&document).Elem())
	if document.Result.Contenders[1].Failures[0].Sample != hostile || document.Result.Contenders[0].Name != hostile {
		t.Fatal("the document was not spoilt")
	}
	return document
}
