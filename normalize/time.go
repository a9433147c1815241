package normalize

import (
	"fmt"
	"time"
)

// Micros is a point in time in microseconds since 1970-01-01 UTC; 0 is unknown.
type Micros int64

// The span around its arrival within which a time is believed.
const (
	MaxFuture Micros = 24 * 3600 * 1e6            // a day: clocks are wrong by hours, not by years
	MaxAge    Micros = 11 * 366 * 24 * 3600 * 1e6 // beyond the longest retention
)

// FromTime converts t; the zero time gives 0.
func FromTime(t time.Time) Micros {
	if t.IsZero() {
		return 0
	}
	return Micros(t.UnixMicro())
}

// Time converts m to UTC; 0 gives the zero time.
func (m Micros) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(m)).UTC()
}

// String returns RFC 3339 in UTC, or "" for an unknown time.
func (m Micros) String() string {
	if m == 0 {
		return ""
	}
	return m.Time().Format(time.RFC3339Nano)
}

func hours(m Micros) string { return time.Duration(m * 1000).String() }

// TimeQuality says how far an event time can be trusted.
type TimeQuality string

// The closed set of time qualities; TimeOK is stored as the empty string.
const (
	TimeOK        TimeQuality = ""
	AssumedZone   TimeQuality = "assumed_zone"  // no zone in the text: UTC assumed
	FromReceived  TimeQuality = "from_received" // no time at all: that of its arrival
	AmbiguousTime TimeQuality = "ambiguous"
)

// ParseTime reads an RFC 3339 date-time with any number of fraction digits
// (those below a microsecond are cut off). A blank instead of T and a missing
// zone are accepted, the latter as AssumedZone.
//
//nolint:gocyclo // one check after the other, no branch inside another
func ParseTime(s string) (Micros, TimeQuality, error) {
	if len(s) < 19 || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' ||
		(s[10] != 'T' && s[10] != 't' && s[10] != ' ') {
		return 0, TimeOK, badTime(s)
	}
	year, month, day := digits(s[0:4]), digits(s[5:7]), digits(s[8:10])
	hour, minute, sec := digits(s[11:13]), digits(s[14:16]), digits(s[17:19])
	if year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) ||
		hour < 0 || hour > 23 || minute < 0 || minute > 59 || sec < 0 || sec > 60 {
		return 0, TimeOK, badTime(s)
	}
	micro, rest, ok := fraction(s[19:])
	if !ok {
		return 0, TimeOK, badTime(s)
	}
	offset, quality, ok := zone(rest)
	if !ok {
		return 0, TimeOK, badTime(s)
	}
	secs := daysSinceEpoch(year, month, day)*86400 + int64(hour*3600+minute*60+sec) - int64(offset)
	return Micros(secs*1e6 + micro), quality, nil
}

// ParseZoned is ParseTime for contracts that demand a zone; it also refuses
// what cannot be, as Time does.
func (c *Context) ParseZoned(s string) (Micros, error) {
	t, quality, err := ParseTime(s)
	switch {
	case err != nil:
		return 0, err
	case quality == AssumedZone:
		return 0, fmt.Errorf("want a zone, Z or an offset such as +01:00, after %q", s)
	}
	return t, c.plausible(t)
}

func badTime(s string) error {
	return fmt.Errorf("want an RFC 3339 date-time such as 2026-03-01T09:30:00Z, got %q", s[:min(len(s), 64)])
}

// digits returns the number s spells, or -1.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return -1
		}
		n = n*10 + int(d)
	}
	return n
}

// fraction reads ".123456" at the start of s, as microseconds.
func fraction(s string) (micro int64, rest string, ok bool) {
	if s == "" || s[0] != '.' && s[0] != ',' {
		return 0, s, true
	}
	i, scale := 1, int64(1e5)
	for ; i < len(s) && s[i]-'0' <= 9; i++ {
		micro += int64(s[i]-'0') * scale
		scale /= 10
	}
	return micro, s[i:], i > 1
}

// zone reads "Z", "+01:00", "+0100" or nothing; the offset is in seconds.
func zone(s string) (offset int, q TimeQuality, ok bool) {
	switch {
	case s == "":
		return 0, AssumedZone, true
	case s == "Z" || s == "z":
		return 0, TimeOK, true
	case s[0] != '+' && s[0] != '-':
		return 0, TimeOK, false
	}
	var h, m int
	switch {
	case len(s) == 6 && s[3] == ':':
		h, m = digits(s[1:3]), digits(s[4:6])
	case len(s) == 5:
		h, m = digits(s[1:3]), digits(s[3:5])
	default:
		return 0, TimeOK, false
	}
	if h < 0 || h > 23 || m < 0 || m > 59 {
		return 0, TimeOK, false
	}
	offset = h*3600 + m*60
	if s[0] == '-' {
		offset = -offset
	}
	return offset, TimeOK, true
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// daysSinceEpoch counts days in the proleptic Gregorian calendar (Howard
// Hinnant's days_from_civil): no table, no allocation, no time.Time.
func daysSinceEpoch(y, m, d int) int64 {
	if m <= 2 {
		y--
	}
	era := y / 400
	yoe := y - era*400
	mp := (m + 9) % 12
	doy := (153*mp+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int64(era)*146097 + int64(doe) - 719468
}
