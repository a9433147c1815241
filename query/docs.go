package query

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsHTML string

// docsPage renders the OpenAPI document as one page that needs nothing from
// elsewhere.
func docsPage(api *huma.OpenAPI) ([]byte, error) {
	t, err := template.New("docs").Parse(docsHTML)
	if err != nil {
		return nil, fmt.Errorf("parse docs page: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, describe(api)); err != nil {
		return nil, fmt.Errorf("render docs page: %w", err)
	}
	return out.Bytes(), nil
}

type docs struct {
	Title, Version, Description string
	Operations                  []docsOperation
	Schemas                     []docsSchema
}

type docsOperation struct {
	ID, Method, Path, Summary, Description, Example, Answer string
	Parameters                                              []docsField
}

type docsSchema struct {
	Name   string
	Fields []docsField
}

type docsField struct {
	Name, Type, Ref, Text string
	Required              bool
}

func describe(api *huma.OpenAPI) docs {
	d := docs{Title: api.Info.Title, Version: api.Info.Version, Description: api.Info.Description}
	for path, item := range api.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post} {
			if op != nil {
				d.Operations = append(d.Operations, describeOperation(path, op))
			}
		}
	}
	slices.SortFunc(d.Operations, func(x, y docsOperation) int { return cmp.Compare(x.Path, y.Path) })
	for name, s := range api.Components.Schemas.Map() {
		d.Schemas = append(d.Schemas, docsSchema{Name: name, Fields: describeFields(s)})
	}
	slices.SortFunc(d.Schemas, func(x, y docsSchema) int { return cmp.Compare(x.Name, y.Name) })
	return d
}

func describeOperation(path string, op *huma.Operation) docsOperation {
	o := docsOperation{ID: op.OperationID, Method: op.Method, Path: path, Summary: op.Summary, Description: op.Description}
	example := strings.ReplaceAll(path, "{run_id}", "RUN_ID") + "?tenant=acme"
	for _, p := range op.Parameters {
		f := describeField(p.Name, p.Schema)
		f.Text, f.Required = strings.TrimSpace(p.Description+" "+f.Text), p.Required
		o.Parameters = append(o.Parameters, f)
	}
	o.Example = "curl 'http://127.0.0.1:8080" + example + "'"
	if op.Method == http.MethodPost {
		o.Example = `curl http://127.0.0.1:8080/v1/push/okta.system_log -H "Authorization: Bearer $(cat data/tokens/acme)" --data-binary @events.jsonl`
	}
	for _, status := range []string{"200", "202"} {
		if ok := op.Responses[status]; ok != nil && ok.Content["application/json"] != nil {
			o.Answer = refName(ok.Content["application/json"].Schema)
		}
	}
	return o
}

func describeFields(s *huma.Schema) []docsField {
	var fields []docsField
	for name, p := range s.Properties {
		f := describeField(name, p)
		f.Text = strings.TrimSpace(p.Description + " " + f.Text)
		f.Required = slices.Contains(s.Required, name)
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(x, y docsField) int { return cmp.Compare(x.Name, y.Name) })
	return fields
}

// describeField says the type of s, and what it may hold.
func describeField(name string, s *huma.Schema) docsField {
	f := docsField{Name: name}
	if s == nil {
		return f
	}
	f.Type, f.Ref = s.Type, refName(s)
	if s.Format != "" {
		f.Type += " " + s.Format
	}
	values := s.Enum
	if s.Items != nil {
		f.Type, f.Ref, values = "list of "+s.Items.Type, refName(s.Items), s.Items.Enum
	}
	var text []string
	if len(values) > 0 {
		text = append(text, "One of: "+strings.Trim(fmt.Sprint(values), "[]")+".")
	}
	if s.Default != nil {
		text = append(text, fmt.Sprintf("Default: %v.", s.Default))
	}
	f.Text = strings.Join(text, " ")
	return f
}

func refName(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	return strings.TrimPrefix(s.Ref, "#/components/schemas/")
}
