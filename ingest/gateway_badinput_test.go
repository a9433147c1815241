package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/normalize"
)

// with replaces a member of an event.
func with(event, old, replacement string) string {
	if !strings.Contains(event, old) {
		panic("no " + old + " in " + event)
	}
	return strings.Replace(event, old, replacement, 1)
}

const published = `"2026-03-01T09:30:00.000Z"`

// badEvents are single events that no record can be made of.
func badEvents() map[string]struct {
	event  string
	alone  int // status when pushed alone
	reason normalize.Reason
	text   string // in the answer
	kept   bool   // as a dead letter, beside good neighbours
} {
	good := oktaEvent("bad")
	long := with(good, `"Add user"`, `"`+strings.Repeat("x", 300<<10)+`"`)
	return map[string]struct {
		event  string
		alone  int
		reason normalize.Reason
		text   string
		kept   bool
	}{
		"not JSON":               {"<html>502 Bad Gateway</html>", 400, normalize.Malformed, "malformed at byte 0: want a value, got '<'", true},
		"torn":                   {good[:100], 400, normalize.Truncated, "the end of the text", true},
		"nothing but a word":     {"hello", 400, normalize.Malformed, "not JSON", true},
		"NUL":                    {with(good, "Add user", "Add\x00user"), 400, normalize.Malformed, "an escape for a control character", true},
		"broken UTF-8":           {with(good, "Add user", "Add\xffuser"), 400, normalize.BadEncoding, "no character starts like this", true},
		"a number":               {"42", 422, normalize.BadType, "want a LogEvent object, got number", true},
		"duplicate key":          {with(good, `{"uuid"`, `{"uuid":"x","uuid"`), 422, normalize.DuplicateKey, `second \"uuid\"`, true},
		"deep nesting":           {`{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", 422, normalize.LimitExceeded, "more than 64 levels", true},
		"deep and torn":          {strings.Repeat(`{"a":`, 100_000), 422, normalize.LimitExceeded, "more than 64 levels", true},
		"a long text":            {long, 422, normalize.LimitExceeded, "more than 262144 bytes", true},
		"2 MB":                   {with(good, `"Add user"`, `["`+strings.Repeat(strings.Repeat("x", 1000)+`","`, 2000)+`"]`), 413, normalize.LimitExceeded, "gateway.max_event", false},
		"missing id":             {with(good, `"uuid":"bad",`, ""), 422, normalize.MissingField, `\"uuid\" is required`, true},
		"id of a wrong type":     {with(good, `"bad"`, `{"a":1}`), 422, normalize.MissingField, "$.uuid", true},
		"time of a wrong type":   {with(good, published, "true"), 422, normalize.BadTime, "$.published", true},
		"year 2063":              {with(good, published, `"2063-04-05T00:00:00Z"`), 422, normalize.BadTime, "2063-04-05T00:00:00Z is more than 24h0m0s after its arrival", true},
		"epoch seconds":          {with(good, published, "1772357400"), 422, normalize.BadTime, "want an RFC 3339 date-time, got number 1772357400", true},
		"year 1970, unit wrong":  {with(good, published, `"1970-01-21T12:19:17Z"`), 422, normalize.BadTime, "a unit mixed up?", true},
		"no envelope that holds": {`{"data":{"events":[]}}`, 422, normalize.Empty, "no element", true},
	}
}

func TestGatewayBadEventAlone(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "alone")
	for name, c := range badEvents() {
		t.Run(name, func(t *testing.T) {
			a := p.push("okta.system_log", c.event)
			require.Equal(t, c.alone, a.status, a.text)
			require.Contains(t, a.text, c.text)
			require.Len(t, a.problem.Rejects, 1)
			require.Equal(t, c.reason, a.problem.Rejects[0].Reason)
			require.False(t, a.problem.Rejects[0].Kept)
			require.Contains(t, a.problem.Detail, "nothing was written")
		})
	}
	require.Empty(t, p.messages(), "an error, and yet something was written")
}

// A bad event between two good ones, as lines and in an array: the good ones
// go through, and the bad one follows them as a dead letter.
func TestGatewayBadEventAmongGood(t *testing.T) {
	broker := gatewayBroker(t)
	n := 0
	check := func(t *testing.T, form, open, between, end string, bad string, reason normalize.Reason, kept bool) {
		n++
		p := gatewayOn(t, broker, fmt.Sprint("among-", n))
		before := open + oktaEvent("before") + between
		a := p.push("okta.system_log", before+bad+between+oktaEvent("after")+end)
		require.Equal(t, http.StatusAccepted, a.status, "%s: %s", form, a.text)
		require.Equal(t, 2, a.receipt.Accepted, form)
		require.Equal(t, 1, a.receipt.Rejected, form)
		r := a.receipt.Rejects[0]
		require.Equal(t, 1, r.Index)
		require.Equal(t, reason, r.Reason)
		require.GreaterOrEqual(t, r.Offset, len(before), "the offset counts from the start of the body")
		require.LessOrEqual(t, r.Offset, len(before)+len(bad))
		require.Equal(t, kept, r.Kept)
		got := p.messages()
		require.Len(t, got, a.receipt.Messages)
		ids, rejects := eventIDsOf(got)
		require.Equal(t, a.receipt.EventIDs, ids)
		if kept {
			require.Equal(t, bad, string(got[1].Value), "a dead letter is the bytes as they came")
			require.Equal(t, 1, rejects)
		} else {
			require.Len(t, got, 2)
		}
	}
	for name, c := range badEvents() {
		t.Run(name, func(t *testing.T) {
			check(t, "lines", "", "\n", "\n", c.event, c.reason, c.kept)
			if !strings.Contains("torn, deep and torn", name) {
				check(t, "array", "[", ",\n ", "]", c.event, c.reason, c.kept)
			}
		})
	}
}

func TestGatewayBadBody(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "bodies")
	good := oktaEvent("a")
	zipped := gzipped(t, strings.Repeat(good, 50))
	for name, c := range map[string]struct {
		source, body string
		headers      []string
		status       int
		code, text   string
	}{
		"unknown source":       {"okta", good, nil, 404, codeUnknownSource, "push to /v1/push/SOURCE, where SOURCE is one of "},
		"empty":                {"okta.system_log", "", nil, 400, codeNotJSON, "the body is empty"},
		"blank":                {"okta.system_log", " \r\n\n", nil, 400, codeNotJSON, "the body is empty"},
		"empty array":          {"okta.system_log", "[]", nil, 422, codeRejected, "the array holds no element"},
		"array not closed":     {"okta.system_log", "[" + good, nil, 400, codeNotJSON, fmt.Sprintf("truncated at byte %d: the array is not closed", len(good)+1)},
		"array without comma":  {"okta.system_log", "[" + good + good + "]", nil, 400, codeNotJSON, fmt.Sprintf("malformed at byte %d: want ',' or ']'", len(good)+1)},
		"20 MB":                {"okta.system_log", strings.Repeat(good+"\n", 20<<20/len(good)), nil, 413, codeMaxBody, "10485760"},
		"20 MB, compressed":    {"okta.system_log", gzipped(t, incompressible(20<<20)), nil, 413, codeMaxBody, "10485760"},
		"10,001 elements":      {"okta.system_log", "[" + strings.Repeat("1,", maxPieces) + "1]", nil, 413, codeMaxPieces, "10000"},
		"gzip that is none":    {"okta.system_log", good, []string{"Content-Encoding", "gzip"}, 400, codeBadEncoding, "1f 8b"},
		"torn gzip":            {"okta.system_log", zipped[:len(zipped)/2], nil, 400, codeBadEncoding, "ends in the middle"},
		"gzip with a bit off":  {"okta.system_log", zipped[:len(zipped)-6] + "x" + zipped[len(zipped)-5:], nil, 400, codeBadEncoding, "checksum"},
		"gzip, then rubbish":   {"okta.system_log", zipped + "rubbish behind it", nil, 400, codeBadEncoding, "cannot be read"},
		"other encoding":       {"okta.system_log", good, []string{"Content-Encoding", "br"}, 415, codeMediaType, "send gzip"},
		"multipart":            {"okta.system_log", good, []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, codeMediaType, "application/json"},
		"form, not JSON":       {"okta.system_log", "uuid=1&published=2", []string{"Content-Type", "application/x-www-form-urlencoded"}, 400, codeNotJSON, ""},
		"other character set":  {"okta.system_log", good, []string{"Content-Type", "application/json; charset=iso-8859-1"}, 415, codeMediaType, "UTF-8"},
		"no media type at all": {"okta.system_log", good, []string{"Content-Type", "///"}, 415, codeMediaType, "application/json"},
	} {
		t.Run(name, func(t *testing.T) {
			a := p.push(c.source, c.body, c.headers...)
			require.Equal(t, c.status, a.status, a.text)
			require.Equal(t, c.code, a.problem.Code)
			require.Contains(t, a.problem.Detail, c.text)
		})
	}
	require.Contains(t, p.push("okta", good).problem.Sources, "okta.system_log")
	require.Equal(t, int64(10<<20), p.push("okta.system_log", strings.Repeat(" ", 11<<20)).problem.Limit)
	require.Empty(t, p.messages(), "an error, and yet something was written")
}

// incompressible returns n bytes of JSON text that gzip makes little of.
func incompressible(n int) string {
	b, state := make([]byte, n), uint64(1)
	for i := range b {
		state = state*6364136223846793005 + 1442695040888963407
		b[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[state>>58]
	}
	return `"` + string(b) + `"`
}

// A body of 10 MB that becomes 10 GB is refused early and cheaply.
func TestGatewayGzipBomb(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "bombs")
	bomb := bomb(t)
	debug.FreeOSMemory()
	require.NoError(t, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // forgets the peak
	before := residentPeak(t)
	start := time.Now()
	a := p.do(http.MethodPost, "/v1/push/okta.system_log", bytes.NewReader(bomb))
	took := time.Since(start)
	require.Equal(t, http.StatusRequestEntityTooLarge, a.status, a.text)
	require.Equal(t, codeMaxRatio, a.problem.Code)
	require.Equal(t, int64(100), a.problem.Limit)
	grown := residentPeak(t) - before
	t.Logf("bomb of %d bytes refused in %s, %d kB more resident memory", len(bomb), took, grown>>10)
	require.Less(t, grown, int64(64<<20))
	require.Less(t, took, time.Second)
	require.Empty(t, p.messages())
}

// bomb is 10 GB of blanks.
func bomb(t *testing.T) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	require.NoError(t, err)
	_, err = io.Copy(z, io.LimitReader(blanks{}, 10_000_000))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return bytes.Repeat(b.Bytes(), 1000) // members of one stream
}

type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// residentPeak returns the largest resident memory so far, in bytes.
func residentPeak(t *testing.T) int64 {
	text, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	require.NoError(t, err)
	return kilobytes << 10
}

// While the broker is gone a push is refused, with nothing left behind; when
// it is back the same push goes through.
func TestGatewayBrokerKilled(t *testing.T) {
	s := gatewayBroker(t)
	p := gatewayOn(t, s, "killed")
	require.Equal(t, http.StatusAccepted, p.push("okta.system_log", oktaEvent("a")).status)
	proc, err := os.FindProcess(s.Pid(embedded.Broker))
	require.NoError(t, err)
	require.NoError(t, proc.Kill())
	written := 1
	deadline := time.Now().Add(30 * time.Second)
	for a := p.push("okta.system_log", oktaEvent("b")); ; a = p.push("okta.system_log", oktaEvent("b")) {
		if a.status == http.StatusAccepted {
			break
		}
		require.Equal(t, http.StatusServiceUnavailable, a.status, a.text)
		require.NotEmpty(t, a.header.Get("Retry-After"))
		require.Equal(t, codeBroker, a.problem.Code)
		if a.problem.Unknown {
			written++ // at most
		}
		require.True(t, time.Now().Before(deadline), "not recovered: %s", a.text)
	}
	got := p.messages()
	require.LessOrEqual(t, len(got), written+1)
	ids, rejects := eventIDsOf(got)
	require.Zero(t, rejects)
	distinct := map[string]bool{}
	for _, id := range ids {
		distinct[id] = true
	}
	require.Len(t, distinct, 2, "a repeated push has new ids")
	require.NoError(t, p.gateway.Ready(t.Context()))
}

func TestGatewayWithoutBroker(t *testing.T) {
	s := gatewayBroker(t)
	p := gatewayOn(t, s, "gone")
	s.Stop(t.Context())
	a := p.push("okta.system_log", oktaEvent("a"))
	require.Equal(t, http.StatusServiceUnavailable, a.status, a.text)
	require.False(t, a.problem.Unknown, "nothing was ever sent: %s", a.text)
	require.Contains(t, a.problem.Detail, "nothing was written")
	require.Error(t, p.gateway.Ready(t.Context()))
}

// A second attempt writes what the first would have written.
func TestGatewayProducesTwice(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "twice")
	broker := p.gateway.broker.(*kafkaProducer)
	o := outgoing{time: gatewayNow(), values: [][]byte{[]byte("one"), []byte("two")}}
	for range 2 {
		_, err := broker.try(t.Context(), o)
		require.NoError(t, err)
	}
	var got []string
	for _, m := range p.messages() {
		got = append(got, string(m.Value))
	}
	require.Equal(t, []string{"one", "two", "one", "two"}, got)
}

func TestGatewayTopicTooNarrow(t *testing.T) {
	s := gatewayBroker(t)
	cfg := gatewayConfig(s.Brokers(), "narrow")
	client := kafka.Client{Addr: kafka.TCP(s.Brokers()...)}
	res, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: "narrow", NumPartitions: cfg.Kafka.Partitions, ReplicationFactor: 1,
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "max.message.bytes", ConfigValue: "1000"}},
	}}})
	require.NoError(t, err)
	require.NoError(t, res.Errors["narrow"])
	a := gatewayOn(t, s, "narrow").push("okta.system_log", with(oktaEvent("a"), "Add user", incompressible(5000)[1:5000]))
	require.Equal(t, http.StatusRequestEntityTooLarge, a.status, a.text)
	require.Equal(t, codeMaxMessage, a.problem.Code)
}

// recorder takes what would be written.
type recorder struct{ outgoing }

func (r *recorder) produce(_ context.Context, o outgoing) (placed, error) {
	r.outgoing = o
	return placed{}, nil
}

// Whatever comes in, the answer is one of those described, and what is written
// is what the receipt says.
func FuzzGateway(f *testing.F) {
	for _, c := range badEvents() {
		f.Add([]byte(c.event), "application/json", "", "")
		f.Add([]byte(oktaEvent("a")+"\n"+c.event), "application/x-ndjson", "", "")
	}
	f.Add([]byte(gzipped(f, oktaEvent("a"))), "", "gzip", "")
	f.Add([]byte(`{"app":"x"}`), "application/json", "", "%zz")
	limits := config.Gateway{Tokens: []config.Token{gatewayTokenOf("acme", gatewayToken)}, MaxBody: 64 << 10, MaxEvent: 16 << 10, MaxRatio: 100}
	f.Fuzz(func(t *testing.T, body []byte, contentType, encoding, id string) {
		cfg := gatewayConfig([]string{"127.0.0.1:1"}, "fuzz")
		cfg.Gateway = limits
		g, err := NewGateway(cfg)
		require.NoError(t, err)
		written := &recorder{}
		g.broker = written
		r := httptest.NewRequest(http.MethodPost, "/v1/push/okta.system_log", bytes.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+gatewayToken)
		r.Header["Content-Type"], r.Header["Content-Encoding"], r.Header["Ce-Id"] = []string{contentType}, []string{encoding}, []string{id}
		w := httptest.NewRecorder()
		g.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusAccepted {
			var p Problem
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p), w.Body)
			require.Contains(t, []int{400, 413, 415, 422}, w.Code)
			require.NotEmpty(t, p.Detail)
			require.Empty(t, written.values)
			return
		}
		var receipt Receipt
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &receipt), w.Body)
		require.Len(t, written.values, receipt.Messages)
		require.Len(t, receipt.EventIDs, receipt.Accepted)
		require.Len(t, receipt.Rejects, receipt.Rejected)
		require.Positive(t, receipt.Accepted)
		var messages []kafka.Message
		for _, value := range written.values {
			messages = append(messages, kafka.Message{Value: value, Headers: written.headers, Time: written.time})
		}
		ids, rejects := eventIDsOf(messages)
		require.Equal(t, receipt.EventIDs, ids)
		kept := 0
		for _, r := range receipt.Rejects {
			if r.Kept {
				kept++
			}
		}
		require.Equal(t, kept, rejects, "the collector would count other dead letters")
	})
}
