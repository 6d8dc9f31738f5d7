package recorded

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func CloseObjects(node any) {
	switch node := node.(type) {
	case map[string]any:
		if _, object := node["properties"].(map[string]any); object {
			node["additionalProperties"] = false
		}
		for _, child := range node {
			CloseObjects(child)
		}
	case []any:
		for _, child := range node {
			CloseObjects(child)
		}
	}
}

func Validate(t *testing.T, schema *jsonschema.Schema, data []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}
