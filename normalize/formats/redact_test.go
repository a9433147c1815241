package formats_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
)

// sample is a good payload of a format: it makes records and no reject.
type sample struct {
	format *normalize.Format
	path   string
	value  []byte
}

func goodSamples(t *testing.T) (list []sample) {
	folders := map[string]*normalize.Format{}
	listing, err := os.ReadFile("formats.go")
	require.NoError(t, err)
	for i, m := range regexp.MustCompile(`(?m)^\t\t(\w+)\.Format,`).FindAllStringSubmatch(string(listing), -1) {
		folders[m[1]] = &formats.All()[i]
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		paths, err := filepath.Glob("../" + folder + "/testdata/*.json")
		require.NoError(t, err)
		for _, path := range paths {
			value, err := os.ReadFile(path)
			require.NoError(t, err)
			s := sample{folders[folder], path, value}
			if _, err := os.Stat(strings.TrimSuffix(path, ".json") + ".headers"); err != nil && len(s.output(value).Rejects) == 0 && json.Valid(value) {
				list = append(list, s)
			}
		}
	}
	require.NotEmpty(t, list)
	return list
}

func (s *sample) output(value []byte) normalize.Batch {
	var n normalize.Normalizer
	var b normalize.Batch
	n.Append(&b, s.format, normalize.Raw{Tenant: "acme", Value: value, ReceivedTime: normalize.FromTime(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))})
	return b
}

// text is all that would be stored of value, and said about its rejects.
func (s *sample) text(value []byte) string {
	b := s.output(value)
	var out []byte
	for i := range b.Records {
		out = append(normalize.AppendJSON(out, &b.Records[i]), '\n')
	}
	for _, r := range b.Rejects {
		out = append(out, r.Error.Error()...)
	}
	return string(out)
}

// kinds are the secrets that are planted: what is stored around them, and the
// part that must not be.
var kinds = map[string]func(r *rand.Rand) (text, secret string){
	"github": func(r *rand.Rand) (string, string) {
		s := oneOf(r, "ghp_", "gho_", "ghs_") + draw(r, base62, 36)
		return s, s
	},
	"github_pat": func(r *rand.Rand) (string, string) {
		s := "github_pat_" + draw(r, base62, 22) + "_" + draw(r, base62, 59)
		return s, s
	},
	"gitlab": func(r *rand.Rand) (string, string) { s := "glpat-" + draw(r, base62, 20); return s, s },
	"slack": func(r *rand.Rand) (string, string) {
		s := oneOf(r, "xoxb-", "xoxp-") + draw(r, "0123456789", 12) + "-" + draw(r, base62, 24)
		return s, s
	},
	"aws": func(r *rand.Rand) (string, string) {
		s := oneOf(r, "AKIA", "ASIA") + draw(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
		return s, s
	},
	"google": func(r *rand.Rand) (string, string) { s := "AIza" + draw(r, base62+"-_", 35); return s, s },
	"openai": func(r *rand.Rand) (string, string) {
		s := "sk-" + oneOf(r, "", "proj-") + draw(r, base62, 40)
		return s, s
	},
	"stripe": func(r *rand.Rand) (string, string) {
		s := oneOf(r, "sk_live_", "rk_live_") + draw(r, base62, 24)
		return s, s
	},
	"sendgrid": func(r *rand.Rand) (string, string) {
		s := "SG." + draw(r, base62, 22) + "." + draw(r, base62, 43)
		return s, s[3:25]
	},
	"jwt": func(r *rand.Rand) (string, string) { s := jwt(r); return s, s[strings.LastIndexByte(s, '.')+1:] },
	"pem": func(r *rand.Rand) (string, string) {
		s := draw(r, base62, 64)
		return "-----BEGIN RSA PRIVATE KEY-----\n" + s + "\n" + draw(r, base62, 64) + "\n-----END RSA PRIVATE KEY-----", s
	},
	"dsn": func(r *rand.Rand) (string, string) {
		s := draw(r, base62, 12)
		return oneOf(r, "postgres", "mysql", "amqps", "https") + "://svc:" + s + "@db.example.com:5432/hr", s
	},
	"dsn_tcp": func(r *rand.Rand) (string, string) {
		s := draw(r, base62, 12)
		return "svc:" + s + "@tcp(db.example.com:3306)/hr", s
	},
	"sas": func(r *rand.Rand) (string, string) {
		s := draw(r, base62, 43)
		return "https://acme.blob.core.example.net/c/k?sv=2024-11-04&se=2026-03-03&sp=r&sig=" + s + "%3D", s
	},
	"amz": func(r *rand.Rand) (string, string) {
		s := draw(r, "0123456789abcdef", 64)
		return "https://s3.example.com/b/k?X-Amz-Date=20260302T000000Z&X-Amz-Signature=" + s + "&X-Amz-Expires=60", s
	},
	"goog": func(r *rand.Rand) (string, string) {
		s := draw(r, "0123456789abcdef", 64)
		return "https://storage.example.com/b/k?X-Goog-Expires=60&X-Goog-Signature=" + s, s
	},
	"bearer": func(r *rand.Rand) (string, string) {
		s := draw(r, base62+"-_", 40)
		return oneOf(r, "Bearer ", "bearer ") + s, s
	},
	"basic": func(r *rand.Rand) (string, string) {
		s := base64.StdEncoding.EncodeToString([]byte("svc-hr:" + draw(r, base62, 10)))
		return "Basic " + s, s
	},
	"ssws": func(r *rand.Rand) (string, string) {
		s := "00" + draw(r, base62, 40)
		return "Authorization: SSWS " + s, s
	},
	"assigned": func(r *rand.Rand) (string, string) {
		s := draw(r, base62, 10)
		return oneOf(r, "password=", "pwd=", "client_secret=", "api_key=", "access_token=", "AccountKey=") + s + ";Timeout=5", s
	},
	"named": func(r *rand.Rand) (string, string) {
		s := draw(r, base62, 9) + "7a"
		return oneOf(r, "password: ", "x-api-key: ", "client secret is unset, clientSecret: ") + s, s
	},
	"json_in_text": func(r *rand.Rand) (string, string) {
		s := draw(r, base62, 9)
		return `{"user":"ada","` + oneOf(r, "password", "refresh_token", "apiKey") + `":"` + s + `"}`, s
	},
}

// byKey are names of members whose values are secret whatever they look like.
var byKey = []string{"password", "newPassword", "clientSecret", "client_secret", "api_key", "x-api-key", "Authorization", "access_token", "refreshToken", "privateKey", "Set-Cookie", "sig", "passphrase", "connectionString", "AccountKey", "webhook_secret"}

const base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func draw(r *rand.Rand, from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = from[r.IntN(len(from))]
	}
	return string(b)
}

func oneOf(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

func jwt(r *rand.Rand) string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return part(`{"alg":"RS256","typ":"JWT"}`) + "." + part(`{"sub":"`+draw(r, base62, 10)+`","iat":1772442000}`) + "." + draw(r, base62+"-_", 86)
}

// places calls plant for each text in v with a way to change it, and for each
// object with a way to add a member.
func places(v any, text func(key, old string, set func(any)), object func(add func(key string, v any), del func(key string))) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			old := v[k]
			if s, ok := old.(string); ok {
				text(k, s, func(to any) { v[k] = to })
				v[k] = s
			}
			places(old, text, object)
		}
		object(func(k string, to any) { v[k] = to }, func(k string) { delete(v, k) })
	case []any:
		for _, item := range v {
			places(item, text, object)
		}
	}
}

// TestPlantedSecrets plants secrets of every kind in texts and new members of
// the samples of every format. Where a harmless text of the same place is
// stored, the secret must not be.
func TestPlantedSecrets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	names := slices.Sorted(maps.Keys(kinds))
	planted, leaked := map[string]int{}, map[string]int{}
	for _, s := range goodSamples(t) {
		var doc any
		dec := json.NewDecoder(bytes.NewReader(s.value))
		dec.UseNumber()
		require.NoError(t, dec.Decode(&doc))
		try := func(kind, where, control, text, secret string, set func(any)) {
			set(control)
			value, err := json.Marshal(doc)
			require.NoError(t, err)
			if !strings.Contains(s.text(value), strings.Fields(control)[0]) {
				return // this text is not stored as it is
			}
			set(text)
			value, err = json.Marshal(doc)
			require.NoError(t, err)
			planted[kind]++
			if out := s.text(value); strings.Contains(out, secret) {
				if leaked[kind]++; leaked[kind] < 4 {
					at := strings.Index(out, secret)
					t.Logf("%s of %s leaks %s: %q in …%s…", where, s.path, kind, text, out[max(0, at-120):min(len(out), at+40)])
				}
			}
		}
		control := "plain" + draw(r, "abcdefgh", 12)
		places(doc, func(key, old string, set func(any)) {
			for range r.IntN(2) { // of every other text
				kind := names[r.IntN(len(names))]
				text, secret := kinds[kind](r)
				if r.IntN(2) == 0 {
					text = "the call failed, see " + text + " and try again"
				}
				try(kind, key, control, text, secret, set)
			}
		}, func(add func(string, any), del func(string)) {
			key := byKey[r.IntN(len(byKey))]
			secret := "hunter2-" + draw(r, "abcdef", 4)
			add("aside", control)
			try("key "+key, key, control, secret, secret, func(v any) {
				if v == control {
					add("aside", v)
				} else {
					add(key, v)
				}
			})
			del(key)
			secret = draw(r, base62+"+/", 40)
			try("random", "aside", control, oneOf(r, "", "rotated to ")+secret, secret, func(v any) { add("aside", v) })
			del("aside")
		})
	}
	total, lost := 0, 0
	for _, kind := range slices.Sorted(maps.Keys(planted)) {
		total, lost = total+planted[kind], lost+leaked[kind]
		if leaked[kind] > 0 {
			t.Logf("%-24s %d of %d leak", kind, leaked[kind], planted[kind])
		}
	}
	recall := 1 - float64(lost)/float64(total)
	t.Logf("%d secrets planted, %d leak: recall %.2f %%", total, lost, 100*recall)
	require.Greater(t, total, 5000)
	require.GreaterOrEqual(t, recall, 0.99)
}

// secretsOfSamples are the masks that are meant, path and rule: the samples
// hold secrets on purpose.
var secretsOfSamples = regexp.MustCompile(`:(cut|signed_url)$|(?i)(password|token|secret|authorization|api_?key|sig|cookie)[^:]*:key$|^path:key$`)

// TestFalsePositives counts what is masked in the samples and is no secret.
func TestFalsePositives(t *testing.T) {
	fields, wrong := 0, map[string]int{}
	for _, s := range goodSamples(t) {
		var doc any
		require.NoError(t, json.Unmarshal(s.value, &doc))
		places(doc, func(string, string, func(any)) { fields++ }, func(func(string, any), func(string)) {})
		b := s.output(s.value)
		for i := range b.Records {
			for _, note := range strings.Fields(b.Records[i].Redacted) {
				if !strings.HasPrefix(note, "policy=") && !secretsOfSamples.MatchString(note) {
					wrong[fmt.Sprintf("%s %s", s.path, note)]++
				}
			}
		}
	}
	for _, w := range slices.Sorted(maps.Keys(wrong)) {
		t.Log(w)
	}
	rate := float64(len(wrong)) / float64(fields)
	t.Logf("%d of %d texts are masked for nothing: %.2f %%", len(wrong), fields, 100*rate)
	require.Greater(t, fields, 500)
	require.Less(t, rate, 0.005)
}
