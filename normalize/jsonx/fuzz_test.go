package jsonx

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
	"unicode/utf8"
)

// decode is v as encoding/json would have it.
func decode(v Value) any {
	switch v.Kind() {
	case Bool:
		val, _ := v.Bool()
		return val
	case Number:
		return json.Number(v.Text())
	case String:
		return v.Str()
	case Object:
		m := map[string]any{}
		for v := v.First(); v.Exists(); v = v.Next() {
			m[v.Key()] = decode(v)
		}
		return m
	case Array:
		s := []any{}
		for v := v.First(); v.Exists(); v = v.Next() {
			s = append(s, decode(v))
		}
		return s
	}
	return nil
}

func reference(src []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	var want any
	if err := dec.Decode(&want); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("trailing")
	}
	return want, nil
}

// repeatsKey reports whether some object of the next value names a member
// twice.
func repeatsKey(t *testing.T, dec *json.Decoder) bool {
	token, err := dec.Token()
	if err != nil {
		t.Fatal(err)
	}
	found, seen := false, map[any]bool{}
	switch token {
	case json.Delim('{'):
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				t.Fatal(err)
			}
			found = found || seen[key]
			seen[key] = true
			found = repeatsKey(t, dec) || found
		}
		_, err = dec.Token()
	case json.Delim('['):
		for dec.More() {
			found = repeatsKey(t, dec) || found
		}
		_, err = dec.Token()
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// FuzzParse compares with encoding/json: what both accept is the same, and we
// refuse more only by the rules of this package.
func FuzzParse(f *testing.F) {
	for _, test := range texts {
		f.Add([]byte(test.in))
	}
	var d, e Doc
	f.Fuzz(func(t *testing.T, src []byte) {
		v, err := d.Parse(src)
		want, refErr := reference(src)
		switch code := code(err); {
		case err == nil && refErr != nil:
			t.Fatalf("accepted, but encoding/json says %v", refErr)
		case err == nil:
			if got := decode(v); !reflect.DeepEqual(got, want) {
				t.Fatalf("got %#v, want %#v", got, want)
			}
			canon := AppendCanonical(nil, v)
			again, err := e.Parse(canon)
			if err != nil {
				t.Fatalf("canonical form %q: %v", canon, err)
			}
			if got := AppendCanonical(nil, again); !bytes.Equal(got, canon) {
				t.Fatalf("canonical form of %q is %q", canon, got)
			}
		case refErr != nil:
		case code == "bad_utf8" && !utf8.Valid(src):
		case code == "duplicate_key" && repeatsKey(t, json.NewDecoder(bytes.NewReader(src))):
		case code == "too_deep" && bytes.Count(src, []byte("["))+bytes.Count(src, []byte("{")) > 64:
		case code == "number_too_long" && len(src) > 40:
		case (code == "too_many_keys" || code == "too_many_items" || code == "string_too_long") && len(src) > 2000:
		default:
			t.Fatalf("refused with %v, but encoding/json accepts it", err)
		}
	})
}

// FuzzStream compares the values of a stream with those of json.Decoder.
func FuzzStream(f *testing.F) {
	f.Add([]byte("{\"a\":1}\n{\"b\":2}\r\n[3]4\"5\"6 7"))
	f.Add([]byte("truefalse1[2]x"))
	f.Fuzz(func(t *testing.T, src []byte) {
		var d Doc
		dec := json.NewDecoder(bytes.NewReader(src))
		for at := 0; ; {
			v, end, err := d.ParseNext(src, at)
			var want json.RawMessage
			refErr := dec.Decode(&want)
			switch code := code(err); {
			case err == io.EOF && refErr == io.EOF:
				return
			case err == nil && refErr == nil:
				if !bytes.Equal(v.Raw(), want) || v.Offset()+len(want) != end {
					t.Fatalf("got %q up to byte %d, want %q", v.Raw(), end, want)
				}
				at = end
			case err != nil && refErr != nil && err != io.EOF:
				return
			case code == "malformed" && (string(want) == "0" || string(want) == "-0"):
				return // 00 is no stream of two zeros here
			case code == "" || code == "malformed" || code == "truncated" || refErr != nil:
				t.Fatalf("at byte %d: got %v, encoding/json says %v", at, err, refErr)
			default:
				return
			}
		}
	})
}
