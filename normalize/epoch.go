package normalize

import (
	"time"

	"github.com/runledger/runledger/normalize/jsonx"
)

// EpochTime reads a number of units since 1970 UTC, or a text that holds one.
// A v that is missing, null, empty or 0 gives 0.
func (c *Context) EpochTime(v jsonx.Value, unit time.Duration) (Micros, error) {
	if !v.Exists() || v.IsNull() || v.Kind() == jsonx.String && v.Str() == "" {
		return 0, nil
	}
	n, ok := v.Int()
	if !ok {
		return 0, Invalid(v, BadTime, "want a count of %s since 1970, got %s", unit, clip(v.Raw()))
	}
	t := Micros(n / max(1, int64(time.Microsecond/unit)))
	if per := Micros(unit / time.Microsecond); per > 1 {
		if t > 1<<62/per || t < -1<<62/per {
			return 0, Invalid(v, BadTime, "want a count of %s since 1970, got %d", unit, n)
		}
		t *= per
	}
	if t == 0 {
		return 0, nil
	}
	if err := c.plausible(t); err != nil {
		return 0, Invalid(v, BadTime, "%s", err)
	}
	return t, nil
}
