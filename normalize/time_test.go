package normalize

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseTime(t *testing.T) {
	cases := map[string]struct {
		want    string
		quality TimeQuality
	}{
		"2026-03-01T09:30:00Z":               {"2026-03-01T09:30:00Z", TimeOK},
		"2026-03-01t09:30:00z":               {"2026-03-01T09:30:00Z", TimeOK},
		"2026-03-01 09:30:00":                {"2026-03-01T09:30:00Z", AssumedZone},
		"2026-03-01T09:30:00.1234567Z":       {"2026-03-01T09:30:00.123456Z", TimeOK},
		"2026-03-01T09:30:00,5+01:00":        {"2026-03-01T08:30:00.5Z", TimeOK},
		"2026-03-01T09:30:00-0530":           {"2026-03-01T15:00:00Z", TimeOK},
		"2026-03-01T00:30:00.000001+14:00":   {"2026-02-28T10:30:00.000001Z", TimeOK},
		"2016-12-31T23:59:60Z":               {"2017-01-01T00:00:00Z", TimeOK},
		"2000-02-29T00:00:00Z":               {"2000-02-29T00:00:00Z", TimeOK},
		"1969-12-31T23:59:59.9Z":             {"1969-12-31T23:59:59.9Z", TimeOK},
		"0001-01-01T00:00:00Z":               {"0001-01-01T00:00:00Z", TimeOK},
		"2026-03-01T09:30:00.123456789012Z":  {"2026-03-01T09:30:00.123456Z", TimeOK},
		"2026-03-01T09:30:00.12345678-00:00": {"2026-03-01T09:30:00.123456Z", TimeOK},
	}
	for text, c := range cases {
		got, quality, err := ParseTime(text)
		if err != nil || got.String() != c.want || quality != c.quality {
			t.Errorf("ParseTime(%q) = %s, %q, %v; want %s, %q", text, got, quality, err, c.want, c.quality)
		}
	}
}

func TestParseTimeRefuses(t *testing.T) {
	for _, text := range []string{
		"", "yesterday", "2026-03-01", "1772442000", "2026-3-1T09:30:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-03-00T00:00:00Z", "2026-03-01T24:00:00Z",
		"2026-03-01T09:60:00Z", "2026-03-01T09:30:61Z", "2026-03-01T09:30:00.Z", "2026-03-01T09:30:00+1",
		"2026-03-01T09:30:00+24:00", "2026-03-01T09:30:00+01:60", "2026-03-01T09:30:00 UTC", "2026/03/01 09:30:00",
		"2026-03-01T09:30:00Z ", "+026-03-01T09:30:00Z", "2026-03-01X09:30:00Z", "２０２６-03-01T09:30:00Z", "0000-01-01T00:00:00Z",
	} {
		if got, _, err := ParseTime(text); err == nil {
			t.Errorf("ParseTime(%q) = %s, want an error", text, got)
		}
	}
}

// TestParseTimeReadsWhatGoWrites holds ParseTime to time.Time, to the microsecond.
func TestParseTimeReadsWhatGoWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sec := rapid.Int64Range(-62135596800, 253402300799).Draw(t, "seconds") // years 1 to 9999
		nano := rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")
		zone := time.FixedZone("", 60*rapid.IntRange(-23*60, 23*60).Draw(t, "offset"))
		at := time.Unix(sec, nano).In(zone)
		if at.Year() < 1 || at.Year() > 9999 {
			t.Skip("a year of more than four digits")
		}
		text := at.Format(time.RFC3339Nano)
		got, quality, err := ParseTime(text)
		if err != nil || quality != TimeOK || int64(got) != at.UnixMicro() {
			t.Fatalf("ParseTime(%q) = %d, %q, %v; want %d", text, got, quality, err, at.UnixMicro())
		}
	})
}

// FuzzParseTime holds that Go agrees on all that ParseTime accepts, once it is
// written as Go demands it.
func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"2026-03-01T09:30:00Z", "2026-03-01 09:30:00", "2026-03-01T09:30:00,123456789+0530", "2016-12-31t23:59:60z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, quality, err := ParseTime(text)
		if err != nil {
			return
		}
		strict := strings.Replace(text[:10]+"T"+text[11:], ",", ".", 1)
		leap := time.Duration(0)
		if strict[17:19] == "60" {
			strict, leap = strict[:17]+"59"+strict[19:], time.Second
		}
		switch sign := len(strict) - 5; {
		case quality == AssumedZone:
			strict += "Z"
		case strict[sign] == '+' || strict[sign] == '-':
			strict = strict[:sign+3] + ":" + strict[sign+3:]
		}
		want, err := time.Parse(time.RFC3339Nano, strings.ToUpper(strict))
		if err != nil {
			t.Fatalf("ParseTime(%q) = %s, but time.Parse: %v", text, got, err)
		}
		if want = want.Add(leap); int64(got) != want.UnixMicro() {
			t.Fatalf("ParseTime(%q) = %s, want %s", text, got, want)
		}
	})
}
