package main

import (
	"fmt"

	"github.com/runledger/runledger/internal/chconn"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/sql"
)

type migrateCmd struct {
	Check bool `help:"Change nothing: say what is missing or differs."`
}

func (m *migrateCmd) Run(c *cli) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if err := needClickHouse(cfg); err != nil {
		return err
	}
	if m.Check {
		return m.check(c, cfg)
	}
	applied, err := sql.Migrate(c.ctx, chconn.Options(cfg.ClickHouse))
	if err != nil {
		return err
	}
	for _, a := range applied {
		fmt.Fprintf(c.Stdout, "applied %s\n", a.File)
	}
	fmt.Fprintf(c.Stdout, "schema of %s is up to date (%d applied)\n", cfg.ClickHouse.Database, len(applied))
	return nil
}

func (m *migrateCmd) check(c *cli, cfg config.Config) error {
	opts := chconn.Options(cfg.ClickHouse)
	pending, err := sql.Pending(c.ctx, opts)
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		fmt.Fprintf(c.Stdout, "%d migrations to apply: %v\n", len(pending), pending)
		return &exitError{Code: exitIncomplete}
	}
	if err := sql.CheckDrift(c.ctx, opts); err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "schema of %s is up to date\n", cfg.ClickHouse.Database)
	return nil
}

// needClickHouse refuses a verb that needs a server of its own address.
func needClickHouse(cfg config.Config) error {
	if cfg.ClickHouse.Addr == "" {
		return &exitError{Code: exitUsage, Err: fmt.Errorf("clickhouse.addr is not configured: name a server in the configuration file (-c), or use `runledger up`, which brings its own")}
	}
	return nil
}

// needKafka refuses a verb that needs a broker of its own address.
func needKafka(cfg config.Config) error {
	if len(cfg.Kafka.Brokers) == 0 {
		return &exitError{Code: exitUsage, Err: fmt.Errorf("kafka.brokers is not configured: name them in the configuration file (-c), or use `runledger up`, which brings its own")}
	}
	return nil
}

// needTokens refuses a gateway that nobody could push to.
func needTokens(cfg config.Config) error {
	if len(cfg.Gateway.Tokens)+len(cfg.Gateway.Doors) == 0 {
		return &exitError{Code: exitUsage, Err: fmt.Errorf(`no gateway.tokens and no gateway.doors are configured, so nobody could push: export RUNLEDGER_TOKENS="acme=$(openssl rand -hex 16)", or list their SHA-256 in the configuration file`)}
	}
	return nil
}
