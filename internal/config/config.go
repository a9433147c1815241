// Package config reads the one configuration file. It knows what each setting
// means and what is safe, not what is done with it.
//
// Unknown keys are refused. Secrets come from the environment or from files
// named in the configuration and are never printed.
package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Config is the whole configuration.
type Config struct {
	// Data is the directory of the embedded parts and of generated tokens.
	Data string `yaml:"data"`
	// Listen is the address of the HTTP server. Loopback unless said otherwise.
	Listen string `yaml:"listen"`

	ClickHouse ClickHouse `yaml:"clickhouse"`
	Kafka      Kafka      `yaml:"kafka"`
	Gateway    Gateway    `yaml:"gateway"`
	Collector  Collector  `yaml:"collector"`
	API        API        `yaml:"api"`
}

// ClickHouse says where the ledger is stored.
type ClickHouse struct {
	// Addr is host:port of the native protocol. Empty: `up` runs the embedded server.
	Addr     string `yaml:"addr"`
	Database string `yaml:"database"`
	Username string `yaml:"username"`
	// Password comes from RUNLEDGER_CLICKHOUSE_PASSWORD.
	Password string `yaml:"-"`
	// TLS turns on an encrypted connection.
	TLS bool `yaml:"tls"`
}

// Kafka says where events wait to be collected.
type Kafka struct {
	// Brokers are host:port. Empty: `up` runs the embedded broker.
	Brokers []string `yaml:"brokers"`
	// Topic is the one the gateway writes and the collector always reads.
	Topic string `yaml:"topic"`
	// Epoch is raised by hand when Topic is deleted and made anew.
	Epoch uint32 `yaml:"epoch"`
	// Partitions and Replication are used when the topic is created.
	Partitions  int `yaml:"partitions"`
	Replication int `yaml:"replication"`
	// Group is the consumer group of the collectors.
	Group string `yaml:"group"`
	// TLS turns on an encrypted connection.
	TLS bool `yaml:"tls"`
	// Username turns on SASL PLAIN; the password comes from RUNLEDGER_KAFKA_PASSWORD.
	Username string `yaml:"username"`
	Password string `yaml:"-"`
}

// Gateway limits what may be pushed.
type Gateway struct {
	// Tokens say who may push, each for one tenant.
	Tokens []Token `yaml:"tokens"`
	// MaxBody and MaxEvent are in bytes after decompression.
	MaxBody  int64 `yaml:"max_body"`
	MaxEvent int64 `yaml:"max_event"`
	// MaxRatio bounds how far a compressed body may grow.
	MaxRatio int64 `yaml:"max_ratio"`
	// EventsPerSecond bounds each tenant; 0 is no bound.
	EventsPerSecond float64 `yaml:"events_per_second"`
	// Doors take what vendors push in their own way, each at /v1/doors/NAME.
	Doors []Door `yaml:"doors"`
}

// Token gives the bearer of a secret the right to act for one tenant.
type Token struct {
	Tenant string `yaml:"tenant"`
	// SHA256 is the hexadecimal SHA-256 of the token; the token itself is not stored.
	SHA256 string `yaml:"sha256"`
}

// Collector says what is read and how it is cut into inserts.
type Collector struct {
	// Topics are the customer's own topics, read beside Kafka.Topic.
	Topics []Topic `yaml:"topics"`
	// BatchRows and BatchInterval end an insert, whichever comes first.
	BatchRows     int           `yaml:"batch_rows"`
	BatchInterval time.Duration `yaml:"batch_interval"`
	// Raw keeps the received bytes: "none" or "all". Dead letters always keep theirs.
	Raw string `yaml:"raw"`
	// Retention assigns classes; the first rule that matches decides.
	Retention []RetentionRule `yaml:"retention"`
}

// Topic maps one topic to the format of its messages and their tenant.
type Topic struct {
	Name   string `yaml:"name"`
	Source string `yaml:"source"`
	// Tenant is fixed, or read from the header TenantHeader.
	Tenant       string `yaml:"tenant"`
	TenantHeader string `yaml:"tenant_header"`
	// SourceURI names the instance that writes to the topic.
	SourceURI string `yaml:"source_uri"`
	// Epoch is raised by hand when the topic is deleted and made anew.
	Epoch uint32 `yaml:"epoch"`
}

// RetentionRule gives records of a tenant and source (empty: any) a class.
type RetentionRule struct {
	Tenant string `yaml:"tenant"`
	Source string `yaml:"source"`
	Class  string `yaml:"class"`
}

// DefaultClass is the retention class of records that no rule names.
const DefaultClass = "operational"

// API says who may ask.
type API struct {
	// Tokens say who may query, each for one tenant. Without tokens the API
	// answers for any tenant and is bound to loopback.
	Tokens []Token `yaml:"tokens"`
}

// Default returns the settings of a machine of its own.
func Default() Config {
	return Config{
		Data:   "data",
		Listen: "127.0.0.1:8080",
		ClickHouse: ClickHouse{
			Database: "runledger", Username: "default",
		},
		Kafka: Kafka{Topic: "runledger.events", Partitions: 4, Replication: 1, Group: "runledger"},
		Gateway: Gateway{
			MaxBody: 10 << 20, MaxEvent: 1 << 20, MaxRatio: 100,
		},
		Collector: Collector{BatchRows: 100_000, BatchInterval: time.Second, Raw: "none"},
	}
}

// Load reads path over the defaults; an empty path gives the defaults. Secrets
// are taken from getenv (os.Getenv).
func Load(path string, getenv func(string) string) (Config, error) {
	c := Default()
	if path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return c, fmt.Errorf("read configuration: %w", err)
		}
		dec := yaml.NewDecoder(bytes.NewReader(text))
		dec.KnownFields(true)
		if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
			return c, fmt.Errorf("configuration %s: %w", path, err)
		}
	}
	c.ClickHouse.Password = getenv("RUNLEDGER_CLICKHOUSE_PASSWORD")
	c.Kafka.Password = getenv("RUNLEDGER_KAFKA_PASSWORD")
	tokens, err := parseTokens(getenv("RUNLEDGER_TOKENS"))
	if err != nil {
		return c, err
	}
	if err := c.Gateway.readSecrets(getenv); err != nil {
		return c, fmt.Errorf("configuration %s: %w", path, err)
	}
	c.Gateway.Tokens = append(c.Gateway.Tokens, tokens...)
	c.API.Tokens = append(c.API.Tokens, tokens...)
	if err := c.Validate(); err != nil {
		return c, fmt.Errorf("configuration %s: %w", path, err)
	}
	return c, nil
}

// parseTokens reads RUNLEDGER_TOKENS, "tenant=token tenant=token …": secrets
// that may push and query, kept as hashes from here on.
func parseTokens(env string) ([]Token, error) {
	var tokens []Token
	for i, pair := range strings.Fields(env) {
		tenant, secret, ok := strings.Cut(pair, "=")
		if !ok || len(secret) < 16 {
			return nil, fmt.Errorf("RUNLEDGER_TOKENS: entry %d: want tenant=token with a token of 16 characters or more", i+1)
		}
		tokens = append(tokens, HashToken(tenant, secret))
	}
	return tokens, nil
}

// HashToken returns the Token that secret is the bearer secret of.
func HashToken(tenant, secret string) Token {
	sum := sha256.Sum256([]byte(secret))
	return Token{Tenant: tenant, SHA256: hex.EncodeToString(sum[:])}
}

// YAML returns the effective settings without secrets, for --print-config.
func (c Config) YAML() ([]byte, error) { return yaml.Marshal(c) }

// CacheDir is where downloads are kept, outside any repository.
func CacheDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_CACHE_HOME"); dir != "" {
		return filepath.Join(dir, "runledger"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the cache directory: %w; set XDG_CACHE_HOME", err)
	}
	return filepath.Join(home, ".cache", "runledger"), nil
}
