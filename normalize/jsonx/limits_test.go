package jsonx

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

func object(keys int) string {
	var b strings.Builder
	for i := range keys {
		fmt.Fprintf(&b, `,"key%d":%d`, i, i)
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

func array(items int) string {
	return "[" + strings.TrimSuffix(strings.Repeat("1,", items), ",") + "]"
}

func nested(depth int) string {
	return strings.Repeat(`[{"a":`, depth/2) + "1" + strings.Repeat("}]", depth/2)
}

func TestLimits(t *testing.T) {
	small := Limits{Depth: 2, Keys: 3, Items: 4, StringBytes: 10, NumberDigits: 5}
	for _, test := range []struct {
		name, in, code string
		limits         Limits
	}{
		{"64 deep", nested(64), "", Limits{}},
		{"66 deep", nested(66), "too_deep", Limits{}},
		{"65 deep, torn", strings.Repeat("[", 65), "too_deep", Limits{}},
		{"1000 keys", object(1000), "", Limits{}},
		{"1001 keys", object(1001), "too_many_keys", Limits{}},
		{"10000 items", array(10000), "", Limits{}},
		{"10001 items", array(10001), "too_many_items", Limits{}},
		{"256 KiB", `"` + strings.Repeat("x", 256<<10) + `"`, "", Limits{}},
		{"256 KiB and 1", `"` + strings.Repeat("x", 256<<10+1) + `"`, "string_too_long", Limits{}},
		{"256 KiB of escapes", `"` + strings.Repeat(`\n`, 256<<10) + `"`, "", Limits{}},
		{"256 KiB and 1 of escapes", `"` + strings.Repeat(`\n`, 256<<10+1) + `"`, "string_too_long", Limits{}},
		{"256 KiB of é", `"` + strings.Repeat(`é`, 128<<10) + `"`, "", Limits{}},
		{"256 KiB and 2 of é", `"` + strings.Repeat(`é`, 128<<10+1) + `"`, "string_too_long", Limits{}},
		{"40 digits", "-" + strings.Repeat("1", 20) + "." + strings.Repeat("1", 18) + "e+11", "", Limits{}},
		{"41 digits", strings.Repeat("1", 20) + "." + strings.Repeat("1", 19) + "e11", "number_too_long", Limits{}},
		{"own depth", `[[1]]`, "", small},
		{"own depth passed", `[[[]]]`, "too_deep", small},
		{"own keys", object(3), "", small},
		{"own keys passed", object(4), "too_many_keys", small},
		{"own items", array(4), "", small},
		{"own items passed", array(5), "too_many_items", small},
		{"own bytes", `{"1234567\n90":"123456789é"}`, "string_too_long", small},
		{"own bytes of a key", `{"12345678901":1}`, "string_too_long", small},
		{"own bytes kept", `{"1234567\n9":"12345678é"}`, "", small},
		{"own bytes after an escape", `"\n1234567890"`, "string_too_long", small},
		{"own digits", `123.45`, "", small},
		{"own digits passed", `123456`, "number_too_long", small},
	} {
		d := Doc{Limits: test.limits}
		if _, err := d.Parse([]byte(test.in)); code(err) != test.code {
			t.Errorf("%s: got %v, want %q", test.name, err, test.code)
		}
	}
}

func TestDuplicateFarApart(t *testing.T) {
	for _, keys := range []int{2, 31, 32, 33, 64, 999} {
		in := strings.TrimSuffix(object(keys), "}")
		for _, again := range []string{`key0`, `\u006bey0`, fmt.Sprintf("key%d", keys-1)} {
			if _, err := new(Doc).Parse([]byte(in + `,"` + again + `":0}`)); code(err) != "duplicate_key" {
				t.Errorf("%d keys and %s again: got %v", keys, again, err)
			}
		}
		if _, err := new(Doc).Parse([]byte(in + `,"other":0}`)); err != nil {
			t.Errorf("%d keys and another: %v", keys, err)
		}
	}
}

// TestTorn cuts records everywhere: each prefix has to be known for one.
func TestTorn(t *testing.T) {
	var d Doc
	for _, src := range []string{string(okta(t)), sample, `["\ud83d\ude00\u00e9é😀",-1.5e+10,true,false,null]`, " {\"a\" : [ 1 , 2 ] }"} {
		for n := range src {
			want := "truncated"
			if strings.TrimSpace(src[:n]) == "" {
				want = "empty"
			}
			if _, err := d.Parse([]byte(src[:n])); code(err) != want {
				t.Errorf("cut at byte %d of %s: got %v, want %s", n, src, err, want)
			}
		}
	}
}

func TestStream(t *testing.T) {
	var d Doc
	src := []byte(" {\"a\":\"\\n\"}\n[2]\"x\" 12 {\"a\":1,}\n")
	var values []Value
	at := 0
	for {
		v, end, err := d.ParseNext(src, at)
		if err != nil {
			if code(err) != "malformed" || end != 22 {
				t.Errorf("got end %d, %v", end, err)
			}
			break
		}
		values, at = append(values, v), end
	}
	other, _, err := d.ParseNext([]byte(object(500)), 0) // moves the tape
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range append(values, other.Get("key499")) {
		got = append(got, string(AppendCanonical(nil, v)), v.Path())
	}
	want := `[{"a":"\n"} $ [2] $ "x" $ 12 $ 499 $.key499]`
	if fmt.Sprint(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, end, err := d.ParseNext(src, len(src)-1); err != io.EOF || end != len(src) {
		t.Errorf("at the end: got %d, %v", end, err)
	}
}

// TestArena checks that strings with escapes do not move or mix while the
// arena grows, nor when it is used again.
func TestArena(t *testing.T) {
	var d Doc
	for round := range 3 {
		var src bytes.Buffer
		for i := range 2000 {
			fmt.Fprintf(&src, "[\"\\n%d%s\",{\"\\t%d\":%d}]\n", i, strings.Repeat("é", i%50), i, round)
		}
		d.Reset()
		var all []Value
		for at := 0; ; {
			v, end, err := d.ParseNext(src.Bytes(), at)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			all, at = append(all, v), end
		}
		for i, v := range all {
			text, key := v.First().Str(), v.First().Next().First().Key()
			if want := fmt.Sprintf("\n%d%s", i, strings.Repeat("é", i%50)); text != want || key != fmt.Sprintf("\t%d", i) {
				t.Fatalf("round %d, value %d: got %q and %q", round, i, text, key)
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	for name, src := range hostile() {
		var d Doc
		if n := testing.AllocsPerRun(10, func() {
			if _, err := d.Parse(src); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// hostile are texts at the limits, which a quadratic step would show in.
func hostile() map[string][]byte {
	similar := make([]string, 1000) // same length, same first bytes
	for i := range similar {
		similar[i] = fmt.Sprintf(`"aaaaaaaaaaaaaaaa%04dzzzzzzzz":1`, i)
	}
	texts := map[string]string{
		"keys":      object(1000),
		"similar":   "{" + strings.Join(similar, ",") + "}",
		"few":       "[" + strings.Repeat("{"+strings.Join(similar[:32], ",")+"},", 99) + "0]",
		"escaped":   "[" + strings.Repeat("{"+strings.ReplaceAll(strings.Join(similar[:32], ","), "z", `\u007a`)+"},", 99) + "0]",
		"items":     array(10000),
		"depth":     "[" + strings.Repeat(nested(62)+",", 99) + "0]",
		"escapes":   `"` + strings.Repeat(`\n`, 256<<10) + `"`,
		"pairs":     `"` + strings.Repeat(`\ud83d\ude00`, 64<<10) + `"`,
		"non-ASCII": `"` + strings.Repeat("é", 128<<10) + `"`,
		"text":      `"` + strings.Repeat("x", 256<<10) + `"`,
		"strings":   "[" + strings.Repeat(`"\n",`, 9999) + "0]",
		"space":     strings.Repeat(" ", 256<<10) + "0",
	}
	all := map[string][]byte{}
	for name, text := range texts {
		all[name] = []byte(text)
	}
	return all
}

func BenchmarkHostile(b *testing.B) {
	for name, src := range hostile() {
		b.Run(name, func(b *testing.B) {
			var d Doc
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Parse(src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestHostile accepts what is awkward and still within the limits; how fast is
// the matter of BenchmarkHostile.
func TestHostile(t *testing.T) {
	for name, src := range hostile() {
		var d Doc
		if _, err := d.Parse(src); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
