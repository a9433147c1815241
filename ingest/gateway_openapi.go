package ingest

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// DescribePush adds the push endpoint to an OpenAPI document, for a process
// that serves the gateway beside other paths.
func (g *Gateway) DescribePush(o *huma.OpenAPI) {
	schemas := o.Components.Schemas
	receipt := schemas.Schema(reflect.TypeFor[Receipt](), true, "Receipt")
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	answer := func(description, contentType string, s *huma.Schema) *huma.Response {
		return &huma.Response{Description: description, Content: map[string]*huma.MediaType{contentType: {Schema: s}}}
	}
	names := make([]any, len(g.sources))
	for i, name := range g.sources {
		names[i] = name
	}
	body := &huma.MediaType{Schema: &huma.Schema{Description: "One JSON value, an array, or JSON lines; gzip is recognised."}}
	o.AddOperation(&huma.Operation{
		OperationID: "push", Method: http.MethodPost, Path: "/v1/push/{source}", Summary: "Push events",
		Description: "Takes payloads as their source wrote them and answers when every replica of the broker has them. " +
			"Needs the token of a tenant (gateway.tokens). Pushing the same content again gives the same event ids and changes no answer.",
		Security: []map[string][]string{{"push": {}}},
		Parameters: []*huma.Param{
			{Name: "source", In: "path", Required: true, Description: "Format of the payloads; see `runledger sources`.", Schema: &huma.Schema{Type: "string", Enum: names}},
			{Name: "source_uri", In: "query", Description: "Instance of the source, where that matters.", Schema: &huma.Schema{Type: "string"}},
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": body, "application/x-ndjson": body, "application/cloudevents+json": body}},
		Responses: map[string]*huma.Response{
			"202":     answer("Written; rejected elements are listed and kept as dead letters.", "application/json", receipt),
			"default": answer("Nothing was written; what, where, why, and what to do.", "application/problem+json", problem),
		},
	})
	if o.Components.SecuritySchemes == nil {
		o.Components.SecuritySchemes = map[string]*huma.SecurityScheme{}
	}
	o.Components.SecuritySchemes["push"] = &huma.SecurityScheme{Type: "http", Scheme: "bearer", Description: "A token of gateway.tokens; it stands for one tenant."}
}
