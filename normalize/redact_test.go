package normalize

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize/jsonx"
)

// masked returns text as it may be stored, and the names of what was masked.
func masked(t *testing.T, text string) (stored, names string) {
	t.Helper()
	var doc jsonx.Doc
	v, err := doc.Parse([]byte(text))
	require.NoError(t, err)
	var c Context
	c.redact.start()
	return c.JSON(v), strings.TrimPrefix(c.redact.text(&c.arena), "policy=1 ")
}

func TestMaskedMembers(t *testing.T) {
	cases := []struct{ in, want, names string }{
		{`{"a":1,"b":[true,null,"x"]}`, `{"a":1,"b":[true,null,"x"]}`, ""},
		{`{"password":"hunter2"}`, `{"password":"[redacted]"}`, "password:key"},
		{`{"password":"as long as"}`, `{"password":"[redacted]"}`, "password:key"},
		{`{"newPassword":"a","oldPASSWD":"b"}`, `{"newPassword":"[redacted]","oldPASSWD":"[redacted]"}`, "newPassword:key oldPASSWD:key"},
		{`{"clientSecret":"a","client_secret_expires_at":0}`, `{"clientSecret":"[redacted]","client_secret_expires_at":0}`, "clientSecret:key"},
		{`{"token":"a","accessToken":"b","nextToken":"c","tokens":3,"tokenType":"x"}`, `{"token":"[redacted]","accessToken":"[redacted]","nextToken":"c","tokens":3,"tokenType":"x"}`, "token:key accessToken:key"},
		{`{"Authorization":"Bearer a","Set-Cookie":"s","JWT":"e"}`, `{"Authorization":"[redacted]","Set-Cookie":"[redacted]","JWT":"[redacted]"}`, "Authorization:key Set-Cookie:key JWT:key"},
		{`{"apiKey":"a","x-api-key":"b","API_KEY":"c","privateKey":"d","private_key":"e","keyId":"f"}`, `{"apiKey":"[redacted]","x-api-key":"[redacted]","API_KEY":"[redacted]","privateKey":"[redacted]","private_key":"[redacted]","keyId":"f"}`, "apiKey:key x-api-key:key API_KEY:key privateKey:key private_key:key"},
		{`{"sig":"a","signal":"b","design":"c"}`, `{"sig":"[redacted]","signal":"b","design":"c"}`, "sig:key"},
		{`{"pin":1,"password":12345678}`, `{"pin":1,"password":"[redacted]"}`, "password:key"},
		{`{"hasPassword":true,"password":null,"secret":""}`, `{"hasPassword":true,"password":null,"secret":""}`, ""},
		{`{"password":{"value":"hunter2"},"secret":{}}`, `{"password":"[redacted]","secret":{}}`, "password:key"},
		{`{"secrets":["a","b",{"c":"d"}]}`, `{"secrets":["[redacted]","[redacted]","[redacted]"]}`, "secrets:key"},
		{`{"a":{"b":[{"apiToken":"x"}]}}`, `{"a":{"b":[{"apiToken":"[redacted]"}]}}`, "a.b.apiToken:key"},
		{`{"a":{"token":"1"},"b":{"token":"2"}}`, `{"a":{"token":"[redacted]"},"b":{"token":"[redacted]"}}`, "a.token:key b.token:key"},
		{`{"p\u0061ssword":"hunter2"}`, `{"password":"[redacted]"}`, "password:key"},
	}
	for _, c := range cases {
		got, names := masked(t, c.in)
		if diff := cmp.Diff([]string{c.want, c.names}, []string{got, names}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.in, diff)
		}
	}
}

func TestMaskedURLs(t *testing.T) {
	cases := map[string]string{
		"https://example.com/a?b=c&d=e":                            "https://example.com/a?b=c&d=e",
		"https://la.example.com/x?sv=1.0&sig=abc%2F":               "https://la.example.com/x?sv=1.0&sig=[redacted:signed_url]",
		"https://la.example.com/x?sig=abc&se=2026#part":            "https://la.example.com/x?sig=[redacted:signed_url]&se=2026#part",
		"https://s3.example.com/k?X-Amz-Signature=ab&X-Amz-Date=1": "https://s3.example.com/k?X-Amz-Signature=[redacted:signed_url]&X-Amz-Date=1",
		"https://example.com/cb?code=abc&state=1":                  "https://example.com/cb?code=[redacted:signed_url]&state=1",
		"https://user:pw@example.com/":                             "https://user:[redacted:url_password]@example.com/",
		"https://example.com/~user@host":                           "https://example.com/~user@host",
		"see https://example.com/?access_token=abc for more":       "see https://example.com/?access_token=[redacted] for more",
		"https://example.com/?design=sig=1":                        "https://example.com/?design=sig=[redacted:signed_url]",
		"sig=abc without an address":                               "sig=[redacted:signed_url] without an address",
	}
	for in, want := range cases {
		got, names := masked(t, `{"link":`+string(AppendString(nil, in))+`}`)
		require.Equal(t, `{"link":`+string(AppendString(nil, want))+`}`, got)
		require.Equal(t, in != want, strings.HasPrefix(names, "link:"), "names of %q: %q", in, names)
	}
}

// TestSecretNames holds the fast filter to the words it stands for, in any case
// and with anything around them.
func TestSecretNames(t *testing.T) {
	for _, word := range []string{"password", "passwd", "secret", "apikey", "api_key", "api-key", "privatekey", "private_key"} {
		for _, name := range []string{word, strings.ToUpper(word), "x" + word, word + "x", "my." + word + "[0]", strings.Repeat("y", 300) + word} {
			require.True(t, secretKey(name), name)
		}
	}
	for _, name := range []string{"token", "Token", "sessionToken", "SIG", "pwd", "Cookie", "assertion", "proxy-authorization", "pass"} {
		require.True(t, secretKey(name), name)
	}
	for _, name := range []string{"", "id", "tok", "NextToken", "tokens", "cookies", "authorizations", "passport", "passwordChanged", "accessKeyId", "nextPageToken", "secre", "keyboard", "assertions", "monkey", "signature"} {
		require.False(t, secretKey(name), name)
	}
}

// TestTexts masks by looks alone.
func TestTexts(t *testing.T) {
	cases := map[string]string{
		"invalid token: expired, password: must be longer":                          "",
		"error code=500 for user=ada":                                               "",
		"Basic authentication failed":                                               "",
		"app 0oa1gjh63g214q0Hq0g4 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301":          "",
		"sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08":   "",
		"01ARZ3NDEKTSV4RRFFQ69G5FAV AdobeCreativeCloud2024EnterpriseAllApps":        "",
		"-----BEGIN CERTIFICATE-----\nMIIB":                                         "",
		"password=hunter2;Server=db":                                                "password=[redacted];Server=db",
		"Password: 'correct horse', bye":                                            "Password: '[redacted]', bye",
		"Password: hunter2.":                                                        "Password: [redacted]",
		"token=null password=*** secret=${SECRET} pwd=<pwd>":                        "",
		`{\"password\":\"hunter2\",\"pin\":1}`:                                      `{\"password\":\"[redacted]\",\"pin\":1}`,
		"Authorization: Basic c3ZjOmh1bnRlcjI=":                                     "Authorization: [redacted]",
		"sent Basic c3ZjOmh1bnRlcjI= to it":                                         "sent Basic [redacted:basic] to it",
		"curl -H 'Cookie: sid=31d4d96e407aad42; theme=dark' -v":                     "curl -H 'Cookie: [redacted]' -v",
		"ghp_0123456789abcdefghij0123456789abcdef was revoked":                      "[redacted:github_token] was revoked",
		"https://example.com/ghp_0123456789abcdefghij0123456789abcdef/x":            "https://example.com/[redacted:github_token]/x",
		"svc:hunter2@tcp(db:3306)/hr":                                               "svc:[redacted:url_password]@tcp(db:3306)/hr",
		"see [redacted:jwt] of 08:00":                                               "",
		"key 3vQb7fQ0pX9sLw2Zr8KdTn5Yc1MhJgUe rotated":                              "key [redacted:entropy] rotated",
		"requestId=3vQb7fQ0pX9sLw2Zr8KdTn5Yc1MhJgUe":                                "",
		"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA": "[redacted:pem]",
	}
	for in, want := range cases {
		if want == "" {
			want = in
		}
		var x redaction
		x.start()
		require.Equal(t, want, x.mask("message", in))
		again := x.mask("message", want)
		require.Equal(t, want, again, "masked twice")
	}
}

// TestNoTextTakesLong holds that the time grows with the text and no faster.
func TestNoTextTakesLong(t *testing.T) {
	for _, part := range []string{"password=", "password=[", "cookie:", "a://", "://b:", "-----BEGIN ", "\\", `"`, "{", `{"a":`, "AbCd1234", "AbCd1234AbCd1234AbCd1234 ", "Bearer ", "x/", "eyJ.", "a:b@tcp(", "="} {
		text := strings.Repeat(part, 256<<10/len(part))
		for _, how := range []scan{scanLabel, scanProse, scanJSON} {
			var f finder
			start := time.Now()
			f.find("message", text, how)
			require.Less(t, time.Since(start), 2*time.Second, "%q", part)
		}
	}
}

func TestMaskRaw(t *testing.T) {
	cases := map[string]string{
		`{ "a" : 1, "b": "x" }`:                    "",
		`{ "a" : 1, "password": "hunter2" } [2]`:   `{ "a" : 1, "password": "[redacted]" } [2]`,
		`{"secret":{"a":[1]},"b":"\u0041"}`:        `{"secret":"[redacted]","b":"\u0041"}`,
		`{"ghp_0123456789abcdefghij0123456789":1}`: `{"[redacted:github_token:b1b75f8ec17c1562]":1}`,
		`{"apiKey":"x1y2z3w4","a":`:                `{"apiKey":"[redacted]","a":`,
		`<html>?sig=abcdef&b</html>`:               `<html>?sig=[redacted:signed_url]&b</html>`,
		`{"password":1}{"url":"https://a:b@c.d/"}`: `{"password":"[redacted]"}{"url":"https://a:[redacted:url_password]@c.d/"}`,
	}
	var m RawMasker
	for in, want := range cases {
		if want == "" {
			want = in
		}
		require.Equal(t, want, string(m.Mask([]byte(in))))
	}
}

// TestRawHashTellsNoSecret: who knows all but a short secret could try them all.
func TestRawHashTellsNoSecret(t *testing.T) {
	f := &Format{Name: "test", Map: func(c *Context, v jsonx.Value) error {
		c.New(KindAudit).Unmapped = c.JSON(v)
		return nil
	}}
	var hashes [2]Hash
	for i, text := range []string{`{"a":1,"password":"1234"}`, `{"a":1,"password":"[redacted]"}`} {
		var n Normalizer
		var b Batch
		n.Append(&b, f, Raw{Value: []byte(text)})
		hashes[i] = b.Records[0].RawHash
	}
	require.Equal(t, hashes[1], hashes[0])
}

// BenchmarkMask masks a kilobyte of each kind of text.
func BenchmarkMask(b *testing.B) {
	for name, text := range map[string]string{
		"prose":   "The user could not be added to the group because the target answered 409 Conflict. ",
		"ids":     "7a0b3c52-16b0-11f1-9c4b-6f1f7b1c2a10 0oa1gjh63g214q0Hq0g4 2026-03-02T09:15:42.123Z ",
		"json":    `{"id":"00u1aD5nR0kQ2wE4r5d7","type":"User","alternateId":"admin@example.com"},`,
		"secrets": "password=hunter2; Bearer 3CtCqkcaD7a3CtCqkcaD7a ghp_0123456789abcdefghij0123456789abcdef ",
		"random":  "UPHkbDtG7OuLZWBXnNSVH1wWKZNIQWdwxuezRRVm UPHkbDtG7OuLZWBXnNSVH1wWKZNIQWdwxuezRRV2 ",
		"colons":  "a:b:c:d=e=f:g=",
	} {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat(text, 1+1000/len(text))[:1000]
			b.SetBytes(1000)
			var x redaction
			for b.Loop() {
				x.start()
				x.mask("message", text)
			}
		})
	}
}

func TestAppendString(t *testing.T) {
	for in, want := range map[string]string{
		"":           `""`,
		"plain é 😀":  `"plain é 😀"`,
		"a\"b\\c":    `"a\"b\\c"`,
		"l\nr\rt\t":  `"l\nr\u000dt\u0009"`,
		"\x00\x1f/ ": `"\u0000\u001f/ "`,
	} {
		require.Equal(t, want, string(AppendString(nil, in)))
	}
}
