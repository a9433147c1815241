package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
)

const gatewayToken = "acme-token-1"

// gatewayNow is when every push of the tests arrives.
func gatewayNow() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC) }

func gatewayTokenOf(tenant, token string) config.Token {
	sum := sha256.Sum256([]byte(token))
	return config.Token{Tenant: tenant, SHA256: hex.EncodeToString(sum[:])}
}

// gatewayConfig has tokens for two tenants; acme is changing its own.
func gatewayConfig(brokers []string, topic string) GatewayConfig {
	c := config.Default()
	c.Kafka.Brokers, c.Kafka.Topic = brokers, topic
	c.Gateway.Tokens = []config.Token{gatewayTokenOf("acme", gatewayToken), gatewayTokenOf("acme", "acme-token-2"), gatewayTokenOf("globex", "globex-token"), gatewayTokenOf("initech", "")}
	return GatewayConfig{Kafka: c.Kafka, Gateway: c.Gateway, Formats: formats.ByName(), Now: gatewayNow}
}

// gatewayBroker starts a broker for one test.
func gatewayBroker(t testing.TB) *embedded.Stack {
	t.Helper()
	s, err := embedded.Start(t.Context(), embedded.Config{DataDir: t.TempDir(), Broker: true})
	require.NoError(t, err)
	t.Cleanup(func() { s.Stop(context.Background()) })
	return s
}

// gatewayOn serves a gateway that writes to a topic of its own.
func gatewayOn(t testing.TB, s *embedded.Stack, topic string, change ...func(*GatewayConfig)) *pusher {
	t.Helper()
	cfg := gatewayConfig(s.Brokers(), topic)
	for _, f := range change {
		f(&cfg)
	}
	require.NoError(t, EnsureTopic(t.Context(), cfg.Kafka))
	g, err := NewGateway(cfg)
	require.NoError(t, err)
	server := httptest.NewServer(g.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(g.client.Transport.(*kafka.Transport).CloseIdleConnections)
	return &pusher{t: t, url: server.URL, cfg: cfg, gateway: g}
}

// pusher pushes and looks at what came of it.
type pusher struct {
	t       testing.TB
	url     string
	cfg     GatewayConfig
	gateway *Gateway
}

// answer is either of the two.
type answer struct {
	status  int
	header  http.Header
	text    string
	receipt Receipt
	problem Problem
}

func (p *pusher) push(source, body string, headers ...string) answer {
	return p.do(http.MethodPost, "/v1/push/"+source, strings.NewReader(body), headers...)
}

func (p *pusher) do(method, path string, body io.Reader, headers ...string) answer {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, body)
	require.NoError(p.t, err)
	req.Header.Set("Authorization", "Bearer "+gatewayToken)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(p.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(p.t, err)
	a := answer{status: resp.StatusCode, header: resp.Header, text: string(text)}
	switch {
	case method == http.MethodHead:
	case resp.Header.Get("Content-Type") == "application/problem+json":
		require.NoError(p.t, json.Unmarshal(text, &a.problem), a.text)
		require.Equal(p.t, a.status, a.problem.Status)
		require.Equal(p.t, http.StatusText(a.status), a.problem.Title)
		require.NotEmpty(p.t, a.problem.Code)
		require.NotEmpty(p.t, a.problem.Detail)
	default:
		require.NoError(p.t, json.Unmarshal(text, &a.receipt), a.text)
	}
	return a
}

// messages returns what is on the topic, partition by partition.
func (p *pusher) messages() []kafka.Message {
	p.t.Helper()
	return messagesOn(p.t, p.cfg.Kafka)
}

func messagesOn(t testing.TB, c config.Kafka) (list []kafka.Message) {
	t.Helper()
	for partition := range c.Partitions {
		conn, err := kafka.DialLeader(t.Context(), "tcp", c.Brokers[0], c.Topic, partition)
		require.NoError(t, err)
		defer conn.Close()
		_, end, err := conn.ReadOffsets()
		require.NoError(t, err)
		for at := int64(0); at < end; {
			_, err := conn.Seek(at, kafka.SeekAbsolute)
			require.NoError(t, err)
			batch := conn.ReadBatch(1, 32<<20)
			for {
				m, err := batch.ReadMessage()
				if err != nil {
					break
				}
				list = append(list, m)
				at = m.Offset + 1
			}
			_ = batch.Close()
		}
	}
	return list
}

func headerOf(m kafka.Message, key string) string {
	for _, h := range m.Headers {
		if h.Key == key {
			return string(h.Value)
		}
	}
	return ""
}

// eventIDsOf normalises messages as a collector does.
func eventIDsOf(messages []kafka.Message) (ids []string, rejects int) {
	var n normalize.Normalizer
	var b normalize.Batch
	for _, m := range messages {
		raw := normalize.Raw{Tenant: headerOf(m, headerTenant), SourceURI: headerOf(m, headerSourceURI), Value: m.Value, ReceivedTime: normalize.FromTime(m.Time)}
		for _, h := range m.Headers {
			raw.Headers = append(raw.Headers, normalize.Header{Key: h.Key, Value: h.Value})
		}
		b.Clear()
		n.Reset()
		n.Append(&b, formats.ByName()[headerOf(m, headerSource)], raw)
		for i := range b.Records {
			ids = append(ids, b.Records[i].EventID.String())
		}
		rejects += len(b.Rejects)
	}
	return ids, rejects
}

// oktaEvent is one event of the System Log.
func oktaEvent(id string) string {
	return fmt.Sprintf(`{"uuid":%q,"published":"2026-03-01T09:30:00.000Z","eventType":"application.user_membership.add","displayMessage":"Add user","outcome":{"result":"SUCCESS"},"actor":{"id":"00u1","type":"User","alternateId":"ada@example.com"},"target":[{"id":"0oa1","type":"AppInstance","displayName":"Salesforce"}],"transaction":{"type":"WEB","id":"t1"}}`, id)
}

func gzipped(t testing.TB, text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

func TestGatewayReceipt(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "receipts")
	body := oktaEvent("a") + "\n" + oktaEvent("b") + "\n{\"data\":{\"events\":[" + oktaEvent("c") + "," + oktaEvent("d") + "]}}\n"
	first := p.push("okta.system_log", body)
	require.Equal(t, http.StatusAccepted, first.status, first.text)
	sum := sha256.Sum256([]byte(body))
	require.Equal(t, Receipt{
		Accepted: 4, Messages: 3, Topic: "receipts", ReceivedTime: gatewayNow().Truncate(time.Millisecond),
		SHA256: hex.EncodeToString(sum[:]), EventIDs: first.receipt.EventIDs,
	}, first.receipt)

	got := p.messages()
	require.Len(t, got, 3)
	require.Equal(t, oktaEvent("a"), string(got[0].Value), "the bytes of the element as they came")
	require.True(t, strings.HasPrefix(string(got[2].Value), `{"data":{"events":[`), "an envelope stays whole")
	for i, m := range got {
		require.Equal(t, "okta.system_log", headerOf(m, headerSource))
		require.Equal(t, "acme", headerOf(m, headerTenant))
		require.Equal(t, int64(i), m.Offset)
		require.True(t, m.Time.Equal(first.receipt.ReceivedTime))
	}
	ids, rejects := eventIDsOf(got)
	require.Equal(t, first.receipt.EventIDs, ids, "the topic normalises to other ids than the receipt names")
	require.Zero(t, rejects)

	again := p.push("okta.system_log", gzipped(t, body), "Content-Encoding", "gzip")
	require.Equal(t, first.receipt.EventIDs, again.receipt.EventIDs, "the same content, other ids")
	require.NotEqual(t, first.receipt.SHA256, again.receipt.SHA256, "of the bytes as received")
	require.Equal(t, 1, again.receipt.Partition, "partitions take turns")
	require.Equal(t, int64(0), again.receipt.Offset)

	globex := p.push("okta.system_log", body, "Authorization", "Bearer globex-token")
	require.Equal(t, http.StatusAccepted, globex.status)
	require.NotEqual(t, first.receipt.EventIDs, globex.receipt.EventIDs, "ids of two tenants are one")
	require.Equal(t, 2, globex.receipt.Partition)
}

func TestGatewayLongReceipt(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "long")
	var body strings.Builder
	for i := range maxPieces {
		body.WriteString(oktaEvent(fmt.Sprint("e", i)) + "\n")
	}
	a := p.push("okta.system_log", body.String())
	require.Equal(t, http.StatusAccepted, a.status, a.text)
	require.Equal(t, maxPieces, a.receipt.Accepted)
	require.Less(t, len(a.text), 400<<10)
	got := p.messages()
	require.Len(t, got, maxPieces)
	ids, _ := eventIDsOf(got)
	require.Equal(t, ids, a.receipt.EventIDs)
}

func TestGatewayCloudEvents(t *testing.T) {
	const data = `{"app":"Zendesk","operation":"deactivate","object":{"type":"user","id":"u2"},"result":"no_op","occurred_at":"2026-03-01T09:00:00Z"}`
	event := func(id string) string {
		return fmt.Sprintf(`{"specversion":"1.0","id":%q,"source":"/zendesk","type":"rl.app.push.v1","data":%s}`, id, data)
	}
	broker := gatewayBroker(t)
	t.Run("structured", func(t *testing.T) {
		a := gatewayOn(t, broker, "structured").push("cloudevents", event("1"), "Content-Type", "application/cloudevents+json; charset=UTF-8")
		require.Equal(t, http.StatusAccepted, a.status, a.text)
		require.Equal(t, 1, a.receipt.Accepted)
	})
	t.Run("batch", func(t *testing.T) {
		a := gatewayOn(t, broker, "batch").push("cloudevents", "["+event("1")+","+event("2")+"]", "Content-Type", "application/cloudevents-batch+json")
		require.Equal(t, 2, a.receipt.Accepted, a.text)
		require.Equal(t, 2, a.receipt.Messages)
	})
	t.Run("binary", func(t *testing.T) {
		p := gatewayOn(t, broker, "binary")
		a := p.push("cloudevents", data, "Content-Type", "application/json", "ce-specversion", "1.0", "ce-id", "z%C3%A9-1", "ce-source", "/zendesk", "ce-type", "rl.app.push.v1")
		require.Equal(t, http.StatusAccepted, a.status, a.text)
		got := p.messages()
		require.Len(t, got, 1)
		require.Equal(t, data, string(got[0].Value))
		require.Equal(t, "zé-1", headerOf(got[0], "ce_id"))
		require.Equal(t, "application/json", headerOf(got[0], "content-type"))
		ids, _ := eventIDsOf(got)
		require.Equal(t, a.receipt.EventIDs, ids)
	})
	t.Run("binary with bad header", func(t *testing.T) {
		a := gatewayOn(t, broker, "binary-bad").push("cloudevents", data, "ce-specversion", "1.0", "ce-id", "100%")
		require.Equal(t, http.StatusBadRequest, a.status)
		require.Equal(t, codeBadHeader, a.problem.Code)
	})
	t.Run("instance of the source", func(t *testing.T) {
		p := gatewayOn(t, broker, "instance")
		a := p.push("okta.system_log?source_uri=https://acme.okta.example.com", oktaEvent("a"))
		b := p.push("okta.system_log", oktaEvent("a"))
		require.NotEqual(t, a.receipt.EventIDs, b.receipt.EventIDs)
		ids, _ := eventIDsOf(p.messages())
		require.Equal(t, append(a.receipt.EventIDs, b.receipt.EventIDs...), ids)
	})
}

func TestGatewayTokens(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "tokens")
	for _, token := range []string{gatewayToken, "acme-token-2"} {
		require.Equal(t, http.StatusAccepted, p.push("okta.system_log", oktaEvent("a"), "Authorization", "bearer "+token).status)
	}
	written := len(p.messages())
	absent := p.push("okta.system_log", oktaEvent("a"), "Authorization", "")
	for _, auth := range []string{"", "Bearer", "Bearer ", "Bearer wrong", "Basic " + gatewayToken, gatewayToken, "Bearer " + p.cfg.Gateway.Tokens[0].SHA256} {
		a := p.push("okta.system_log", oktaEvent("a"), "Authorization", auth)
		require.Equal(t, http.StatusUnauthorized, a.status, auth)
		require.Equal(t, absent.text, a.text, "absent and wrong must not differ")
		require.Contains(t, a.header.Get("WWW-Authenticate"), "Bearer")
	}
	require.Equal(t, http.StatusUnauthorized, p.push("no.such", "x", "Authorization", "Bearer wrong").status, "who is nobody learns nothing")
	require.Len(t, p.messages(), written)
}

func TestGatewayRate(t *testing.T) {
	now := gatewayNow()
	p := gatewayOn(t, gatewayBroker(t), "rate", func(c *GatewayConfig) {
		c.Gateway.EventsPerSecond = 100
		c.Now = func() time.Time { return now }
	})
	body := strings.Repeat(oktaEvent("a")+"\n", maxPieces)
	require.Equal(t, http.StatusAccepted, p.push("okta.system_log", body).status)
	a := p.push("okta.system_log", strings.Repeat(oktaEvent("b")+"\n", 250))
	require.Equal(t, http.StatusTooManyRequests, a.status)
	require.Equal(t, codeRate, a.problem.Code)
	require.Equal(t, "3", a.header.Get("Retry-After"))
	require.Equal(t, http.StatusAccepted, p.push("okta.system_log", oktaEvent("a"), "Authorization", "Bearer globex-token").status, "each tenant has its own")
	require.Len(t, p.messages(), maxPieces+1)
	now = now.Add(3 * time.Second)
	require.Equal(t, http.StatusAccepted, p.push("okta.system_log", strings.Repeat(oktaEvent("b")+"\n", 250)).status)
}

func TestGatewayOtherMethods(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "methods")
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete} {
		a := p.do(method, "/v1/push/okta.system_log", http.NoBody)
		require.Equal(t, http.StatusMethodNotAllowed, a.status)
		require.Equal(t, http.MethodPost, a.header.Get("Allow"))
	}
	require.Contains(t, p.do(http.MethodGet, "/v1/push/okta.system_log", http.NoBody).problem.Detail, "curl -X POST")
	for _, path := range []string{"/v1/push", "/v1/push/", "/v1/push/a/b"} {
		a := p.do(http.MethodPost, path, http.NoBody)
		require.Equal(t, http.StatusNotFound, a.status)
		require.Contains(t, a.problem.Detail, "okta.system_log")
	}
	a := p.do(http.MethodGet, "/v1/push/okta.system_log", http.NoBody, "X-Okta-Verification-Challenge", "c-1")
	require.Equal(t, `{"verification":"c-1"}`, strings.TrimSpace(a.text))
}

// A sender that stops in the middle of its body loses its place.
func TestGatewaySlowBody(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "slow")
	p.gateway.patience = 50 * time.Millisecond
	never, end := io.Pipe()
	defer end.Close()
	a := p.do(http.MethodPost, "/v1/push/okta.system_log", io.MultiReader(strings.NewReader(oktaEvent("a")), never))
	require.Equal(t, http.StatusRequestTimeout, a.status, a.text)
	require.Equal(t, codeTimeout, a.problem.Code)
	require.Empty(t, p.messages())
}

func TestGatewayBusy(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "busy")
	for range maxPushes {
		p.gateway.slots <- struct{}{}
	}
	a := p.push("okta.system_log", oktaEvent("a"))
	require.Equal(t, http.StatusServiceUnavailable, a.status, a.text)
	require.Equal(t, codeBusy, a.problem.Code)
	require.False(t, a.problem.Unknown)
	p.gateway.leave()
	require.Equal(t, http.StatusAccepted, p.push("okta.system_log", oktaEvent("a")).status)
}

// Pushes at the same time get ranges of their own, without gaps and overlaps.
func TestGatewayConcurrent(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "concurrent")
	const senders, each, events = 8, 10, 20
	receipts := make(chan Receipt, senders*each)
	var group sync.WaitGroup
	for s := range senders {
		group.Go(func() {
			for i := range each {
				var body strings.Builder
				for e := range events {
					body.WriteString(oktaEvent(fmt.Sprint(s, "-", i, "-", e)))
				}
				a := p.push("okta.system_log", body.String())
				assert.Equal(t, http.StatusAccepted, a.status, a.text)
				receipts <- a.receipt
			}
		})
	}
	group.Wait()
	close(receipts)
	want := map[string]string{} // by partition and offset
	for r := range receipts {
		for i, id := range r.EventIDs {
			want[fmt.Sprint(r.Partition, " ", r.Offset+int64(i))] = id
		}
	}
	require.Len(t, want, senders*each*events)
	got := map[string]string{}
	for _, m := range p.messages() {
		ids, _ := eventIDsOf([]kafka.Message{m})
		got[fmt.Sprint(m.Partition, " ", m.Offset)] = ids[0]
	}
	require.Equal(t, want, got)
}

func TestGatewayMetrics(t *testing.T) {
	reg := prometheus.NewPedanticRegistry()
	p := gatewayOn(t, gatewayBroker(t), "metrics", func(c *GatewayConfig) { c.Registry = reg })
	p.push("okta.system_log", oktaEvent("a")+"\nnope\n")
	p.push("okta.system_log", "nope")
	families, err := reg.Gather()
	require.NoError(t, err)
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			got[name] = m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	require.Equal(t, map[string]float64{
		"runledger_gateway_requests_total 202":                               1,
		"runledger_gateway_requests_total 400":                               1,
		"runledger_gateway_received_bytes_total okta.system_log":             float64(len(oktaEvent("a")) + 6 + 4),
		"runledger_gateway_records_accepted_total okta.system_log":           1,
		"runledger_gateway_records_rejected_total malformed okta.system_log": 0,
		"runledger_gateway_records_rejected_total okta.system_log malformed": 2,
		"runledger_gateway_produce_seconds ok":                               1,
	}, withZero(got, "runledger_gateway_records_rejected_total malformed okta.system_log", "runledger_gateway_records_rejected_total okta.system_log malformed"))
}

// withZero folds the two orders in which labels may be gathered.
func withZero(m map[string]float64, zero, into string) map[string]float64 {
	m[into] += m[zero]
	m[zero] = 0
	return m
}
