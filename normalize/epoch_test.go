package normalize

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize/jsonx"
)

func TestEpochTime(t *testing.T) {
	for _, c := range []struct {
		text, want string
		unit       time.Duration
	}{
		{`1772357400`, "2026-03-01T09:30:00Z", time.Second},
		{`1772357400123`, "2026-03-01T09:30:00.123Z", time.Millisecond},
		{`"1772357400123"`, "2026-03-01T09:30:00.123Z", time.Millisecond},
		{`1.772357400123e12`, "2026-03-01T09:30:00.123Z", time.Millisecond},
		{`1772357400123456789`, "2026-03-01T09:30:00.123456Z", time.Nanosecond},
		{`0`, "", time.Millisecond},
		{`null`, "", time.Millisecond},
		{`""`, "", time.Millisecond},
	} {
		got, err := epoch(t, c.text, c.unit)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, got.String(), c.text)
	}
	for _, text := range []string{`1772357400`, `1772357400.5`, `"2026-03-01"`, `true`, `{}`, `9223372036854775807`, `-9223372036854775808`, `-1`} {
		_, err := epoch(t, text, time.Millisecond)
		require.Error(t, err, text)
	}
}

func epoch(t *testing.T, text string, unit time.Duration) (Micros, error) {
	t.Helper()
	var doc jsonx.Doc
	v, err := doc.Parse([]byte(text))
	require.NoError(t, err)
	c := Context{Raw: Raw{ReceivedTime: 1772366400e6}}
	return c.EpochTime(v, unit)
}
