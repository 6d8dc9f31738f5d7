package compare

import _ "embed"

//go:embed schema/comparison-v1.schema.json
var comparisonSchema string

// ComparisonJSONSchema is that of benchtui/comparison/v1.
func ComparisonJSONSchema() string { return comparisonSchema }
