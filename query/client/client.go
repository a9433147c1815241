// Package client asks the runledger API. Requests and answers are the types of
// package query/wire. It keeps no state and caches nothing.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/runledger/runledger/query/wire"
)

// Client asks one API. Base is required.
type Client struct {
	Base  string // such as http://127.0.0.1:8080
	Token string // bearer token, where the API has tokens
	HTTP  *http.Client
}

// Problem is what the API answered instead of an answer (RFC 9457).
type Problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
		Value    any    `json:"value"`
	} `json:"errors"`
}

// Error returns the detail, and every parameter that was wrong.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Detail)
	for _, e := range p.Errors {
		if !strings.Contains(p.Detail, e.Message) {
			fmt.Fprintf(&b, "; %s: %s", strings.TrimPrefix(e.Location, "query."), e.Message)
		}
	}
	return b.String()
}

// Usage reports whether err says that the question itself was wrong.
func Usage(err error) bool {
	var p *Problem
	return errors.As(err, &p) && (p.Status == http.StatusUnprocessableEntity || p.Status == http.StatusBadRequest || p.Status == http.StatusConflict)
}

// Runs lists runs.
func (c *Client) Runs(ctx context.Context, q wire.RunsRequest) (*wire.Answer[wire.Run], error) {
	return get[wire.Answer[wire.Run]](ctx, c, "/v1/runs", q)
}

// Run tells all about one run.
func (c *Client) Run(ctx context.Context, q wire.RunRequest) (*wire.RunAnswer, error) {
	return get[wire.RunAnswer](ctx, c, "/v1/runs/"+url.PathEscape(q.RunID), q)
}

// Actions lists actions.
func (c *Client) Actions(ctx context.Context, q wire.ActionsRequest) (*wire.Answer[wire.ActionRow], error) {
	return get[wire.Answer[wire.ActionRow]](ctx, c, "/v1/actions", q)
}

// Failures asks for the failure trend.
func (c *Client) Failures(ctx context.Context, q wire.FailuresRequest) (*wire.FailuresAnswer, error) {
	return get[wire.FailuresAnswer](ctx, c, "/v1/failures", q)
}

// MTTD asks how long failures went unnoticed and unexplained.
func (c *Client) MTTD(ctx context.Context, q wire.MTTDRequest) (*wire.MTTDAnswer, error) {
	return get[wire.MTTDAnswer](ctx, c, "/v1/mttd", q)
}

// Incidents lists incidents.
func (c *Client) Incidents(ctx context.Context, q wire.IncidentsRequest) (*wire.Answer[wire.Incident], error) {
	return get[wire.Answer[wire.Incident]](ctx, c, "/v1/incidents", q)
}

// Freshness asks how far each source has come.
func (c *Client) Freshness(ctx context.Context, q wire.FreshnessRequest) (*wire.Answer[wire.Freshness], error) {
	return get[wire.Answer[wire.Freshness]](ctx, c, "/v1/freshness", q)
}

// Sources asks what each source has sent.
func (c *Client) Sources(ctx context.Context, q wire.SourcesRequest) (*wire.Answer[wire.Source], error) {
	return get[wire.Answer[wire.Source]](ctx, c, "/v1/sources", q)
}

// Parameters returns the query parameters of a request type of package wire,
// in the order of its fields.
func Parameters(request any) []string {
	var names []string
	walk(reflect.ValueOf(request), func(name string, _ reflect.Value) { names = append(names, name) })
	return names
}

func get[A any](ctx context.Context, c *Client, path string, request any) (*A, error) {
	params := url.Values{}
	walk(reflect.ValueOf(request), func(name string, v reflect.Value) {
		if !v.IsZero() {
			params.Set(name, text(v))
		}
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.Base, "/")+path+"?"+params.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", c.Base, err)
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	h := c.HTTP
	if h == nil {
		h = http.DefaultClient
	}
	resp, err := h.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", c.Base, err)
	}
	defer resp.Body.Close()
	answer := new(A)
	if err := decode(resp, answer); err != nil {
		return nil, err
	}
	return answer, nil
}

func decode(resp *http.Response, answer any) error {
	if resp.StatusCode != http.StatusOK {
		return problem(resp)
	}
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return fmt.Errorf("read answer of %s: %w", resp.Request.URL.Host, err)
	}
	return nil
}

func problem(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("read answer of %s: %w", resp.Request.URL.Host, err)
	}
	p := &Problem{}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "application/problem+json" || json.Unmarshal(body, p) != nil {
		return fmt.Errorf("ask %s: %s: is this a runledger API?", resp.Request.URL.Host, resp.Status)
	}
	p.Status = resp.StatusCode
	return p
}

// walk calls f for each field of a request that is a query parameter.
func walk(v reflect.Value, f func(string, reflect.Value)) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			walk(v.Field(i), f)
		} else if name, ok := field.Tag.Lookup("query"); ok {
			f(name, v.Field(i))
		}
	}
}

func text(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Slice:
		list := make([]string, v.Len())
		for i := range list {
			list[i] = v.Index(i).String()
		}
		return strings.Join(list, ",")
	default:
		return v.String()
	}
}
