package jsonx

import (
	"fmt"
	"math"
	"testing"
)

const sample = `{"actor":{"id":"a1","tags":["x","y"],"odd key":{"é":[null,{"\"q":1.50}]}},` +
	`"n":12,"t":true,"s":"TRUE","i":"-7","e":"","nul":null,"esc":"a\n\u00e9\ud83d\ude00","o":{},"l":[]}`

func parse(t *testing.T, src string) Value {
	t.Helper()
	v, err := new(Doc).Parse([]byte(src))
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return v
}

func TestValue(t *testing.T) {
	v := parse(t, sample)
	equal := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %#v, want %#v", what, got, want)
		}
	}
	equal("members", v.Len(), 10)
	equal("items", v.At("actor", "tags").Len(), 2)
	equal("empty object", v.Get("o").Len(), 0)
	equal("empty object's first", v.Get("o").First(), Value{})
	equal("empty array's first", v.Get("l").First(), Value{})
	equal("after the root", v.Next(), Value{})
	equal("after the last", v.Get("l").Next(), Value{})
	equal("deep", v.At("actor", "id").Str(), "a1")
	equal("absent", v.At("actor", "nope", "id"), Value{})
	equal("member of a string", v.At("n", "x").Exists(), false)
	equal("null exists", v.Get("nul").Exists(), true)
	equal("null", v.Get("nul").IsNull(), true)
	equal("absent is not null", v.Get("nope").IsNull(), false)
	equal("escapes", v.Get("esc").Str(), "a\né😀")
	equal("raw string", string(v.Get("esc").Raw()), `"a\n\u00e9\ud83d\ude00"`)
	equal("raw root", string(v.Raw()), sample)
	equal("raw array", string(v.At("actor", "tags").Raw()), `["x","y"]`)
	equal("offset", v.Get("actor").Offset(), 9)
	equal("number is no Str", v.Get("n").Str(), "")
	equal("number as Text", v.Get("n").Text(), "12")
	equal("bool as Text", v.Get("t").Text(), "true")
	equal("object as Text", v.Get("o").Text(), "")
	equal("last key", v.Get("l").Key(), "l")
	equal("root key", v.Key(), "")
	equal("item key", v.At("actor", "tags").First().Key(), "")
	equal("kind", v.Get("l").Kind().String(), "array")
	for key, want := range map[string][2]bool{"t": {true, true}, "s": {true, true}, "n": {}, "e": {}, "nul": {}, "o": {}} {
		val, ok := v.Get(key).Bool()
		equal("bool of "+key, [2]bool{val, ok}, want)
	}
	n, ok := v.Get("i").Int()
	equal("int in a string", n, int64(-7))
	equal("int in a string ok", ok, true)
	_, ok = v.Get("t").Int()
	equal("bool is no int", ok, false)
}

func TestMissing(t *testing.T) {
	var v Value
	_, isInt := v.Int()
	_, isBool := v.Bool()
	if v.Exists() || v.IsNull() || isInt || isBool || v.Raw() != nil || v.Str()+v.Text()+v.Key()+v.Path() != "" ||
		v.Offset()+v.Len() != 0 || v.First() != v || v.Next() != v || v.Get("a") != v || len(AppendCanonical(nil, v)) != 0 {
		t.Error("the zero Value is not Missing in all respects")
	}
}

func TestInt(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "12": 12, "1.0": 1, "1.2e1": 12, "1200e-2": 12, "1e3": 1000, "1E+3": 1000, "0e99": 0, "0.000e-9": 0,
		"9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64, "922337203685477580.7e1": math.MaxInt64,
		"1.7000e12": 1700000000000,
	} {
		if got, ok := parse(t, text).Int(); got != want || !ok {
			t.Errorf("%s: got %d, %v", text, got, ok)
		}
		if got, ok := parse(t, `"`+text+`"`).Int(); got != want || !ok {
			t.Errorf("%q: got %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"1.5", "1e-1", "0.1", "9223372036854775808", "-9223372036854775809", "18446744073709551616", "99999999999999999999", "1e19", "1e999999999", "1e-999999999",
		`""`, `" 1"`, `"+1"`, `"01"`, `"1."`, `"1e"`, `"0x1"`, `"1x5"`, `"-"`, `"--1"`, `"1_0"`, "null", "[1]",
	} {
		if got, ok := parse(t, text).Int(); ok {
			t.Errorf("%s: got %d, want none", text, got)
		}
	}
}

func TestPath(t *testing.T) {
	var d Doc
	if _, _, err := d.ParseNext([]byte(`[[1],2]`), 0); err != nil {
		t.Fatal(err)
	}
	v, _, err := d.ParseNext([]byte(sample), 0)
	if err != nil {
		t.Fatal(err)
	}
	for want, v := range map[string]Value{
		"$":                                 v,
		"$.n":                               v.Get("n"),
		"$.actor.tags[1]":                   v.At("actor", "tags").First().Next(),
		`$.actor["odd key"]["é"][1]["\"q"]`: v.At("actor", "odd key", "é").First().Next().First(),
	} {
		if got := v.Path(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		sample: `{"actor":{"id":"a1","odd key":{"é":[null,{"\"q":1.50}]},"tags":["x","y"]},"e":"","esc":"a\né😀","i":"-7","l":[],"n":12,"nul":null,"o":{},"s":"TRUE","t":true}`,
		`{ "b" : [ 1 , 2.0 ] , "a" : "\/\u001f\u007f\b\f\t\r\u2028" }`: "{\"a\":\"/\\u001f\u007f\\b\\f\\t\\r\u2028\",\"b\":[1,2.0]}",
		// The example of RFC 8785, section 3.2.3.
		`{"\u20ac":0,"\r":1,"\ufb33":2,"1":3,"\ud83d\ude00":4,"\u0080":5,"\u00f6":6}`: "{\"\\r\":1,\"1\":3,\"\u0080\":5,\"ö\":6,\"€\":0,\"😀\":4,\"\ufb33\":2}",
		`{"aa":1,"a":2,"":3}`: `{"":3,"a":2,"aa":1}`,
	} {
		got := string(AppendCanonical(nil, parse(t, in)))
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if again := string(AppendCanonical(nil, parse(t, got))); again != got {
			t.Errorf("canonical form of\n%s is\n%s", got, again)
		}
	}
}

func Example() {
	var d Doc // kept for the next event
	v, err := d.Parse([]byte(`{"actor":{"id":"u1"},"target":[{"id":"t1"},{"id":7}]}`))
	if err != nil {
		fmt.Println(err)
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "actor":
			fmt.Println(m.Get("id").Str())
		case "target":
			for item := m.First(); item.Exists(); item = item.Next() {
				fmt.Println(item.Get("id").Path(), item.Get("id").Text())
			}
		}
	}
	_, err = d.Parse([]byte(`{"actor" x`))
	fmt.Println(err)
	// Output:
	// u1
	// $.target[0].id t1
	// $.target[1].id 7
	// malformed JSON at byte 9: want ':' after key, got 'x'
}
