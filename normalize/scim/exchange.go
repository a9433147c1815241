package scim

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// exchange is one request and its response, or one operation of a bulk request.
type exchange struct {
	c     *normalize.Context
	event *cloudevents.Event
	data  jsonx.Value // the whole exchange, also for an operation of a bulk

	method, path      string
	resource, id      string // of the path: "Users" and what follows it
	status            int    // HTTP status; 0 where no response came
	trouble           string // why no response came
	request, response jsonx.Value

	at       normalize.Micros
	timeText string
	took     normalize.Micros
	op       *operation // of a bulk request
}

func (x *exchange) read() (err error) {
	if x.method, err = x.c.Required(x.data, "method"); err != nil {
		return err
	}
	x.method = strings.ToUpper(x.method)
	if x.path, err = x.c.Required(x.data, "path"); err != nil {
		return err
	}
	x.resource, x.id = resourceOf(x.path)
	if err := x.readStatus(); err != nil {
		return err
	}
	if err := x.readTime(); err != nil {
		return err
	}
	x.request, x.response = normalize.Inner(x.data.Get("request_body")), normalize.Inner(x.data.Get("response_body"))
	if x.request.Kind() == jsonx.String { // no request of SCIM, and nothing that could be masked
		x.request = jsonx.Value{}
	}
	for _, key := range [...]string{"request_headers", "response_headers"} {
		if m := x.data.Get(key); m.Exists() && !m.IsNull() && m.Kind() != jsonx.Object {
			return normalize.WrongType(m, "an object of headers")
		}
	}
	return nil
}

func (x *exchange) readStatus() error {
	v := x.data.Get("status_code")
	if x.trouble = x.data.Get("error").Text(); x.trouble != "" && !v.Exists() {
		return nil
	}
	if !v.Exists() || v.IsNull() {
		return normalize.Missing(x.data, "status_code")
	}
	status, ok := httpStatus(v)
	if !ok {
		return normalize.Invalid(v, normalize.BadValue, "want an HTTP status, 100 to 599, got %.40s", v.Raw())
	}
	x.status = status
	return nil
}

// httpStatus reads 201, "201", or the {"code":"201"} of early bulk drafts.
func httpStatus(v jsonx.Value) (int, bool) {
	if v.Kind() == jsonx.Object {
		v = v.Get("code")
	}
	n, ok := v.Int()
	return int(n), ok && n >= 100 && n <= 599
}

func (x *exchange) readTime() (err error) {
	v := x.data.Get("time")
	if x.at, err = cloudevents.Time(x.c, v); err != nil {
		return err
	}
	x.timeText = v.Str()
	if x.at == 0 {
		x.at, x.timeText = x.event.Time, x.event.TimeText
	}
	if x.at == 0 {
		return normalize.Missing(x.data, "time")
	}
	took := x.data.Get("duration_ms")
	if !took.Exists() || took.IsNull() {
		return nil
	}
	ms, ok := milliseconds(took)
	if !ok {
		return normalize.Invalid(took, normalize.BadValue, "want milliseconds, at most a day of them, got %.40s", took.Raw())
	}
	x.took = ms
	return nil
}

// milliseconds reads a duration, of which the fraction may be anything.
func milliseconds(v jsonx.Value) (normalize.Micros, bool) {
	ms, err := strconv.ParseFloat(v.Text(), 64)
	if err != nil || !(ms >= 0 && ms <= 24*3600*1000) {
		return 0, false
	}
	return normalize.Micros(ms * 1000), true
}

// resourceOf returns the endpoint a path is about, and the id after it.
func resourceOf(path string) (resource, id string) {
	path, _, _ = strings.Cut(path, "?")
	if _, rest, ok := strings.Cut(path, "://"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	segments := strings.Split(strings.Trim(path, "/"), "/")
	at := -1
	for i, s := range segments {
		if endpoint(s) != "" {
			at = i
		}
	}
	if at < 0 {
		return "", ""
	}
	if at+1 < len(segments) {
		id = segments[at+1]
		if plain, err := url.PathUnescape(id); err == nil && utf8.ValidString(plain) {
			id = plain
		}
	}
	return endpoint(segments[at]), id
}

func endpoint(segment string) string {
	for _, e := range [...]string{"Users", "Groups", "Me", "Bulk", ".search", "ServiceProviderConfig", "ResourceTypes", "Schemas"} {
		if strings.EqualFold(e, segment) {
			return e
		}
	}
	return ""
}

// host returns the server of an absolute path.
func host(path string) string {
	_, rest, ok := strings.Cut(path, "://")
	if !ok {
		return ""
	}
	authority, _, _ := strings.Cut(rest, "/")
	return authority[strings.LastIndexByte(authority, '@')+1:]
}

// fold returns the member of v with that name in whatever case: attribute names
// of SCIM and names of HTTP headers have none.
func fold(v jsonx.Value, name string) jsonx.Value {
	if v.Kind() != jsonx.Object {
		return jsonx.Value{}
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		if strings.EqualFold(m.Key(), name) {
			return m
		}
	}
	return jsonx.Value{}
}

// version is the version of the resource after the request: meta.version, or
// the ETag of the response.
func (x *exchange) version() string {
	var header string
	if x.op == nil {
		header = fold(x.data.Get("response_headers"), "etag").Text()
	} else {
		header = x.op.version
	}
	return cmp.Or(fold(fold(x.response, "meta"), "version").Text(), header)
}
