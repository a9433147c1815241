package ingest

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var pendingIntent = intent{
	epoch: 2, pending: true, last: 1999, messages: 1000, layout: 1, plan: 0xdeadbeef, hash: 0x0123456789abcdef, declared: time.Unix(1_772_452_800, 0),
}

func TestIntent(t *testing.T) {
	require.Equal(t, "v1;epoch=2;last=1999;rows=1000;layout=1;plan=deadbeef;h=0123456789abcdef;at=1772452800", pendingIntent.String())
	require.Equal(t, "v1;epoch=3", intent{epoch: 3}.String())
	for _, want := range []intent{pendingIntent, {epoch: 3}, {}} {
		got, err := parseIntent(want.String())
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestIntentRefused(t *testing.T) {
	good := pendingIntent.String()
	for name, s := range map[string]string{
		"empty":            "",
		"another program":  "consumer-1@host",
		"newer version":    strings.Replace(good, "v1", "v2", 1),
		"torn":             good[:len(good)/2],
		"missing field":    strings.Replace(good, ";rows=1000", "", 1),
		"field twice":      good + ";at=1",
		"other order":      "v1;epoch=2;rows=1;last=1;layout=1;plan=00000000;h=0000000000000000;at=1",
		"negative":         strings.Replace(good, "last=1999", "last=-1", 1),
		"not a number":     strings.Replace(good, "rows=1000", "rows=many", 1),
		"too large":        strings.Replace(good, "layout=1", "layout=65536", 1),
		"other spelling":   strings.Replace(good, "last=1999", "last=01999", 1),
		"capital letters":  strings.Replace(good, "deadbeef", "DEADBEEF", 1),
		"trailing garbage": good + " ",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseIntent(s)
			require.Error(t, err)
		})
	}
}

// FuzzIntent holds that whatever is accepted is exactly what we would write.
func FuzzIntent(f *testing.F) {
	f.Add(pendingIntent.String())
	f.Add("v1;epoch=0")
	f.Add("v1;epoch=0;last=")
	f.Fuzz(func(t *testing.T, s string) {
		i, err := parseIntent(s)
		if err == nil && i.String() != s {
			t.Fatalf("%q is read as %q", s, i)
		}
	})
}

func TestToken(t *testing.T) {
	token := tokenOf("cluster", "events", 0, 3, 1000, 1999, 1)
	require.Len(t, token, 64)
	require.Equal(t, token, tokenOf("cluster", "events", 0, 3, 1000, 1999, 1))
	for name, other := range map[string]string{
		"cluster":   tokenOf("other", "events", 0, 3, 1000, 1999, 1),
		"topic":     tokenOf("cluster", "other", 0, 3, 1000, 1999, 1),
		"epoch":     tokenOf("cluster", "events", 1, 3, 1000, 1999, 1),
		"partition": tokenOf("cluster", "events", 0, 4, 1000, 1999, 1),
		"first":     tokenOf("cluster", "events", 0, 3, 1001, 1999, 1),
		"last":      tokenOf("cluster", "events", 0, 3, 1000, 2000, 1),
		"layout":    tokenOf("cluster", "events", 0, 3, 1000, 1999, 2),
	} {
		require.NotEqual(t, token, other, name)
	}
}
