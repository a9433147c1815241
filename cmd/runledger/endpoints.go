package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/runledger/runledger/internal/config"
)

// endpoints is what `up` writes into its data directory, so that the other
// verbs find its embedded parts without being told.
type endpoints struct {
	ClickHouse     string   `json:"clickhouse"`
	ClickHouseHTTP string   `json:"clickhouse_http,omitempty"`
	Brokers        []string `json:"brokers"`
	API            string   `json:"api"`
}

func endpointsFile(data string) string { return filepath.Join(data, "endpoints.json") }

func (e endpoints) write(data string) error {
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(endpointsFile(data), text, 0o600); err != nil {
		return fmt.Errorf("write endpoints: %w", err)
	}
	return nil
}

// running returns the endpoints of the `up` that runs on data, if one does.
func running(data string) (endpoints, bool) {
	var e endpoints
	text, err := os.ReadFile(endpointsFile(data))
	if err != nil || json.Unmarshal(text, &e) != nil {
		return e, false
	}
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(e.API, "http://"), time.Second)
	if err != nil {
		return e, false // left behind by one that was killed
	}
	return e, conn.Close() == nil
}

// token returns the token of tenant that `up` keeps in data, making one if
// there is none. Only the user who runs `up` can read it.
func token(data, tenant string) (string, error) {
	if !config.ValidTenant(tenant) {
		return "", fmt.Errorf("%q is no tenant name", tenant)
	}
	path := tokenFile(data, tenant)
	text, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read token of %s: %w", tenant, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make token of %s: %w", tenant, err)
	}
	secret := rand.Text()
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("make token of %s: %w", tenant, err)
	}
	return secret, nil
}

func tokenFile(data, tenant string) string { return filepath.Join(data, "tokens", tenant) }
