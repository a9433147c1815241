package ingest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
)

const doorSecret, doorNext = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"

// withDoors adds a door of each scheme, called as its scheme.
func withDoors(c *GatewayConfig) {
	for _, s := range config.Schemes() {
		c.Gateway.Doors = append(c.Gateway.Doors, config.Door{
			Name: string(s), Source: "okta.system_log", Tenant: "globex", SourceURI: "https://globex.okta.com", Scheme: s, Keys: []string{doorSecret, doorNext},
		})
	}
	c.Registry = prometheus.NewRegistry()
}

func mac(secret, text string) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	io.WriteString(h, text)
	return h.Sum(nil)
}

// signedBy returns the headers with which a vendor proves body under secret.
func signedBy(s config.Scheme, secret, body string) []string {
	switch s {
	case config.SchemeGitHub:
		return []string{"X-Hub-Signature-256", "sha256=" + hex.EncodeToString(mac(secret, body)), "Authorization", ""}
	case config.SchemeHMAC:
		sent := fmt.Sprint(gatewayNow().Unix())
		return []string{
			"webhook-id", "msg_1", "webhook-timestamp", sent, "webhook-signature",
			"v1a,bm8= v1," + base64.StdEncoding.EncodeToString(mac(secret, "msg_1."+sent+"."+body)), "Authorization", "",
		}
	case config.SchemeOkta:
		return []string{"Authorization", secret}
	default:
		return []string{"Authorization", "Bearer " + secret}
	}
}

// TestDoors pushes to each door with either secret, again, and with the proof
// of something else.
func TestDoors(t *testing.T) {
	broker := gatewayBroker(t)
	for _, s := range config.Schemes() {
		t.Run(string(s), func(t *testing.T) {
			p := gatewayOn(t, broker, "door-"+strings.ReplaceAll(string(s), "_", "-"), withDoors)
			push := func(body string, headers ...string) answer {
				return p.do(http.MethodPost, "/v1/doors/"+string(s), strings.NewReader(body), headers...)
			}
			for i, secret := range []string{doorSecret, doorNext} {
				a := push(oktaEvent(fmt.Sprint(i)), signedBy(s, secret, oktaEvent(fmt.Sprint(i)))...)
				require.Equal(t, http.StatusAccepted, a.status, a.text)
				require.Equal(t, 1, a.receipt.Accepted)
			}
			again := push(oktaEvent("0"), signedBy(s, doorSecret, oktaEvent("0"))...)
			require.Equal(t, http.StatusOK, again.status)
			require.True(t, again.receipt.Replayed)
			require.InDelta(t, 1, valueOf(t, p.gateway.metrics.replayed.WithLabelValues(string(s))), 0)

			for name, headers := range map[string][]string{
				"none":           {"Authorization", ""},
				"wrong secret":   signedBy(s, doorSecret+"x", oktaEvent("2")),
				"a gateway's":    {"Authorization", "Bearer " + gatewayToken},
				"empty secret":   signedBy(s, "", oktaEvent("2")),
				"half a header":  {"X-Hub-Signature-256", "sha256=", "webhook-signature", "v1,", "Authorization", "Bearer "},
				"another scheme": {"X-Hub-Signature-256", "sha1=" + hex.EncodeToString(mac(doorSecret, oktaEvent("2"))[:20]), "Authorization", "Basic " + doorSecret},
			} {
				a := push(oktaEvent("2"), headers...)
				require.Equal(t, http.StatusUnauthorized, a.status, "%s: %s", name, a.text)
				require.NotContains(t, a.text, doorSecret)
			}
			if s == config.SchemeGitHub || s == config.SchemeHMAC {
				a := push(oktaEvent("2"), signedBy(s, doorSecret, oktaEvent("1"))...)
				require.Equal(t, codeSignature, a.problem.Code, "the proof of another body")
			}
			require.Equal(t, http.StatusUnprocessableEntity, push(`{"no":"event"}`, signedBy(s, doorSecret, `{"no":"event"}`)...).status)
			require.Equal(t, http.StatusUnprocessableEntity, push(`{"no":"event"}`, signedBy(s, doorSecret, `{"no":"event"}`)...).status, "what was refused is no replay")

			messages := p.messages()
			require.Len(t, messages, 2, "one for each body that was proven")
			for _, m := range messages {
				require.Equal(t, "globex", headerOf(m, headerTenant))
				require.Equal(t, "https://globex.okta.com", headerOf(m, headerSourceURI))
			}
		})
	}
}

func TestDoorHandshakes(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "handshakes", withDoors)
	secret := []string{"Authorization", doorSecret}
	with := func(more ...string) []string { return append(more, secret...) }
	validation := `[{"id":"1","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6","validationUrl":"` + p.url + `/fetched"}}]`
	cases := []struct {
		name, method, door, body string
		headers                  []string
		status                   int
		want                     string
	}{
		{"okta", "GET", "okta", "", with("X-Okta-Verification-Challenge", "c1"), 200, `{"verification":"c1"}`},
		{"okta without secret", "GET", "okta", "", []string{"X-Okta-Verification-Challenge", "c1", "Authorization", ""}, 401, codeSignature},
		{"okta without challenge", "GET", "okta", "", secret, 405, codeMethod},
		{"okta long challenge", "GET", "okta", "", with("X-Okta-Verification-Challenge", strings.Repeat("x", 2000)), 405, codeMethod},
		{"event grid", "POST", "event_grid", validation, with("Aeg-Event-Type", "SubscriptionValidation"), 200, `{"validationResponse":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6"}`},
		{"event grid without secret", "POST", "event_grid", validation, []string{"Aeg-Event-Type", "SubscriptionValidation", "Authorization", ""}, 401, codeSignature},
		{"event grid by query", "POST", "event_grid?code=" + doorNext, validation, []string{"Aeg-Event-Type", "SubscriptionValidation", "Authorization", ""}, 200, "validationResponse"},
		{"event grid without code", "POST", "event_grid", `[{"eventType":"x"}]`, with("Aeg-Event-Type", "SubscriptionValidation"), 422, codeRejected},
		{"cloudevents", "OPTIONS", "event_grid", "", []string{"WebHook-Request-Origin", "eventgrid.azure.net"}, 200, ""},
		{"cloudevents of others", "OPTIONS", "event_grid", "", []string{"WebHook-Request-Origin", "example.com"}, 405, codeMethod},
		{"github", "POST", "github", `{"zen":"x"}`, append(signedBy("github", doorSecret, `{"zen":"x"}`), "X-GitHub-Event", "ping"), 200, `{"pong":true}`},
		{"github not signed", "POST", "github", `{"zen":"x"}`, []string{"X-GitHub-Event", "ping"}, 401, codeSignature},
		{"unknown door", "POST", "none", "{}", secret, 404, codeUnknownDoor},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), c.method, p.url+"/v1/doors/"+c.door, strings.NewReader(c.body))
			require.NoError(t, err)
			for i := 0; i < len(c.headers); i += 2 {
				req.Header.Set(c.headers[i], c.headers[i+1])
			}
			resp, err := http.DefaultClient.Do(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.Equal(t, c.status, resp.StatusCode, string(text))
			require.Contains(t, string(text), c.want)
		})
	}
	require.Empty(t, p.messages(), "a handshake is no event")
}

// TestSignatureVectors are the examples of those who define the schemes.
func TestSignatureVectors(t *testing.T) {
	github := github{secrets{"another secret", "It's a Secret to Everybody"}}
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
	_, problem := github.verify(r, []byte("Hello, World!"), time.Time{})
	require.Nil(t, problem)
	_, problem = github.verify(r, []byte("Hello, World"), time.Time{})
	require.NotNil(t, problem)

	webhooks := newStandardWebhooks([]string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
	r = httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	r.Header.Set("webhook-timestamp", "1614265330")
	r.Header.Set("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	_, problem = webhooks.verify(r, []byte(`{"test": 2432232314}`), time.Time{})
	require.Nil(t, problem)
	for skew, want := range map[time.Duration]bool{0: true, maxSkew: true, -maxSkew: true, maxSkew + time.Second: false, -maxSkew - time.Second: false} {
		require.Equal(t, want, webhooks.early(r, time.Unix(1614265330, 0).Add(skew)) == nil, skew)
	}
}

func TestDeliveriesAreBounded(t *testing.T) {
	var d deliveries
	for i := range maxDeliveries + 2 {
		d.add(fmt.Sprint(i))
	}
	require.Len(t, d.known, maxDeliveries)
	require.False(t, d.has("0"))
	require.False(t, d.has("1"))
	require.True(t, d.has("2"))
	require.True(t, d.has(fmt.Sprint(maxDeliveries+1)))
}

func TestDoorsAreChecked(t *testing.T) {
	for want, door := range map[string]config.Door{
		"no source is named":           {Name: "a", Source: "none", Scheme: config.SchemeOkta, Keys: []string{doorSecret}},
		"want a known scheme":          {Name: "a", Source: "okta.system_log", Scheme: "md5", Keys: []string{doorSecret}},
		`scheme "okta" with 0 secrets`: {Name: "a", Source: "okta.system_log", Scheme: config.SchemeOkta},
	} {
		cfg := gatewayConfig([]string{"127.0.0.1:1"}, "t")
		cfg.Gateway.Doors = []config.Door{door}
		_, err := NewGateway(cfg)
		require.ErrorContains(t, err, want)
	}
}

// FuzzSignature holds that no body and header without the secret is accepted.
func FuzzSignature(f *testing.F) {
	f.Add("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", "1614265330", []byte("Hello, World!"))
	f.Add("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "1614265330", []byte(`{"test": 2432232314}`))
	f.Add("Bearer x", "-1", []byte(`[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent"}]`))
	f.Add("", "99999999999999999999", []byte{0xff})
	f.Fuzz(func(t *testing.T, header, sent string, body []byte) {
		for _, s := range config.Schemes() {
			d := schemeOf(config.Door{Scheme: s, Keys: []string{doorSecret, doorNext}})
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			for _, name := range []string{"Authorization", "X-Hub-Signature-256", "Webhook-Signature", "Webhook-Id", "Aeg-Event-Type"} {
				r.Header[name] = []string{header}
			}
			r.Header["Webhook-Timestamp"] = []string{sent}
			problem := d.early(r, time.Unix(1614265330, 0))
			if problem == nil {
				_, problem = d.verify(r, body, time.Unix(1614265330, 0))
			}
			if problem == nil {
				t.Fatalf("%s accepts %q %q %q", s, header, sent, body)
			}
			if len(problem.Detail) > 1024 {
				t.Fatalf("%s answers with %d bytes", s, len(problem.Detail))
			}
		}
	})
}
