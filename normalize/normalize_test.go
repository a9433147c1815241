package normalize

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize/jsonx"
)

func ids(b Batch) string {
	var list []string
	for _, r := range b.Records {
		list = append(list, r.NativeID)
	}
	return strings.Join(list, " ")
}

func TestDefaultElements(t *testing.T) {
	cases := map[string]string{
		`{"id":"a"}`:                         "a",
		`[{"id":"a"},{"id":"b"}]`:            "a b",
		`{"records":[{"id":"a"}]}`:           "a",
		`{"value":[{"id":"a"},{"id":"b"}]}`:  "a b",
		`{"id":"a","value":"not a list"}`:    "a",
		`{"id":"a","records":{"id":"b"}}`:    "a",
		"{\"id\":\"a\"}\n{\"id\":\"b\"}\n":   "a b",
		`{"id":"a"} [{"id":"b"},{"id":"c"}]`: "a b c",
		`{"id":"a"}{"records":[{"id":"b"}]}`: "a b",
	}
	for text, want := range cases {
		b := normalized(t, thing, value(text))
		require.Empty(t, b.Rejects, text)
		require.Equal(t, want, ids(b), text)
	}
}

func TestRejects(t *testing.T) {
	cases := map[string]struct {
		reason Reason
		path   string
		offset int
	}{
		``:                              {Empty, "", 0},
		" \n\t":                         {Empty, "", 0},
		`[]`:                            {Empty, "$", 0},
		`{"records":[]}`:                {Empty, "$", 0},
		`{"id":`:                        {Truncated, "", 6},
		`{"id":x}`:                      {Malformed, "", 6},
		"{\"id\":\"\xff\"}":             {BadEncoding, "", 7},
		`{"id":"a","id":"b"}`:           {DuplicateKey, "", 10},
		strings.Repeat("[", 70):         {LimitExceeded, "", 64},
		`{"id":"a","status":1}`:         {BadType, "$.status", 19},
		`{"nothing":1}`:                 {Empty, "$", 0},
		`{"records":[{"status":true}]}`: {BadType, "$.records[0].status", 22},
		`{"id":"` + strings.Repeat("a", 300<<10) + `"}`: {LimitExceeded, "", 6},
	}
	for text, want := range cases {
		b := normalized(t, thing, value(text))
		name := text[:min(len(text), 60)]
		require.Empty(t, b.Records, name)
		require.Len(t, b.Rejects, 1, name)
		e := b.Rejects[0].Error
		require.Equal(t, want.reason, e.Reason, name)
		require.Equal(t, want.path, e.Path, name)
		require.Equal(t, want.offset, e.Offset, "%s: %s", name, e.Detail)
		require.NotEmpty(t, e.Detail, name)
	}
}

func TestRejectsKeepNeighbours(t *testing.T) {
	b := normalized(t, thing, value(`[{"id":"a"},{"id":"b","status":1},7,{"id":"c"}]`))
	require.Equal(t, "a  c", ids(b), "7 has no members and becomes a record without an id")
	require.Len(t, b.Rejects, 1)
	require.Equal(t, `{"id":"b","status":1}`, string(b.Rejects[0].Element))
	require.Equal(t, `bad_type at $[1].status (byte 31): want a string, got number`, b.Rejects[0].Error.Error())
}

// TestBrokenLine holds that lines before a broken one go through, and that the
// rest is kept as it came.
func TestBrokenLine(t *testing.T) {
	b := normalized(t, thing, value("{\"id\":\"a\"}\n{\"id\":\"b\"\n{\"id\":\"c\"}\n"))
	require.Equal(t, "a", ids(b))
	require.Len(t, b.Rejects, 1)
	require.Equal(t, "{\"id\":\"b\"\n{\"id\":\"c\"}\n", strings.TrimLeft(string(b.Rejects[0].Element), "\n"))
}

func TestEnvelopeIsFilledIn(t *testing.T) {
	raw := Raw{Tenant: "acme", SourceURI: "https://eu.example.com", ReceivedTime: arrival, Value: []byte(`{"id":"a"}`)}
	r := one(t, raw)
	require.Equal(t, "acme", r.TenantID)
	require.Equal(t, "test.thing", r.Source)
	require.Equal(t, "https://eu.example.com", r.SourceURI)
	require.Equal(t, int64(1), r.ParserVersion)
	require.Equal(t, arrival, r.ReceivedTime)
	require.Equal(t, arrival, r.EventTime)
	require.Equal(t, FromReceived, r.TimeQuality)
	require.Equal(t, int64(len(raw.Value)), r.RawSize)
	require.Equal(t, Hash(sha256.Sum256(raw.Value)), r.RawHash)
}

func TestPlausibleTimes(t *testing.T) {
	timed := Format{Name: "test.timed", Map: func(c *Context, v jsonx.Value) error { return c.EventTime(c.New(KindAction), v.Get("at")) }}
	for text, reason := range map[string]Reason{
		`{"at":"2026-03-02T11:00:00Z"}`: "",
		`{"at":"2026-03-03T11:59:59Z"}`: "",
		`{"at":"2026-03-03T12:00:01Z"}`: BadTime,
		`{"at":"2063-04-05T00:00:00Z"}`: BadTime,
		`{"at":"2016-01-01T00:00:00Z"}`: "",
		`{"at":"2015-01-01T00:00:00Z"}`: BadTime,
		`{"at":1772452800}`:             BadTime,
		`{"at":["2026-03-02"]}`:         BadTime,
		`{"at":""}`:                     "",
		`{"at":null}`:                   "",
		`{}`:                            "",
	} {
		b := normalized(t, timed, value(text))
		if reason == "" {
			require.Empty(t, b.Rejects, text)
			continue
		}
		require.Len(t, b.Rejects, 1, text)
		require.Equal(t, reason, b.Rejects[0].Error.Reason, text)
	}
}

func TestKept(t *testing.T) {
	keeping := Format{Name: "test.keeping", Map: func(c *Context, v jsonx.Value) error {
		for m := v.First(); m.Exists(); m = m.Next() {
			c.Keep(m)
		}
		c.KeepIn("in", v.Get("b"))
		c.KeepAs("in", `odd "key"`, v.Get("a"))
		c.KeepText("", "text", "of a header")
		r := c.New(KindAction)
		r.Unmapped = c.Kept()
		r.Changes = c.Changes()
		return nil
	}}
	b := normalized(t, keeping, value(`{"z":null,"b":{"x":null,"y":[null]},"a":"1","token":"t"}`))
	require.Len(t, b.Records, 1)
	require.Equal(t, `{"a":"1","b":{"y":[null]},"text":"of a header","token":"[redacted]","in.b":{"y":[null]},"in.odd \"key\"":"1"}`, b.Records[0].Unmapped)
	require.Equal(t, "policy=1 token:key", b.Records[0].Redacted)
	require.Empty(t, normalized(t, keeping, value(`[{}]`)).Records[0].Changes)
}

func TestChanges(t *testing.T) {
	changing := Format{Name: "test.changing", Map: func(c *Context, v jsonx.Value) error {
		c.Change("title", v.Get("from"), v.Get("to"))
		c.Change("password", v.Get("from"), jsonx.Value{})
		c.Change("nothing", jsonx.Value{}, jsonx.Value{})
		c.New(KindAudit).Changes = c.Changes()
		return nil
	}}
	b := normalized(t, changing, value(`{"from":"a","to":{"b":null}}`))
	require.Equal(t, `[{"path":"title","from":"a","to":{"b":null}},{"path":"password","from":"[redacted]"}]`, b.Records[0].Changes)
}

// TestStringsLiveUntilReset holds that what many messages in one batch made
// stays as it was, however much memory is used again.
func TestStringsLiveUntilReset(t *testing.T) {
	echo := Format{Name: "test.echo", Map: func(c *Context, v jsonx.Value) error {
		c.New(KindAction).Unmapped = c.JSON(v)
		return nil
	}}
	var n Normalizer
	var b Batch
	for range 3 {
		b.Clear()
		n.Reset()
		var want []string
		for i := range 400 {
			text := `{"n":"` + strings.Repeat(string(rune('a'+i%26)), 1+i*17%5000) + `"}`
			want = append(want, text)
			n.Append(&b, &echo, Raw{Tenant: "acme", ReceivedTime: arrival, Value: []byte(text)})
		}
		for i := range want {
			require.Equal(t, want[i], b.Records[i].Unmapped)
		}
	}
	require.LessOrEqual(t, len(n.ctx.arena.free)+len(n.ctx.arena.full), arenaKept)
}

func TestNoAllocation(t *testing.T) {
	var n Normalizer
	var b Batch
	raw := Raw{Tenant: "acme", ReceivedTime: arrival, Value: []byte(`{"id":"a","attempt":1,"status":"ok","run":"r"}`)}
	got := testing.AllocsPerRun(100, func() {
		b.Clear()
		n.Reset()
		n.Append(&b, &thing, raw)
	})
	require.Zero(t, got)
}
