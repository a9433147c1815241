package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/ingest"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/normalize/formats"
)

// verb runs one command line in the process.
func verb(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	env := map[string]string{"RUNLEDGER_TOKEN": "secret"}
	code = run(&cli{
		ctx: t.Context(), Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		Getenv: func(name string) string { return env[name] },
	}, args)
	return code, out.String(), errs.String()
}

// gateway serves a real one; each of the first answers of front is given
// instead, if it is not 0.
func gateway(t *testing.T, front ...int) (url string, pushes *atomic.Int64) {
	t.Helper()
	stack, err := embedded.Start(t.Context(), embedded.Config{DataDir: t.TempDir(), Broker: true})
	require.NoError(t, err)
	t.Cleanup(func() { stack.Stop(context.Background()) })
	cfg := config.Default()
	cfg.Kafka.Brokers = stack.Brokers()
	sum := sha256.Sum256([]byte("secret"))
	cfg.Gateway.Tokens = []config.Token{{Tenant: "acme", SHA256: hex.EncodeToString(sum[:])}}
	require.NoError(t, ingest.EnsureTopic(t.Context(), cfg.Kafka))
	gw, err := ingest.NewGateway(ingest.GatewayConfig{Kafka: cfg.Kafka, Gateway: cfg.Gateway, Formats: formats.ByName()})
	require.NoError(t, err)
	pushes = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := pushes.Add(1); int(n) <= len(front) && front[n-1] != 0 {
			w.WriteHeader(front[n-1])
			return
		}
		gw.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, pushes
}

func event(id string) string {
	return fmt.Sprintf(`{"uuid":%q,"published":"2026-03-01T09:30:00.000Z","eventType":"application.user_membership.add","outcome":{"result":"SUCCESS"}}`, id)
}

func TestSend(t *testing.T) {
	url, pushes := gateway(t, http.StatusServiceUnavailable, http.StatusTooManyRequests)
	var lines strings.Builder
	const n = 12_000
	for i := range n {
		lines.WriteString(event(fmt.Sprint(i)) + "\n")
	}
	path := filepath.Join(t.TempDir(), "events.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(lines.String()), 0o600))
	code, stdout, stderr := verb(t, "", "send", "--source", "okta.system_log", "--gateway", url, path)
	require.Equal(t, exitAnswered, code, stderr)
	require.Contains(t, stdout, "12000 payloads: 12000 records, 0 rejects in ")
	require.Greater(t, pushes.Load(), int64(4), "two refusals, and parts of no more than the gateway takes")
	require.Empty(t, stderr)
}

func TestSendRejects(t *testing.T) {
	url, _ := gateway(t)
	input := event("a") + "\nnot json\n[" + event("b") + ",{}]\n"
	code, stdout, stderr := verb(t, input, "send", "--source", "okta.system_log", "--gateway", url, "-o", "jsonl")
	require.Equal(t, exitIncomplete, code, stderr)
	require.Contains(t, stdout, `"accepted":2,"rejected":2`)
	require.Equal(t, fmt.Sprintf(`{"file":"-","line":2,"offset":%d,"reason":"malformed","detail":"want null, got 'o'"}
{"file":"-","line":3,"offset":%d,"reason":"missing_field","path":"$.uuid","detail":"\"uuid\" is required and absent or empty"}
`, len(event("a"))+2, len(event("a"))+12+len(event("b"))), stderr)

	code, _, stderr = verb(t, "nothing good\n", "send", "--source", "okta.system_log", "--gateway", url)
	require.Equal(t, exitIncomplete, code)
	require.Contains(t, stderr, `"reason":"malformed"`)
}

func TestSendRefused(t *testing.T) {
	url, _ := gateway(t, http.StatusUnauthorized)
	code, _, stderr := verb(t, event("a"), "send", "--source", "okta.system_log", "--gateway", url)
	require.Equal(t, exitFailed, code)
	require.Contains(t, stderr, "401")

	code, _, stderr = verb(t, event("a"), "send", "--source", "okta.system_log", "--gateway", "http://127.0.0.1:1", "--retry-for", "1s")
	require.Equal(t, exitFailed, code)
	require.Contains(t, stderr, "is the gateway running")

	for _, args := range [][]string{
		{"send", "--source", "nope", "--gateway", url},
		{"send", "--source", "okta.system_log", "--gateway", "localhost:80"},
		{"send", "--source", "okta.system_log", "--gateway", url, "no-such-file"},
	} {
		code, _, stderr := verb(t, "", args...)
		require.Equal(t, exitUsage, code, stderr)
	}
}
