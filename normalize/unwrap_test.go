package normalize

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize/jsonx"
)

// carrierFormat makes a record of each object with an id.
var carrierFormat = &Format{Name: "test", Map: func(c *Context, v jsonx.Value) error {
	id, err := c.Required(v, "id")
	if err != nil {
		return err
	}
	c.New(KindAudit).NativeID = id
	for m := v.First(); m.Exists(); m = m.Next() {
		c.Keep(m)
	}
	c.batch.Records[len(c.batch.Records)-1].Unmapped = c.Kept()
	return nil
}}

func TestUnwrap(t *testing.T) {
	cases := map[string]struct {
		in   string
		want string // ids, and paths of rejects
	}{
		"an event with a member of that name": {`{"id":"a","event":{"id":"b"}}`, "a"},
		"one of two":                          {`{"message":"text","event":{"id":"b"}}`, "b"},
		"good and bad":                        {`{"events":[{"id":"a"},{},{"id":"c"}]}`, "a c !$.events[1].id"},
		"all bad":                             {`{"events":[{},{}]}`, "!$.id"},
		"an empty list":                       {`{"events":[]}`, "!$.id"},
		"no JSON in the text":                 {`{"message":"{\"id\":\"a\""}`, "!$.id"},
		"more behind the text":                {`{"message":"{\"id\":\"a\"} and more"}`, "!$.id"},
		"escapes":                             {`{"_raw":"{\"id\":\"\\u0061\\n\"}"}`, "a\n"},
		"text in text":                        {`{"event":{"original":"{\"message\":\"{\\\"id\\\":\\\"a\\\"}\"}"}}`, "a"},
		"neighbours":                          {`[{"id":"a"},{"event":{"id":"b"}},{},{"detail":{"id":"d"}}]`, "a b d !$[2].id"},
		"as deep as is looked":                {strings.Repeat(`{"data":`, maxWraps) + `{"id":"a"}` + strings.Repeat(`}`, maxWraps), "a"},
		"deeper":                              {strings.Repeat(`{"data":`, maxWraps+1) + `{"id":"a"}` + strings.Repeat(`}`, maxWraps+1), "!$.id"},
	}
	for name, c := range cases {
		var n Normalizer
		var b Batch
		n.Append(&b, carrierFormat, Raw{Tenant: "acme", Value: []byte(c.in)})
		var got []string
		for i := range b.Records {
			got = append(got, b.Records[i].NativeID)
		}
		for _, r := range b.Rejects {
			got = append(got, "!"+r.Error.Path)
		}
		require.Equal(t, c.want, strings.Join(got, " "), name)
	}
}

// TestUnwrapTakesNoTime: what is refused at every level is looked at once for
// each, and text that holds text at most maxWraps times.
func TestUnwrapTakesNoTime(t *testing.T) {
	wide := `{"events":[` + strings.Repeat(`{"data":{},"event":{},"message":"{}"},`, 9000) + `{}]}`
	text := `{}`
	for range 8 {
		text = `{"message":` + string(AppendString(nil, text)) + `,"event":` + string(AppendString(nil, text)) + `}`
	}
	for _, in := range []string{wide, text} {
		var n Normalizer
		var b Batch
		start := time.Now()
		n.Append(&b, carrierFormat, Raw{Tenant: "acme", Value: []byte(in)})
		require.Len(t, b.Rejects, 1)
		require.Less(t, time.Since(start), time.Second, "%d bytes", len(in))
	}
}
