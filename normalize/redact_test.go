package normalize

import (
	"strings"
	"testing"

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
	return c.JSON(v), c.redact.names(&c.arena)
}

func TestMaskedMembers(t *testing.T) {
	cases := []struct{ in, want, names string }{
		{`{"a":1,"b":[true,null,"x"]}`, `{"a":1,"b":[true,null,"x"]}`, ""},
		{`{"password":"hunter2"}`, `{"password":"[redacted]"}`, "password"},
		{`{"password":"as long as"}`, `{"password":"[redacted]"}`, "password"},
		{`{"newPassword":"a","oldPASSWD":"b"}`, `{"newPassword":"[redacted]","oldPASSWD":"[redacted]"}`, "newPassword oldPASSWD"},
		{`{"clientSecret":"a","client_secret_expires_at":0}`, `{"clientSecret":"[redacted]","client_secret_expires_at":"[redacted]"}`, "clientSecret client_secret_expires_at"},
		{`{"token":"a","accessToken":"b","nextToken":"c","tokens":3,"tokenType":"x"}`, `{"token":"[redacted]","accessToken":"[redacted]","nextToken":"c","tokens":3,"tokenType":"x"}`, "token accessToken"},
		{`{"Authorization":"Bearer a","Set-Cookie":"s","JWT":"e"}`, `{"Authorization":"[redacted]","Set-Cookie":"[redacted]","JWT":"[redacted]"}`, "Authorization Set-Cookie JWT"},
		{`{"apiKey":"a","x-api-key":"b","API_KEY":"c","privateKey":"d","private_key":"e","keyId":"f"}`, `{"apiKey":"[redacted]","x-api-key":"[redacted]","API_KEY":"[redacted]","privateKey":"[redacted]","private_key":"[redacted]","keyId":"f"}`, "apiKey x-api-key API_KEY privateKey private_key"},
		{`{"sig":"a","signal":"b","design":"c"}`, `{"sig":"[redacted]","signal":"b","design":"c"}`, "sig"},
		{`{"pin":1,"password":12345678}`, `{"pin":1,"password":"[redacted]"}`, "password"},
		{`{"hasPassword":true,"password":null,"secret":""}`, `{"hasPassword":true,"password":null,"secret":""}`, ""},
		{`{"password":{"value":"hunter2"},"secret":{}}`, `{"password":"[redacted]","secret":{}}`, "password"},
		{`{"secrets":["a","b",{"c":"d"}]}`, `{"secrets":["[redacted]","[redacted]","[redacted]"]}`, "secrets"},
		{`{"a":{"b":[{"apiToken":"x"}]}}`, `{"a":{"b":[{"apiToken":"[redacted]"}]}}`, "apiToken"},
		{`{"a":{"token":"1"},"b":{"token":"2"}}`, `{"a":{"token":"[redacted]"},"b":{"token":"[redacted]"}}`, "token"},
		{`{"p\u0061ssword":"hunter2"}`, `{"password":"[redacted]"}`, "password"},
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
		"https://la.example.com/x?sv=1.0&sig=abc%2F":               "https://la.example.com/x?sv=1.0&sig=[redacted]",
		"https://la.example.com/x?sig=abc&se=2026#part":            "https://la.example.com/x?sig=[redacted]&se=2026#part",
		"https://s3.example.com/k?X-Amz-Signature=ab&X-Amz-Date=1": "https://s3.example.com/k?X-Amz-Signature=[redacted]&X-Amz-Date=1",
		"https://example.com/cb?code=abc&state=1":                  "https://example.com/cb?code=[redacted]&state=1",
		"https://user:pw@example.com/":                             "https://[redacted]@example.com/",
		"https://example.com/~user@host":                           "https://example.com/~user@host",
		"see https://example.com/?access_token=abc for more":       "see https://example.com/?access_token=[redacted] for more",
		"https://example.com/?design=sig=1":                        "https://example.com/?design=sig=1",
		"sig=abc without an address":                               "sig=abc without an address",
	}
	for in, want := range cases {
		got, names := masked(t, `{"link":`+string(AppendString(nil, in))+`}`)
		require.Equal(t, `{"link":`+string(AppendString(nil, want))+`}`, got)
		require.Equal(t, in != want, names == "link", "names of %q: %q", in, names)
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
	for _, name := range []string{"token", "Token", "sessionToken", "SIG", "pwd", "Cookie", "assertion", "proxy-authorization"} {
		require.True(t, secretKey(name), name)
	}
	for _, name := range []string{"", "id", "tok", "NextToken", "tokens", "cookies", "authorizations", "pass", "passport", "secre", "keyboard", "assertions", "monkey", "signature"} {
		require.False(t, secretKey(name), name)
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
