package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"regexp"
	"time"
)

// name is what tenants, topics and retention classes may be called.
var name = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$`)

// ValidTenant reports whether s can name a tenant.
func ValidTenant(s string) bool { return name.MatchString(s) && len(s) <= 64 }

// Validate returns every problem of c at once.
func (c Config) Validate() error {
	var p problems
	p.check(c.Data != "", "data: a directory is required")
	_, _, err := net.SplitHostPort(c.Listen)
	p.check(err == nil, "listen: want host:port, got %q", c.Listen)
	p.check(name.MatchString(c.ClickHouse.Database), "clickhouse.database: %q is no name", c.ClickHouse.Database)
	p.check(name.MatchString(c.Kafka.Topic), "kafka.topic: %q is no topic name", c.Kafka.Topic)
	p.check(c.Kafka.Partitions > 0, "kafka.partitions: want 1 or more, got %d", c.Kafka.Partitions)
	p.check(c.Kafka.Replication > 0, "kafka.replication: want 1 or more, got %d", c.Kafka.Replication)
	p.check(c.Gateway.MaxEvent > 0 && c.Gateway.MaxEvent <= c.Gateway.MaxBody,
		"gateway.max_event: want 1 to max_body (%d), got %d", c.Gateway.MaxBody, c.Gateway.MaxEvent)
	p.tokens("gateway", c.Gateway.Tokens)
	p.doors(c.Gateway.Doors)
	p.tokens("api", c.API.Tokens)
	p.collector(c.Collector, c.Kafka.Topic)
	p.check(len(c.API.Tokens) > 0 || Loopback(c.Listen),
		"listen: %s is reachable from other machines and api.tokens is empty: anybody could read every tenant; add tokens or listen on 127.0.0.1", c.Listen)
	return errors.Join(p...)
}

// emptyToken is what `printf %s "$TOKEN" | sha256sum` gives when TOKEN is unset.
const emptyToken = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

type problems []error

func (p *problems) check(ok bool, format string, args ...any) {
	if !ok {
		*p = append(*p, fmt.Errorf(format, args...))
	}
}

func (p *problems) tokens(section string, tokens []Token) {
	for i, t := range tokens {
		p.check(ValidTenant(t.Tenant), "%s.tokens[%d].tenant: %q is no tenant name", section, i, t.Tenant)
		sum, err := hex.DecodeString(t.SHA256)
		p.check(t.SHA256 != emptyToken, "%s.tokens[%d].sha256: this is the hash of an empty token", section, i)
		p.check(err == nil && len(sum) == 32, "%s.tokens[%d].sha256: want 64 hexadecimal digits (printf %%s \"$TOKEN\" | sha256sum)", section, i)
	}
}

func (p *problems) collector(c Collector, own string) {
	p.check(c.BatchRows >= 100 && c.BatchRows <= 1_000_000, "collector.batch_rows: want 100 to 1000000, got %d", c.BatchRows)
	p.check(c.BatchInterval >= 10*time.Millisecond && c.BatchInterval <= time.Minute,
		"collector.batch_interval: want 10ms to 1m, got %s", c.BatchInterval)
	p.check(c.Raw == "none" || c.Raw == "all", "collector.raw: want none or all, got %q", c.Raw)
	seen := map[string]bool{own: true}
	for i, t := range c.Topics {
		p.check(name.MatchString(t.Name), "collector.topics[%d].name: %q is no topic name", i, t.Name)
		p.check(!seen[t.Name], "collector.topics[%d].name: %q is mapped twice", i, t.Name)
		seen[t.Name] = true
		p.check(t.Source != "", "collector.topics[%d].source: required; `runledger sources` lists them", i)
		p.check((t.Tenant == "") != (t.TenantHeader == ""), "collector.topics[%d]: want either tenant or tenant_header", i)
		p.check(t.Tenant == "" || ValidTenant(t.Tenant), "collector.topics[%d].tenant: %q is no tenant name", i, t.Tenant)
	}
	for i, r := range c.Retention {
		p.check(name.MatchString(r.Class), "collector.retention[%d].class: %q is no name", i, r.Class)
	}
}

// Loopback reports whether addr (host:port) can be reached from this machine alone.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
