package query

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
	"time"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/query/wire"
)

// Times that a question may name. They also keep arithmetic on them in range.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

var duration = regexp.MustCompile(`^(\d{1,6})(s|m|h|d|w)$`)

// parseDuration reads 15m, 1h, 30d, 2w.
func parseDuration(s string) (time.Duration, bool) {
	m := duration.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, false
	}
	unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[m[2]]
	if n > int(200*365*24*time.Hour/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// parseTime reads RFC 3339, now, or a time relative to now such as -30d.
func parseTime(field, s string, now time.Time) (time.Time, error) {
	t := now
	switch {
	case s == "now":
	case s != "" && (s[0] == '-' || s[0] == '+'):
		d, ok := parseDuration(s[1:])
		if !ok {
			return t, invalid(field, s, "want RFC 3339, now, or relative to now such as -30d (units s, m, h, d, w)")
		}
		if s[0] == '-' {
			d = -d
		}
		t = now.Add(d)
	default:
		var err error
		if t, err = time.Parse(time.RFC3339Nano, s); err != nil {
			return t, invalid(field, s, "want RFC 3339, now, or relative to now such as -30d (units s, m, h, d, w)")
		}
	}
	t = t.UTC().Truncate(time.Microsecond)
	if t.Before(earliest) || t.After(latest) {
		return t, invalid(field, s, "want a time from 1970 to 2200")
	}
	return t, nil
}

// span is a scope that is understood.
type span struct{ from, to time.Time }

// parseSpan reads the time range of sc.
func parseSpan(sc wire.Scope, now time.Time) (span, error) {
	from, err := parseTime("from", sc.From, now)
	if err != nil {
		return span{}, err
	}
	to, err := parseTime("to", sc.To, now)
	if err != nil {
		return span{}, err
	}
	if !from.Before(to) {
		return span{}, invalid("from", sc.From, "the range from %s to %s is empty", from.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	return span{from, to}, nil
}

func checkTenant(tenant string) error {
	switch {
	case tenant == "":
		return invalid("tenant", "", "required, because this API has no tokens that stand for one")
	case !config.ValidTenant(tenant):
		return invalid("tenant", tenant, "%q is no tenant name: want letters, digits, dot, hyphen or underscore, at most 64", tenant)
	}
	return nil
}

// cursor says where the next page of a list begins and what it may see. It is
// no secret: a changed one asks another question about the same tenant.
type cursor struct {
	From  int64  `json:"f"` // range and as-of, in microseconds, fixed by the first page
	To    int64  `json:"t"`
	AsOf  int64  `json:"a"`
	Time  int64  `json:"l"` // the last row of the page before
	Key   string `json:"k"`
	Asked uint64 `json:"q"` // of the other parameters, so that a cursor is not used for another list
}

func (c cursor) String() string {
	text, _ := json.Marshal(c) // integers and a string
	return base64.RawURLEncoding.EncodeToString(text)
}

// asked is a checksum of the parameters of a list that are not its page.
func asked(parts ...any) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q", parts)
	return h.Sum64()
}

func parseCursor(s string, asked uint64, key *regexp.Regexp) (cursor, error) {
	var c cursor
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil || !key.MatchString(c.Key) {
		return c, invalid("cursor", s, "no cursor of this list; take next_cursor of the page before, or leave it out to start again")
	}
	for _, us := range []int64{c.From, c.To, c.AsOf, c.Time} {
		if us < earliest.UnixMicro() || us > latest.UnixMicro() {
			return c, invalid("cursor", s, "no cursor of this list; leave it out to start again")
		}
	}
	if c.Asked != asked {
		return c, invalid("cursor", s, "belongs to a list with other parameters; repeat them, or leave the cursor out to start again")
	}
	return c, nil
}
