package normalize

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/jsonx"
)

func TestInner(t *testing.T) {
	for text, want := range map[string]string{
		`"{\"token\":\"s3cr3t\",\"a\":1}"`: `{"token":"[redacted]","a":1}`,
		`" [1] "`:                          `[1]`,
		`"plain"`:                          `"plain"`,
		`{"a":1}`:                          `{"a":1}`,
		`"{\"token\":\"s3c"`:               `"[redacted]"`,
	} {
		var c Context
		var doc jsonx.Doc
		v, err := doc.Parse([]byte(text))
		require.NoError(t, err)
		require.Equal(t, want, string(c.AppendInner(nil, "body", v)), text)
	}
}

func TestCounts(t *testing.T) {
	var c Context
	require.Empty(t, c.Counts(nil))
	done := func(o model.Outcome) model.Child { return model.Child{State: model.Terminal, Outcome: o} }
	require.Equal(t, `{"success":2,"failure":1,"skipped":1,"waiting":1,"unknown":2}`, c.Counts([]model.Child{
		done(model.Success),
		{State: model.Waiting},
		done(model.Failure), done(model.Success), done(model.Skipped),
		done(model.UnknownOutcome),
		{State: model.UnknownState},
	}))
}

func TestParseZoned(t *testing.T) {
	c := Context{Raw: Raw{ReceivedTime: 1772366400e6}}
	at, err := c.ParseZoned("2026-03-01T10:30:00+01:00")
	require.NoError(t, err)
	require.Equal(t, "2026-03-01T09:30:00Z", at.String())
	for _, text := range []string{"", "2026-03-01T10:30:00", "2026-03-01", "2063-01-01T00:00:00Z", "1999-01-01T00:00:00Z"} {
		_, err := c.ParseZoned(text)
		require.Error(t, err, text)
	}
}
