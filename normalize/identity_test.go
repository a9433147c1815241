package normalize

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/jsonx"
)

// thing is a format as small as one can be: {"id","attempt","status","kind"}.
var thing = Format{
	Name: "test.thing", Version: 1, Emits: []Kind{KindRun, KindAction},
	Map: func(c *Context, v jsonx.Value) error {
		kind := KindAction
		if v.Get("kind").Str() == "run" {
			kind = KindRun
		}
		if v.Get("status").Exists() && v.Get("status").Kind() != jsonx.String {
			c.New(kind) // half of a record, to be left behind
			return WrongType(v.Get("status"), "a string")
		}
		if v.Get("nothing").Exists() {
			return nil
		}
		r := c.New(kind)
		r.NativeID, r.StatusNative = v.Get("id").Text(), v.Get("status").Str()
		r.Attempt, _ = v.Get("attempt").Int()
		r.RunID, r.State = v.Get("run").Text(), model.Running
		if v.Get("twice").Exists() {
			*c.New(kind) = *r
		}
		return nil
	},
}

const arrival Micros = 1772452800e6 // 2026-03-02T12:00:00Z

func normalized(t *testing.T, f Format, raw Raw) Batch {
	t.Helper()
	if raw.Tenant == "" {
		raw.Tenant = "acme"
	}
	if raw.ReceivedTime == 0 {
		raw.ReceivedTime = arrival
	}
	var n Normalizer
	var b Batch
	n.Append(&b, &f, raw)
	return b
}

func one(t *testing.T, raw Raw) Record {
	t.Helper()
	b := normalized(t, thing, raw)
	require.Empty(t, b.Rejects)
	require.Len(t, b.Records, 1)
	return b.Records[0]
}

func value(text string) Raw { return Raw{Value: []byte(text)} }

func TestSameContentSameID(t *testing.T) {
	a := one(t, value(`{"id":"1","attempt":1,"status":"ok","run":"r"}`))
	later := value(` {"run":"r","status":"ok", "attempt":1,"id":"1"}`)
	later.ReceivedTime = arrival + 3600e6
	b := one(t, later)
	require.Equal(t, a.EventID, b.EventID, "a redelivery in other bytes at another time")
	require.Equal(t, a.EntityID, b.EntityID)
	require.Equal(t, a.ContentHash, b.ContentHash)
	require.NotEqual(t, a.RawHash, b.RawHash)
	require.Equal(t, RunKeyOf("acme", "test.thing", "", "r"), a.RunKey)
}

func TestOtherContentIsARevision(t *testing.T) {
	a := one(t, value(`{"id":"1","attempt":1,"status":"running"}`))
	b := one(t, value(`{"id":"1","attempt":1,"status":"done"}`))
	require.Equal(t, a.EntityID, b.EntityID)
	require.NotEqual(t, a.EventID, b.EventID)
}

func TestOtherThings(t *testing.T) {
	base := value(`{"id":"1","attempt":1,"status":"ok"}`)
	seen := map[ID]string{one(t, base).EntityID: "the thing itself"}
	for name, raw := range map[string]Raw{
		"another id":       value(`{"id":"2","attempt":1,"status":"ok"}`),
		"another attempt":  value(`{"id":"1","attempt":2,"status":"ok"}`),
		"another kind":     value(`{"id":"1","attempt":1,"status":"ok","kind":"run"}`),
		"another tenant":   {Tenant: "globex", Value: base.Value},
		"another instance": {SourceURI: "https://eu.example.com", Value: base.Value},
		"no id":            value(`{"attempt":1,"status":"ok"}`),
	} {
		id := one(t, raw).EntityID
		require.NotContains(t, seen, id, "%s has the entity id of %s", name, seen[id])
		seen[id] = name
	}
}

func TestNoNativeID(t *testing.T) {
	a, again := one(t, value(`{"status":"ok"}`)), one(t, value(`{"status":"ok"}`))
	require.Equal(t, a.EventID, again.EventID, "its content and position identify it")
	other := one(t, value(`{"status":"other"}`))
	require.NotEqual(t, a.EntityID, other.EntityID)
	two := normalized(t, thing, value(`{"status":"ok","twice":1}`))
	require.Len(t, two.Records, 2)
	require.NotEqual(t, two.Records[0].EntityID, two.Records[1].EntityID, "one content at two positions")
}

func TestIDsCannotBeShifted(t *testing.T) {
	var h hasher
	require.NotEqual(t, h.id("a", "bc"), h.id("ab", "c"))
	require.NotEqual(t, h.id("a", ""), h.id("a"))
	id := h.id("a")
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, id.String())
}

// TestContentHashCoversEachField fails if a field can change unnoticed, or if
// one that only says how a record came to us counts as its content.
func TestContentHashCoversEachField(t *testing.T) {
	var h hasher
	empty := h.content(&Record{Kind: KindAction})
	for i := range fields {
		f := &fields[i]
		r := Record{Kind: KindAction}
		switch f.Type {
		case Text:
			*at[string](f, &r) = "x"
		case Int, Time:
			*at[int64](f, &r) = 1
		case Flag:
			*at[bool](f, &r) = true
		case UUID:
			*at[ID](f, &r) = ID{1}
		case Digest:
			*at[Hash](f, &r) = Hash{1}
		}
		if changed := h.content(&r) != empty; changed == f.Provenance {
			t.Errorf("%s: provenance %t, yet the content hash changes: %t", f.Name, f.Provenance, changed)
		}
	}
	require.NotEqual(t, empty, h.content(&Record{Kind: KindRun}))
}
