package normalize_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/runledger/runledger/normalize"
)

// words makes a run of each line, and refuses the line "bad" at its second byte.
func words() *normalize.Format {
	return &normalize.Format{Name: "words", Version: 1, MapLine: func(c *normalize.Context, line string) error {
		switch line {
		case "bad":
			c.New(normalize.KindRun)
			return &normalize.Error{Reason: normalize.BadValue, Path: "word", Offset: 1, Detail: "bad"}
		case "nothing":
			return nil
		}
		c.New(normalize.KindRun).NativeID = line
		return nil
	}}
}

// TestLines holds that each line that is not blank ends in a record or in a
// reject with its bytes and its place, whichever way the text is cut.
func TestLines(t *testing.T) {
	long := strings.Repeat("x", 256<<10+1)
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"lines":                  {"a\nb\n", []string{"0 a", "2 b"}},
		"no end":                 {"a\nb", []string{"0 a", "2 b"}},
		"windows and blank":      {"\ufeffa\r\n\r\n \t\r\nb\r\n", []string{"3 a", "12 b"}},
		"one is bad":             {"a\nbad\nb", []string{"0 a", "2 bad ! bad_value at 3", "6 b"}},
		"one makes nothing":      {"a\nnothing", []string{"0 a", "2 nothing ! empty at 2"}},
		"not utf-8":              {"a\nb\xff\nc", []string{"0 a", "2 b\xff ! bad_encoding at 3", "5 c"}},
		"nul":                    {"a\nb\x00\x00", []string{"0 a", "2 b\x00\x00 ! malformed at 3"}},
		"too long":               {long + "\na", []string{"0 " + long + " ! limit_exceeded at 0", fmt.Sprintf("%d a", len(long)+1)}},
		"json is a line as well": {`[{"a":1},{"b":2}]`, []string{`0 [{"a":1},{"b":2}]`}},
	} {
		f := words()
		var got []string
		f.Split([]byte(c.in), false, func(line []byte, offset int, _ *normalize.Error) bool {
			var n normalize.Normalizer
			var b normalize.Batch
			n.Append(&b, f, normalize.Raw{Tenant: "acme", Value: line})
			text := fmt.Sprintf("%d %s", offset, line)
			for _, r := range b.Rejects {
				text += fmt.Sprintf(" ! %s at %d", r.Error.Reason, offset+r.Error.Offset)
			}
			if len(b.Records)+len(b.Rejects) != 1 {
				t.Errorf("%s: %q became %d records and %d rejects", name, line, len(b.Records), len(b.Rejects))
			}
			got = append(got, text)
			return true
		})
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		var n normalize.Normalizer
		var b normalize.Batch
		n.Append(&b, f, normalize.Raw{Tenant: "acme", Value: []byte(c.in)})
		if len(b.Records)+len(b.Rejects) != len(c.want) {
			t.Errorf("%s: the whole text became %d records and %d rejects, want %d", name, len(b.Records), len(b.Rejects), len(c.want))
		}
		for _, r := range b.Rejects {
			if want := fmt.Sprintf("%s ! %s at %d", r.Element, r.Error.Reason, r.Error.Offset); !strings.Contains(strings.Join(got, "\n"), want) {
				t.Errorf("%s: whole text: %s, not among %q", name, want, got)
			}
		}
	}
}

// TestLinesOfNothing holds that a payload without a line is a reject.
func TestLinesOfNothing(t *testing.T) {
	for _, in := range []string{"", "\n", " \r\n\t"} {
		var n normalize.Normalizer
		var b normalize.Batch
		n.Append(&b, words(), normalize.Raw{Tenant: "acme", Value: []byte(in)})
		if len(b.Records) != 0 || len(b.Rejects) != 1 || b.Rejects[0].Error.Reason != normalize.Empty {
			t.Errorf("%q: %+v", in, b)
		}
	}
}

// TestSplitLinesInParts cuts a text at every byte and goes on where Split was
// done: no line is lost, none comes twice.
func TestSplitLinesInParts(t *testing.T) {
	const in = "a\r\nlonger\n\nc\nlast"
	for cut := range len(in) {
		var got []string
		take := func(line []byte, _ int, _ *normalize.Error) bool { got = append(got, string(line)); return true }
		done := words().Split([]byte(in[:cut]), true, take)
		words().Split([]byte(in[done:]), false, take)
		if diff := cmp.Diff([]string{"a", "longer", "c", "last"}, got); diff != "" {
			t.Fatalf("cut at %d (-want +got):\n%s", cut, diff)
		}
	}
}
