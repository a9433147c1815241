package jsonx

import (
	"encoding/json"
	"errors"
	"testing"
)

// texts are accepted if the second field is "", and refused with that code
// otherwise.
var texts = []struct{ in, code string }{
	{`{}`, ""},
	{`[]`, ""},
	{`""`, ""},
	{`0`, ""},
	{`-0`, ""},
	{`true`, ""},
	{`false`, ""},
	{`null`, ""},
	{" \t\r\n1\n", ""},
	{`[ ]`, ""},
	{`{ }`, ""},
	{`[[],{}]`, ""},
	{`[1 , 2]`, ""},
	{`{ "a" : 1 , "b" : [ ] }`, ""},
	{`-1.5e+10`, ""},
	{`1E5`, ""},
	{`1e-5`, ""},
	{`0.0`, ""},
	{`0e1`, ""},
	{`-0.1`, ""},
	{`1e999`, ""},
	{`"\"\\\/\b\f\n\r\t\u0041"`, ""},
	{`"\u0000"`, ""},
	{`"\ud83d\ude00"`, ""},
	{`"\uD83D\uDE00x"`, ""},
	{`"\ud800"`, ""},
	{`"\udc00"`, ""},
	{`"\ud800\u0041"`, ""},
	{`"\ud800\ud800"`, ""},
	{`"\ud800\n"`, ""},
	{`"é€😀"`, ""},
	{"\"\x7f\"", ""},
	{`"` + "\u2028" + `"`, ""},
	{"\"\ufeff\"", ""},
	{"\"\ufffd\"", ""},
	{"\"\U0010ffff\"", ""},
	{`{"":0}`, ""},
	{`{"a":1,"A":2}`, ""},
	{`{"a":{"a":{"a":1}}}`, ""},
	{`[{"a":1},{"a":1}]`, ""},
	{`{"\u0061b":1,"b":2}`, ""},
	{`"1234567"`, ""},
	{`"12345678"`, ""},
	{`"1234567\n90123456\n"`, ""},
	{`{"k\n":"v\n","k\t":"v\t"}`, ""},

	{``, "empty"},
	{" \n", "empty"},
	{`1 2`, "trailing"},
	{`{}}`, "trailing"},
	{`[]]`, "trailing"},
	{`null,`, "trailing"},
	{`"a""b"`, "trailing"},
	{`1a`, "trailing"},
	{`{}#`, "trailing"},
	{"{}\x00", "trailing"},
	{`1.5.2`, "trailing"},
	{`1e5e5`, "trailing"},
	{`truee`, "trailing"},
	{`0x10`, "trailing"},
	{`01`, "malformed"},
	{`-01`, "malformed"},
	{`+1`, "malformed"},
	{`.5`, "malformed"},
	{`1.e5`, "malformed"},
	{`-a`, "malformed"},
	{`[1.]`, "malformed"},
	{`[1e]`, "malformed"},
	{`[1e+]`, "malformed"},
	{`[-]`, "malformed"},
	{`--1`, "malformed"},
	{`NaN`, "malformed"},
	{`Infinity`, "malformed"},
	{`-Infinity`, "malformed"},
	{`True`, "malformed"},
	{`nul1`, "malformed"},
	{`[tru]`, "malformed"},
	{`undefined`, "malformed"},
	{`[1,]`, "malformed"},
	{`[,1]`, "malformed"},
	{`[,]`, "malformed"},
	{`[1 2]`, "malformed"},
	{`[1}`, "malformed"},
	{`{]`, "malformed"},
	{`]`, "malformed"},
	{`}`, "malformed"},
	{`,`, "malformed"},
	{`:`, "malformed"},
	{`[1:2]`, "malformed"},
	{`{"a"}`, "malformed"},
	{`{"a":}`, "malformed"},
	{`{"a":1,}`, "malformed"},
	{`{,}`, "malformed"},
	{`{a:1}`, "malformed"},
	{`{'a':1}`, "malformed"},
	{`{1:1}`, "malformed"},
	{`{"a",1}`, "malformed"},
	{`{"a"::1}`, "malformed"},
	{`{"a":1 "b":2}`, "malformed"},
	{`{"a":1;"b":2}`, "malformed"},
	{`{null:1}`, "malformed"},
	{"\"a\nb\"", "malformed"},
	{"\"\x00\"", "malformed"},
	{"\"12345678\x1f\"", "malformed"},
	{"\"\t\"", "malformed"},
	{`"\x41"`, "malformed"},
	{`"\'"`, "malformed"},
	{`"\u12g4"`, "malformed"},
	{`"\ud800\u12"`, "malformed"},
	{`"\U0041"`, "malformed"},
	{"\"\\\n\"", "malformed"},
	{`'a'`, "malformed"},
	{"\ufeff{}", "malformed"},
	{"\ufeff", "malformed"},
	{"\u00a01", "malformed"},
	{"\v1", "malformed"},
	{"[\f1]", "malformed"},
	{"/**/1", "malformed"},
	{"[1]//", "trailing"},
	{"[1 /**/]", "malformed"},
	{"\x00", "malformed"},
	{"\xff", "malformed"},
	{"é", "malformed"},
	{`{`, "truncated"},
	{`[`, "truncated"},
	{`[1`, "truncated"},
	{`[1,`, "truncated"},
	{`{"a`, "truncated"},
	{`{"a"`, "truncated"},
	{`{"a":`, "truncated"},
	{`{"a":1`, "truncated"},
	{`{"a":1,`, "truncated"},
	{`"`, "truncated"},
	{`"\`, "truncated"},
	{`"\u12`, "truncated"},
	{`"\ud83d\u`, "truncated"},
	{"\"\xe2\x82", "truncated"},
	{`-`, "truncated"},
	{`1.`, "truncated"},
	{`1e`, "truncated"},
	{`1e+`, "truncated"},
	{`t`, "truncated"},
	{`[nul`, "truncated"},
	{"\"\xff\"", "bad_utf8"},
	{"\"\xc0\xaf\"", "bad_utf8"},
	{"\"\xed\xa0\x80\"", "bad_utf8"},
	{"\"\xf4\x90\x80\x80\"", "bad_utf8"},
	{"\"\xe2\x82\"", "bad_utf8"},
	{"\"\x80\"", "bad_utf8"},
	{"{\"\xff\":1}", "bad_utf8"},
	{"\"\\n\xff\"", "bad_utf8"},
	{`{"a":1,"a":1}`, "duplicate_key"},
	{`{"":1,"":1}`, "duplicate_key"},
	{`{"a":1,"b":{"a":2},"\u0061":1}`, "duplicate_key"},
	{`{"\n":1,"\u000a":2}`, "duplicate_key"},
	{`[{"x":{"long name of a key":1,"long name of a key":2}}]`, "duplicate_key"},
}

func TestTexts(t *testing.T) {
	var d Doc
	for _, test := range texts {
		_, err := d.Parse([]byte(test.in))
		if got := code(err); got != test.code {
			t.Errorf("%q: got %q (%v), want %q", test.in, got, err, test.code)
		}
		valid := json.Valid([]byte(test.in))
		stricter := test.code == "bad_utf8" || test.code == "duplicate_key"
		if valid != (test.code == "" || stricter) {
			t.Errorf("%q: encoding/json says valid = %v, the table says %q", test.in, valid, test.code)
		}
	}
}

func code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return string(e.Code)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
