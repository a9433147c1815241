package cloudevents

import (
	"time"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Time reads the RFC 3339 time that this product's contracts demand: text,
// with a zone. A value that is missing, null or empty gives 0.
func Time(c *normalize.Context, v jsonx.Value) (normalize.Micros, error) {
	switch v.Kind() {
	case jsonx.Missing, jsonx.Null:
		return 0, nil
	case jsonx.Number:
		return 0, normalize.Invalid(v, normalize.BadTime, "want an RFC 3339 date-time with a zone, got the number %s%s", v.Raw(), epochHint(v))
	case jsonx.String:
		if v.Str() == "" {
			return 0, nil
		}
		t, err := c.ParseZoned(v.Str())
		if err != nil {
			return 0, normalize.Invalid(v, normalize.BadTime, "%s", err)
		}
		return t, nil
	default:
		return 0, normalize.Invalid(v, normalize.BadTime, "want an RFC 3339 date-time with a zone, got %s", v.Kind())
	}
}

// epochHint says what to send instead of a number that looks like an epoch.
func epochHint(v jsonx.Value) string {
	n, ok := v.Int()
	if !ok || n < 1e8 {
		return ""
	}
	for _, unit := range [...]struct {
		name   string
		limit  int64
		micros int64
	}{{"seconds", 1e11, 1e6}, {"milliseconds", 1e14, 1e3}, {"microseconds", 1e17, 1}} {
		if n < unit.limit {
			return "; if it is " + unit.name + " since 1970, send " + time.UnixMicro(n*unit.micros).UTC().Format(time.RFC3339Nano)
		}
	}
	return ""
}
