package cloudevents_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// received is when the events of these tests arrive, 2026-03-01T12:00:00Z.
const received = 1772366400e6

func TestStructured(t *testing.T) {
	e, err := read(t, `{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-03-01T10:30:00+01:00","recordedtime":"2026-03-01T09:31:00Z",
		"subject":"x","correlationid":"c","causationid":"d","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","n":1,"b":true,"gone":null,"data":[1]}`)
	require.NoError(t, err)
	require.Equal(t, []string{"1", "/s", "t", "c", "d"}, []string{e.ID, e.Source, e.Type, e.CorrelationID, e.CausationID})
	require.Equal(t, "2026-03-01T09:30:00Z", e.Time.String())
	require.Equal(t, "2026-03-01T10:30:00+01:00", e.TimeText)
	require.Equal(t, "2026-03-01T09:31:00Z", e.RecordedTime.String())
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", e.TraceID)
	require.Equal(t, "b7ad6b7169203331", e.SpanID)
	require.Equal(t, jsonx.Array, e.Data.Kind())
}

func TestRefused(t *testing.T) {
	const ok = `"specversion":"1.0","id":"1","source":"/s","type":"t","data":{}`
	for name, c := range map[string]struct {
		event  string
		reason normalize.Reason
		path   string
	}{
		"no id":                 {`{"specversion":"1.0","source":"/s","type":"t","data":{}}`, normalize.MissingField, "$.id"},
		"no source":             {`{"specversion":"1.0","id":"1","type":"t","data":{}}`, normalize.MissingField, "$.source"},
		"no type":               {`{"specversion":"1.0","id":"1","source":"/s","data":{}}`, normalize.MissingField, "$.type"},
		"no specversion":        {`{"id":"1","source":"/s","type":"t","data":{}}`, normalize.MissingField, "$.specversion"},
		"empty id":              {`{"specversion":"1.0","id":"","source":"/s","type":"t","data":{}}`, normalize.MissingField, "$.id"},
		"null type":             {`{"specversion":"1.0","id":"1","source":"/s","type":null,"data":{}}`, normalize.MissingField, "$.type"},
		"a number as id":        {`{"specversion":"1.0","id":1,"source":"/s","type":"t","data":{}}`, normalize.BadType, "$.id"},
		"specversion 0.3":       {`{"specversion":"0.3","id":"1","source":"/s","type":"t","data":{}}`, normalize.BadValue, "$.specversion"},
		"specversion as number": {`{"specversion":1,"id":"1","source":"/s","type":"t","data":{}}`, normalize.BadValue, "$.specversion"},
		"capitals in a name":    {`{` + ok + `,"myExt":"x"}`, normalize.BadValue, "$.myExt"},
		"underscore in a name":  {`{` + ok + `,"my_ext":"x"}`, normalize.BadValue, "$.my_ext"},
		"empty name":            {`{` + ok + `,"":"x"}`, normalize.BadValue, `$[""]`},
		"object as attribute":   {`{` + ok + `,"ext":{}}`, normalize.BadType, "$.ext"},
		"binary data":           {`{"specversion":"1.0","id":"1","source":"/s","type":"t","data_base64":"AA=="}`, normalize.BadValue, "$.data_base64"},
		"no data":               {`{"specversion":"1.0","id":"1","source":"/s","type":"t"}`, normalize.MissingField, "$.data"},
		"null data":             {`{"specversion":"1.0","id":"1","source":"/s","type":"t","data":null}`, normalize.MissingField, "$.data"},
		"XML":                   {`{` + ok + `,"datacontenttype":"text/xml"}`, normalize.BadValue, "$.datacontenttype"},
		"time without zone":     {`{` + ok + `,"time":"2026-03-01T09:30:00"}`, normalize.BadTime, "$.time"},
		"time as number":        {`{` + ok + `,"time":1772357400}`, normalize.BadTime, "$.time"},
		"time in 2063":          {`{` + ok + `,"time":"2063-01-01T00:00:00Z"}`, normalize.BadTime, "$.time"},
		"not an object":         {`"event"`, normalize.BadType, "$"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, c.event)
			refused(t, err, c.reason, c.path)
		})
	}
}

func TestDataContentTypes(t *testing.T) {
	for media, ok := range map[string]bool{
		"application/json": true, "application/json; charset=utf-8": true, "application/cloudevents+json": true,
		"Application/JSON": true, "text/json": true, "": true,
		"text/plain": false, "application/xml": false, "application/jsonp": false, "application/cloudevents-batch": false,
	} {
		_, err := read(t, `{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{},"datacontenttype":"`+media+`"}`)
		require.Equal(t, ok, err == nil, "%q: %v", media, err)
	}
}

func TestBinary(t *testing.T) {
	e, err := read(t, `{"type":"of the data"}`, "ce_specversion", "1.0", "ce_id", "1%41", "ce_source", "/s", "ce_type", "t", "other", "x")
	require.NoError(t, err)
	require.Equal(t, "1%41", e.ID, "Kafka headers are not percent-encoded")
	require.Equal(t, "t", e.Type)
	require.Equal(t, "of the data", e.Data.Get("type").Str())

	e, err = read(t, `{}`, "Ce-Specversion", "1.0", "Ce-Id", "1%41", "Ce-Source", "/s", "Ce-Type", "t")
	require.NoError(t, err)
	require.Equal(t, "1A", e.ID, "HTTP headers are percent-encoded")
}

func TestBinaryRefused(t *testing.T) {
	for name, c := range map[string]struct {
		headers []string
		reason  normalize.Reason
		path    string
	}{
		"no id":               {[]string{"ce_specversion", "1.0", "ce_source", "/s", "ce_type", "t"}, normalize.MissingField, "ce_id"},
		"not UTF-8":           {[]string{"ce_specversion", "1.0", "ce_id", "\xff", "ce_source", "/s", "ce_type", "t"}, normalize.BadEncoding, "ce_id"},
		"decodes to no UTF-8": {[]string{"ce-specversion", "1.0", "ce-id", "%FF", "ce-source", "/s", "ce-type", "t"}, normalize.BadEncoding, "ce-id"},
		"broken escape":       {[]string{"ce-specversion", "1.0", "ce-id", "%F", "ce-source", "/s", "ce-type", "t"}, normalize.BadEncoding, "ce-id"},
		"not JSON":            {[]string{"ce_specversion", "1.0", "ce_id", "1", "ce_source", "/s", "ce_type", "t", "Content-Type", "text/plain"}, normalize.BadValue, "Content-Type"},
		"bad time":            {[]string{"ce_specversion", "1.0", "ce_id", "1", "ce_source", "/s", "ce_type", "t", "ce_time", "now"}, normalize.BadTime, "ce_time"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, `{}`, c.headers...)
			refused(t, err, c.reason, c.path)
		})
	}
}

func TestEpochsAreExplained(t *testing.T) {
	for number, hint := range map[string]string{
		"1772357400":           "if it is seconds since 1970, send 2026-03-01T09:30:00Z",
		"1772357400000":        "if it is milliseconds since 1970, send 2026-03-01T09:30:00Z",
		"1772357400000000":     "if it is microseconds since 1970, send 2026-03-01T09:30:00Z",
		"17":                   "got the number 17",
		"1.5":                  "got the number 1.5",
		"99999999999999999999": "got the number 99999999999999999999",
	} {
		_, err := read(t, `{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{},"time":`+number+`}`)
		require.ErrorContains(t, err, hint)
	}
}

func read(t *testing.T, text string, headers ...string) (cloudevents.Event, error) {
	t.Helper()
	c := normalize.Context{Raw: normalize.Raw{Tenant: "acme", Value: []byte(text), ReceivedTime: received}}
	for i := 0; i < len(headers); i += 2 {
		c.Raw.Headers = append(c.Raw.Headers, normalize.Header{Key: headers[i], Value: []byte(headers[i+1])})
	}
	var doc jsonx.Doc
	v, err := doc.Parse(c.Raw.Value)
	require.NoError(t, err)
	return cloudevents.Read(&c, v)
}

func refused(t *testing.T, err error, reason normalize.Reason, path string) {
	t.Helper()
	var e *normalize.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, reason, e.Reason, e.Detail)
	require.Equal(t, path, e.Path)
}
