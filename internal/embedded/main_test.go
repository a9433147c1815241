package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// parentEnv makes the test binary the parent of a Stack, for tests that kill
// parents. It holds the data directory.
const parentEnv = "EMBEDDED_TEST_PARENT"

func TestMain(m *testing.M) {
	ChildMain()
	if dir := os.Getenv(parentEnv); dir != "" {
		runParent(dir)
	}
	goleak.VerifyTestMain(m)
}

// parentReport is what a parent under test says about itself.
type parentReport struct {
	HTTP              string
	Brokers           []string
	ClickHouse, Kafka int
}

// runParent starts a Stack, reports and lives until it is killed.
func runParent(dir string) {
	s, err := Start(context.Background(), Config{DataDir: dir, ClickHouse: true, Broker: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(parentReport{s.ClickHouseHTTPAddr(), s.Brokers(), s.Pid(ClickHouse), s.Pid(Broker)})
	select {}
}

// start starts a Stack that ends with the test.
func start(t *testing.T, cfg Config) *Stack {
	t.Helper()
	if cfg.DataDir == "" {
		cfg.DataDir = t.TempDir()
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.NewTextHandler(testWriter{t}, nil))
	}
	s, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Stop(context.Background()) })
	return s
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", strings.TrimSpace(string(p)))
	return len(p), nil
}

// query asks over HTTP. It does not retry.
func query(addr, user, password, sql string) (string, error) {
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+"/?"+url.Values{"user": {user}, "password": {password}}.Encode(), strings.NewReader(sql))
	if err != nil {
		return "", err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return strings.TrimSpace(string(body)), err
}

func mustQuery(t *testing.T, s *Stack, sql string) string {
	t.Helper()
	got, err := query(s.ClickHouseHTTPAddr(), "default", "", sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

// eventually polls until done says so.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}
