package report

import _ "embed"

//go:embed schema/result-v1.schema.json
var resultSchema string

// ResultSchema is the JSON Schema (draft 2020-12) of benchtui/result/v1. It is
// open: later versions of benchtui may add fields, and never take one away.
func ResultSchema() string { return resultSchema }
