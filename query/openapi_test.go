package query_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// document is what the tests read of the OpenAPI document.
type document struct {
	OpenAPI string
	Paths   map[string]struct {
		Get *struct {
			OperationID string
			Parameters  []struct{ Name, In, Description string }
			Responses   map[string]struct {
				Content map[string]struct{ Schema schema }
			}
		}
	}
	Components struct{ Schemas map[string]schema }
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Format     string
	Enum       []any
	Properties map[string]schema
	Required   []string
	Items      *schema
}

func openAPI(t *testing.T, api string) document {
	t.Helper()
	status, text := fetch(t, api+"/openapi.json", "")
	var d document
	if err := json.Unmarshal([]byte(text), &d); status != http.StatusOK || err != nil {
		t.Fatalf("openapi.json: status %d, %v", status, err)
	}
	return d
}

// check holds v against s, closely enough to find a missing, misspelt or
// mistyped member.
func (d document) check(s schema, v any, path string) error {
	if s.Ref != "" {
		s = d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	if err := checkType(s, v, path); err != nil {
		return err
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				return fmt.Errorf("%s: %s is required and missing", path, name)
			}
		}
		for name, member := range v {
			p, ok := s.Properties[name]
			if !ok && len(s.Properties) > 0 {
				return fmt.Errorf("%s: %s is not described", path, name)
			}
			if err := d.check(p, member, path+"."+name); err != nil {
				return err
			}
		}
	case []any:
		for i, one := range v {
			if s.Items != nil {
				if err := d.check(*s.Items, one, fmt.Sprintf("%s[%d]", path, i)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkType(s schema, v any, path string) error {
	got := "null"
	switch v := v.(type) {
	case map[string]any:
		got = "object"
	case []any:
		got = "array"
	case string:
		got = "string"
	case bool:
		got = "boolean"
	case float64:
		got = "number"
		if v == float64(int64(v)) {
			got = "integer"
		}
	}
	var types []string
	switch t := s.Type.(type) {
	case nil:
		return nil
	case string:
		types = []string{t}
	case []any:
		for _, one := range t {
			types = append(types, one.(string))
		}
	}
	if !slices.Contains(types, got) && !(got == "integer" && slices.Contains(types, "number")) {
		return fmt.Errorf("%s is %s, described as %v", path, got, types)
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		return fmt.Errorf("%s is %v, described as one of %v", path, v, s.Enum)
	}
	return nil
}
