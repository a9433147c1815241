package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
)

// process is a verb that runs until it is stopped.
type process struct {
	cmd  *exec.Cmd
	base string
	log  *os.File
}

// command is a verb as a process of its own, with a clean environment.
func command(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Args = append([]string{"runledger"}, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "XDG_CACHE_HOME=" + os.Getenv("XDG_CACHE_HOME")}, env...)
	return cmd
}

// start runs a serving verb on a free port and waits until it is ready.
func start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	return startAt(t, addr, env, args...)
}

func startAt(t *testing.T, addr string, env []string, args ...string) *process {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log")
	require.NoError(t, err)
	p := &process{cmd: command(t, env, append(args, "--listen", addr)...), base: "http://" + addr, log: log}
	p.cmd.Stderr = log
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { p.stop(syscall.SIGTERM) })
	p.await(t, 3*time.Minute, "readiness", func() bool {
		status, _ := fetch(t, p.base+"/readyz", "")
		return status == http.StatusOK
	})
	return p
}

// stop ends the process; a second call does nothing.
func (p *process) stop(s syscall.Signal) {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Signal(s)
		_ = p.cmd.Wait()
	}
}

func (p *process) await(t *testing.T, timeout time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(timeout); !done(); {
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(p.log.Name())
			t.Fatalf("no %s after %s; log:\n%s", what, timeout, text)
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
}

func fetch(t *testing.T, url, token string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, body
}

// rows asks for a list and returns its rows.
func rows(t *testing.T, url, token string) []map[string]any {
	t.Helper()
	status, body := fetch(t, url, token)
	require.Equal(t, http.StatusOK, status, "%s: %s", url, body)
	var answer struct{ Rows []map[string]any }
	require.NoError(t, json.Unmarshal(body, &answer))
	return answer.Rows
}

// dataAsOf is when the newest record of an answer's tenant arrived.
func dataAsOf(t *testing.T, url string) time.Time {
	t.Helper()
	_, body := fetch(t, url, "")
	var answer struct {
		DataAsOf time.Time `json:"data_as_of"`
	}
	require.NoError(t, json.Unmarshal(body, &answer), "%s", body)
	return answer.DataAsOf
}

// runVerb runs a verb to its end and returns its output and exit code.
func runVerb(t *testing.T, env []string, stdin string, args ...string) (string, int) {
	t.Helper()
	cmd := command(t, env, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil {
		require.ErrorAs(t, err, &exit, out.String())
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// oktaEvents are n events that happened just now.
func oktaEvents(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"uuid":"00000000-0000-4000-8000-%012d","published":%q,"eventType":"group.user_membership.add","outcome":{"result":"SUCCESS"},`+
			`"actor":{"id":"00u1","type":"User","alternateId":"admin@acme.example.com"},`+
			`"target":[{"id":"00u%d","type":"User","alternateId":"user%d@acme.example.com"},{"id":"00g1","type":"UserGroup","displayName":"Engineering"}]}`+"\n",
			i, time.Now().UTC().Format(time.RFC3339Nano), i, i)
	}
	return b.String()
}

// TestUp is the first five minutes of a newcomer, with a crash in the middle.
func TestUp(t *testing.T) {
	data := t.TempDir()
	conf := filepath.Join(data, "runledger.yml")
	require.NoError(t, os.WriteFile(conf, []byte("data: "+data+"\n"), 0o600))
	env := []string{"RUNLEDGER_CONFIG=" + conf}
	up := start(t, env, "up", "--data", data)
	actions := up.base + "/v1/actions?tenant=default&from=-1h&limit=1000"

	secret, err := os.ReadFile(filepath.Join(data, "tokens", "default"))
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, up.base+"/v1/push/okta.system_log", strings.NewReader(oktaEvents(1)))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(secret)))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded") // what curl says
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusAccepted, res.StatusCode)

	events := oktaEvents(200)
	out, code := runVerb(t, env, events+`{"uuid": "torn`, "send", "--source", "okta.system_log")
	require.Equal(t, exitIncomplete, code, out)
	require.Contains(t, out, "truncated")

	sent := time.Now()
	up.await(t, time.Minute, "visible events", func() bool { return len(rows(t, actions, "")) == 200 })
	t.Logf("visible after %s", time.Since(sent).Round(time.Millisecond))

	_, document := fetch(t, up.base+"/openapi.json", "")
	require.Contains(t, string(document), `"/v1/push/{source}"`, "one document describes everything that is served")
	_, page := fetch(t, up.base+"/docs", "")
	require.Contains(t, string(page), "POST /v1/push/{source}")

	up.stop(syscall.SIGKILL)
	up = startAt(t, strings.TrimPrefix(up.base, "http://"), env, "up", "--data", data)
	require.Len(t, rows(t, actions, ""), 200, "the ledger survives kill -9")

	again := time.Now().Truncate(time.Second)
	out, code = runVerb(t, env, events, "send", "--source", "okta.system_log")
	require.Equal(t, exitAnswered, code, out)
	up.await(t, time.Minute, "redelivered events in the ledger", func() bool { return dataAsOf(t, actions).After(again) })
	require.Len(t, rows(t, actions, ""), 200, "what is delivered twice is counted once")

	out, code = runVerb(t, env, "", "doctor")
	require.Equal(t, exitAnswered, code, out)
	out, code = runVerb(t, env, "", "query", "failures", "--tenant", "default", "--from", "-1h", "--api", up.base)
	require.Equal(t, exitAnswered, code, out)
}

// TestRolesApart runs each role as a process of its own, with the configuration
// file that the containers use; only the addresses differ.
func TestRolesApart(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	stack, err := embedded.Start(ctx, embedded.Config{DataDir: t.TempDir(), ClickHouse: true, Broker: true})
	require.NoError(t, err)
	t.Cleanup(func() { stack.Stop(context.Background()) })

	text, err := os.ReadFile("../../deploy/runledger.yml")
	require.NoError(t, err)
	conf := filepath.Join(t.TempDir(), "runledger.yml")
	text = []byte(strings.NewReplacer(
		"clickhouse:9000", stack.ClickHouseAddr(), "[kafka:9092]", "["+stack.Brokers()[0]+"]", "username: runledger", "username: default",
	).Replace(string(text)))
	require.NoError(t, os.WriteFile(conf, text, 0o600))
	const acme, globex = "0123456789abcdef-acme", "0123456789abcdef-globex"
	env := []string{"RUNLEDGER_CONFIG=" + conf, "RUNLEDGER_TOKENS=acme=" + acme + " globex=" + globex}

	out, code := runVerb(t, env, "", "migrate")
	require.Equal(t, exitAnswered, code, out)
	gateway := start(t, env, "gateway")
	start(t, env, "collect")
	serve := start(t, env, "serve")

	out, code = runVerb(t, append(env, "RUNLEDGER_TOKEN="+acme), oktaEvents(50), "send", "--source", "okta.system_log", "--gateway", gateway.base)
	require.Equal(t, exitAnswered, code, out)
	serve.await(t, time.Minute, "events", func() bool { return len(rows(t, serve.base+"/v1/actions?from=-1h", acme)) == 50 })

	require.Empty(t, rows(t, serve.base+"/v1/actions?from=-1h", globex), "another tenant sees nothing")
	status, _ := fetch(t, serve.base+"/v1/actions?from=-1h&tenant=acme", globex)
	require.NotEqual(t, http.StatusOK, status, "a tenant cannot be asked for with the token of another")
	status, _ = fetch(t, serve.base+"/v1/actions?from=-1h", "")
	require.Equal(t, http.StatusUnauthorized, status)
	out, code = runVerb(t, append(env, "RUNLEDGER_TOKEN=wrong-token-wrong-token"), oktaEvents(1), "send", "--source", "okta.system_log", "--gateway", gateway.base)
	require.Equal(t, exitFailed, code, out)
}

// TestDemo waits for the history of the demo and looks its stories up.
func TestDemo(t *testing.T) {
	data := t.TempDir()
	up := start(t, nil, "up", "--demo", "--demo-days", "35", "--data", data)
	up.await(t, 2*time.Minute, "complete history", func() bool {
		text, err := os.ReadFile(filepath.Join(data, "demo.json"))
		var s demoState
		return err == nil && json.Unmarshal(text, &s) == nil && !s.Sent.IsZero()
	})
	show := func(run string) string {
		out, code := runVerb(t, nil, "", "run", "show", run, "--tenant", "acme", "--api", up.base)
		require.Equal(t, exitAnswered, code, out)
		return out
	}
	up.await(t, time.Minute, "the offboarding that failed", func() bool {
		return len(rows(t, up.base+"/v1/runs?tenant=acme&run_id=run-offboarding-zendesk", "")) == 1
	})
	offboarding := show("run-offboarding-zendesk")
	require.Contains(t, offboarding, "Zendesk")
	require.Contains(t, offboarding, "auth")

	out, code := runVerb(t, nil, "", "query", "mttd", "--tenant", "acme", "--api", up.base)
	require.Equal(t, exitAnswered, code, out)
	require.Contains(t, out, "median")
	out, code = runVerb(t, nil, "", "query", "failures", "--tenant", "acme", "--api", up.base)
	require.Equal(t, exitAnswered, code, out)
}

// TestRefusals are the mistakes of a first try, each with what to do instead.
func TestRefusals(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "runledger.yml")
	require.NoError(t, os.WriteFile(empty, []byte("data: "+t.TempDir()+"\n"), 0o600))
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"no such verb", []string{"upp"}, "runledger --help"},
		{"collect without a broker", []string{"collect"}, "runledger up"},
		{"gateway without tokens", []string{"gateway", "-c", "testdata/kafka-only.yml"}, "RUNLEDGER_TOKENS"},
		{"migrate without a server", []string{"migrate"}, "runledger up"},
		{"public without tokens", []string{"serve", "--listen", "0.0.0.0:0"}, "anybody could read every tenant"},
		{"no such configuration", []string{"serve", "-c", "absent.yml"}, "absent.yml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, code := runVerb(t, []string{"RUNLEDGER_CONFIG=" + empty}, "", test.args...)
			require.Equal(t, exitUsage, code, out)
			require.Contains(t, out, test.want)
		})
	}
}

func TestPrintConfig(t *testing.T) {
	out, code := runVerb(t, []string{"RUNLEDGER_TOKENS=acme=0123456789abcdef"}, "", "up", "--print-config")
	require.Equal(t, exitAnswered, code, out)
	require.NotContains(t, out, "0123456789abcdef")
	require.Contains(t, out, config.HashToken("acme", "0123456789abcdef").SHA256)
}
