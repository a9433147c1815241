package normalize_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// pieces renders what Split yields: "offset text" or "offset text ! reason at offset".
func pieces(data []byte, more bool) (got []string, done int) {
	done = normalize.Split(data, more, func(piece []byte, offset int, refused *normalize.Error) bool {
		line := fmt.Sprintf("%d %s", offset, piece)
		if refused != nil {
			line += fmt.Sprintf(" ! %s at %d", refused.Reason, refused.Offset)
		}
		got = append(got, line)
		return true
	})
	return got, done
}

func TestSplit(t *testing.T) {
	const deep = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"nothing":                      {"", nil},
		"blank":                        {" \r\n\t", nil},
		"one value":                    {`{"a":1}`, []string{`0 {"a":1}`}},
		"lines":                        {"{\"a\":1}\n{\"a\":2}\r\n\n{\"a\":3}", []string{`0 {"a":1}`, `8 {"a":2}`, `18 {"a":3}`}},
		"values that touch":            {`{"a":1}{"a":2}`, []string{`0 {"a":1}`, `7 {"a":2}`}},
		"array":                        {`[{"a":1} , {"a":2}]`, []string{`1 {"a":1}`, `11 {"a":2}`}},
		"array of arrays":              {`[[1],[2]]`, []string{`1 [1]`, `5 [2]`}},
		"arrays in lines":              {"[1,2]\n[3]", []string{`1 1`, `3 2`, `7 3`}},
		"empty array":                  {` [ ]`, []string{`1 [ ] ! empty at 1`}},
		"byte order mark":              {"\ufeff{\"a\":1}", []string{`3 {"a":1}`}},
		"not json":                     {"not json at all\n{\"a\":1}", []string{`0 not json at all ! malformed at 1`, `16 {"a":1}`}},
		"html":                         {"<html>\n<body>", []string{`0 <html> ! malformed at 0`, `7 <body> ! malformed at 7`}},
		"torn line":                    {"{\"a\":1,\"b\":\n{\"a\":2}\n{\"a\":3}", []string{`0 {"a":1,"b": ! truncated at 11`, `12 {"a":2}`, `20 {"a":3}`}},
		"torn in a string":             {"{\"a\":\"x\n{\"a\":2}", []string{`0 {"a":"x ! truncated at 7`, `8 {"a":2}`}},
		"torn at the end":              {"{\"a\":1}\n{\"a\":", []string{`0 {"a":1}`, `8 {"a": ! truncated at 13`}},
		"broken, then same line":       {`{"a":oops} {"a":2}`, []string{`0 {"a":oops} ! malformed at 5`, `11 {"a":2}`}},
		"duplicate key":                {"{\"a\":1,\"a\":2}\n{\"a\":3}", []string{`0 {"a":1,"a":2} ! duplicate_key at 7`, `14 {"a":3}`}},
		"indented with duplicate":      {"{\n  \"a\":1,\n  \"a\":2\n}\n{\"a\":3}", []string{"0 {\n  \"a\":1,\n  \"a\":2\n} ! duplicate_key at 13", `21 {"a":3}`}},
		"indented and torn":            {"{\n  \"a\":{\n    \"b\":1\n{\"a\":3}", []string{"0 {\n  \"a\":{\n    \"b\":1 ! truncated at 19", `20 {"a":3}`}},
		"deep, then a neighbour":       {`{"a":` + deep + "\n{\"a\":3}", []string{`0 {"a":` + deep + ` ! limit_exceeded at 68`, `74 {"a":3}`}},
		"nul and bad utf-8":            {"{\"a\":\"\x00\"}\n{\"a\":\"\xff\"}\n{\"a\":3}", []string{"0 {\"a\":\"\x00\"} ! malformed at 6", "10 {\"a\":\"\xff\"} ! bad_encoding at 16", `20 {"a":3}`}},
		"array: broken item":           {`[{"a":1},{"b":oops},nope,{"c":3,"c":4},{"d":"` + "\x00" + `"},{"e":5}]`, []string{`1 {"a":1}`, `9 {"b":oops} ! malformed at 14`, `20 nope ! malformed at 21`, `25 {"c":3,"c":4} ! duplicate_key at 32`, "39 {\"d\":\"\x00\"} ! malformed at 45", `49 {"e":5}`}},
		"array: not closed":            {`[{"a":1},{"b":2}`, []string{`0 [{"a":1},{"b":2} ! truncated at 16`}},
		"array: torn item":             {`[{"a":1},{"b":`, []string{`0 [{"a":1},{"b": ! truncated at 14`}},
		"array: no comma":              {`[{"a":1} {"b":2}]`, []string{`0 [{"a":1} {"b":2}] ! malformed at 9`}},
		"array: comma too many":        {`[{"a":1},]`, []string{`0 [{"a":1},] ! malformed at 9`}},
		"array: bracket too many":      {`[{"a":1}},{"b":2}]`, []string{`0 [{"a":1}},{"b":2}] ! malformed at 8`}},
		"array: neighbours before it":  {"{\"a\":1}\n[1,,2]", []string{`0 {"a":1}`, `8 [1,,2] ! malformed at 11`}},
		"array: a quote is missing":    {`[{"a":"x},{"b":"y"}]`, []string{`0 [{"a":"x},{"b":"y"}] ! truncated at 20`}},
		"array: brackets inside texts": {`[{"a":"]},{"},{"b":"\"]"}]`, []string{`1 {"a":"]},{"}`, `14 {"b":"\"]"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			got, done := pieces([]byte(c.in), false)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", c.in, diff)
			}
			if done != len(c.in) {
				t.Errorf("done with %d bytes of %d", done, len(c.in))
			}
		})
	}
}

func TestSplitStopsWhenTold(t *testing.T) {
	n := 0
	done := normalize.Split([]byte("1\n2\n3\n"), false, func([]byte, int, *normalize.Error) bool { n++; return n < 2 })
	if n != 2 || done != 2 {
		t.Fatalf("%d pieces and %d bytes done; want 2 pieces, and byte 2, where the second starts", n, done)
	}
}

// A text that comes in parts must be split like the whole.
func TestSplitInParts(t *testing.T) {
	for _, text := range []string{
		"{\"a\":1}\n{\"b\":\"x\ny\"}\n  {\"c\":[1,\n2]}\ngarbage here\n{\n\"d\":1,\n\"e\":2\n}\n12\n345\n",
		"{\"a\":1,\n{\"b\":2}\n{\n  \"c\":1,\n  \"c\":2\n}\n{\"d\":4}\r\n",
		"[{\"a\":1},\n{\"b\":2}]\n{\"c\":3}",
	} {
		want, _ := pieces([]byte(text), false)
		for size := 1; size <= len(text); size++ {
			if diff := cmp.Diff(want, inParts([]byte(text), size)); diff != "" {
				t.Fatalf("%q in parts of %d (-want +got):\n%s", text, size, diff)
			}
		}
	}
}

func inParts(text []byte, size int) (got []string) {
	start := 0
	for end := size; ; end += size {
		more := end < len(text)
		part := text[start:min(end, len(text))]
		done := normalize.Split(part, more, func(piece []byte, offset int, refused *normalize.Error) bool {
			line := fmt.Sprintf("%d %s", start+offset, piece)
			if refused != nil {
				line += fmt.Sprintf(" ! %s at %d", refused.Reason, start+refused.Offset)
			}
			got = append(got, line)
			return true
		})
		if start += done; !more {
			return got
		}
	}
}

// Nothing is lost: what lies between the pieces is blank, or belongs to arrays.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		"{\"a\":1}\n{\"a\":2}\n", `[{"a":1},{"b":oops},nope]`, "\ufeff[1,[2,\"]\"]]x", "{\"a\":\n{\"b\":1,\"b\":2}\n }", `[,]`, "[]\n[1\n]",
		strings.Repeat(`{"a":[`, 70) + "\n{}", "\"\xff\"\n\"\\u12\n1.e\n-",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		at := 0
		between := func(to int) {
			if rest := bytes.Trim(data[at:to], "\ufeff \t\r\n[],"); len(rest) > 0 {
				t.Fatalf("%q: lost %q between byte %d and %d", data, rest, at, to)
			}
		}
		var n normalize.Normalizer
		var b normalize.Batch
		format := normalize.Format{Name: "any", Map: func(c *normalize.Context, _ jsonx.Value) error { c.New(normalize.KindAudit); return nil }}
		done := normalize.Split(data, false, func(piece []byte, offset int, refused *normalize.Error) bool {
			between(offset)
			if len(piece) == 0 || !bytes.Equal(piece, data[offset:offset+len(piece)]) {
				t.Fatalf("%q: piece %q is not at byte %d", data, piece, offset)
			}
			at = offset + len(piece)
			b.Clear()
			n.Reset()
			n.Append(&b, &format, normalize.Raw{Tenant: "acme", Value: piece, ReceivedTime: 1})
			if refused != nil && (refused.Detail == "" || refused.Offset < offset || refused.Offset > len(data) || len(b.Records) > 0 && refused.Reason != normalize.Truncated && refused.Reason != normalize.Malformed) {
				t.Fatalf("%q: piece %q at byte %d: %v and %d records", data, piece, offset, refused, len(b.Records))
			}
			return true
		})
		between(len(data))
		if done != len(data) {
			t.Fatalf("%q: done with %d of %d bytes", data, done, len(data))
		}
		if len(data) < 300 { // quadratic
			want, _ := pieces(data, false)
			for _, size := range []int{1, 7} {
				if diff := cmp.Diff(want, inParts(data, size)); diff != "" && !bytes.HasPrefix(data, []byte("\xef")) {
					t.Fatalf("%q in parts of %d (-want +got):\n%s", data, size, diff)
				}
			}
		}
	})
}
