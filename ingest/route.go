package ingest

import (
	"fmt"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/normalize"
)

// route is what the transport says about a message: its format, its owner and
// how long it is to be kept.
type route struct {
	format *normalize.Format
	source string // name of the format, also where there is no such format
	tenant string
	uri    string
	class  string
	// refusal is set when messages on this route cannot be read.
	refusal *normalize.Error
}

type routeKey struct{ source, tenant, uri string }

// router finds the routes of one topic.
type router struct {
	topic   config.Topic // without source: our own topic, whose headers say it
	formats map[string]*normalize.Format
	rules   []config.RetentionRule
	known   map[routeKey]*route
}

// maxRoutes bounds the memory that invented header values can take.
const maxRoutes = 10_000

func newRouter(topic config.Topic, formats map[string]*normalize.Format, rules []config.RetentionRule) *router {
	return &router{topic: topic, formats: formats, rules: rules, known: map[routeKey]*route{}}
}

// header is one header of a message, in the words of the transport.
type header struct {
	key   string
	value []byte
}

// route returns the route of a message with these headers, and the headers
// that are not ours.
func (r *router) route(headers []header) (*route, []normalize.Header) {
	source, tenant, uri := []byte(r.topic.Source), []byte(r.topic.Tenant), []byte(r.topic.SourceURI)
	var others []normalize.Header
	for _, h := range headers {
		switch {
		case r.topic.Source == "" && h.key == headerSource:
			source = h.value
		case r.topic.Source == "" && h.key == headerTenant, r.topic.TenantHeader != "" && h.key == r.topic.TenantHeader:
			tenant = h.value
		case r.topic.SourceURI == "" && h.key == headerSourceURI:
			uri = h.value
		default:
			others = append(others, normalize.Header{Key: h.key, Value: h.value})
		}
	}
	if known := r.known[routeKey{string(source), string(tenant), string(uri)}]; known != nil {
		return known, others
	}
	if len(r.known) >= maxRoutes {
		clear(r.known)
	}
	made := r.make(string(source), string(tenant), string(uri))
	r.known[routeKey{made.source, made.tenant, made.uri}] = made
	return made, others
}

func (r *router) make(source, tenant, uri string) *route {
	made := &route{format: r.formats[source], source: source, tenant: tenant, uri: uri, class: r.class(tenant, source)}
	switch {
	case made.format == nil:
		made.refusal = &normalize.Error{
			Reason: normalize.UnknownSource,
			Detail: fmt.Sprintf("no format is called %q; `runledger sources` lists them", clip(source)),
		}
	case !config.ValidTenant(tenant):
		made.refusal = &normalize.Error{
			Reason: normalize.UnknownTenant,
			Detail: fmt.Sprintf("%q is no name of a tenant", clip(tenant)),
		}
	}
	return made
}

func (r *router) class(tenant, source string) string {
	for _, rule := range r.rules {
		if (rule.Tenant == "" || rule.Tenant == tenant) && (rule.Source == "" || rule.Source == source) {
			return rule.Class
		}
	}
	return config.DefaultClass
}
