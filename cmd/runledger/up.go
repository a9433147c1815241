package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/runledger/runledger/internal/chconn"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/sql"
)

type upCmd struct {
	Data        string `help:"Directory of tables, topics, logs and tokens." type:"path" placeholder:"DIR"`
	Listen      string `help:"Address to listen on (host:port)." placeholder:"ADDR"`
	Demo        bool   `help:"Stream realistic vendor payloads of two tenants through the real path."`
	DemoDays    int    `help:"Days of history the demo begins with." default:"90"`
	PrintConfig bool   `help:"Print the effective configuration, without secrets, and exit."`
}

// demoTenants are whose payloads --demo pushes.
var demoTenants = []string{"acme", "globex"}

func (u *upCmd) Run(c *cli) error {
	cfg, err := config.Load(c.configPath, c.Getenv)
	if err != nil {
		return &exitError{Code: exitUsage, Err: err}
	}
	if u.Data != "" {
		cfg.Data = u.Data
	}
	if u.Listen != "" {
		cfg.Listen = u.Listen
	}
	if err := cfg.Validate(); err != nil {
		return &exitError{Code: exitUsage, Err: err}
	}
	if u.PrintConfig {
		return c.printConfig(cfg)
	}
	return u.up(c, cfg)
}

func (u *upCmd) up(c *cli, cfg config.Config) error {
	n := newNode(c, cfg)
	stop, err := n.embed(c.ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := n.tokens(u.tenants()); err != nil {
		return err
	}
	applied, err := sql.Migrate(c.ctx, chconn.Options(n.cfg.ClickHouse))
	if err != nil {
		return err
	}
	n.log.Info("schema up to date", "applied", len(applied))
	for _, add := range []func(*node, context.Context) error{(*node).gateway, (*node).collect, (*node).serve} {
		if err := add(n, c.ctx); err != nil {
			return err
		}
	}
	n.mux.HandleFunc("GET /{$}", welcome(n.cfg))
	if u.Demo {
		n.tasks = append(n.tasks, n.demo(u.DemoDays))
	}
	return n.run(c.ctx)
}

func (u *upCmd) tenants() []string {
	if u.Demo {
		return demoTenants
	}
	return []string{"default"}
}

// embed starts the parts that have no configured address, and tells the other
// verbs where they are. The returned function ends them.
func (n *node) embed(ctx context.Context) (stop func(), err error) {
	stop = func() {}
	if n.cfg.ClickHouse.Addr == "" || len(n.cfg.Kafka.Brokers) == 0 {
		restarts := prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "runledger_embedded_restarts_total", Help: "Times an embedded child died and was started again.",
		}, []string{"child"})
		n.reg.MustRegister(restarts)
		stack, err := embedded.Start(ctx, embedded.Config{
			DataDir: n.cfg.Data, ClickHouse: n.cfg.ClickHouse.Addr == "", Broker: len(n.cfg.Kafka.Brokers) == 0,
			Logger:    n.log.With("component", "embedded"),
			OnRestart: func(child embedded.Child) { restarts.WithLabelValues(string(child)).Inc() },
		})
		if err != nil {
			return stop, err
		}
		stop = func() {
			_ = os.Remove(endpointsFile(n.cfg.Data))
			stack.Stop(context.WithoutCancel(ctx))
		}
		n.adopt(stack)
	}
	if err := os.MkdirAll(n.cfg.Data, 0o700); err != nil {
		return stop, fmt.Errorf("make data directory: %w", err)
	}
	e := endpoints{ClickHouse: n.cfg.ClickHouse.Addr, Brokers: n.cfg.Kafka.Brokers, API: "http://" + n.cfg.Listen}
	return stop, e.write(n.cfg.Data)
}

func (n *node) adopt(stack *embedded.Stack) {
	if n.cfg.ClickHouse.Addr == "" {
		n.cfg.ClickHouse.Addr = stack.ClickHouseAddr()
		n.log.Info("clickhouse ready", "native", stack.ClickHouseAddr(), "http", stack.ClickHouseHTTPAddr())
	}
	if len(n.cfg.Kafka.Brokers) == 0 {
		n.cfg.Kafka.Brokers = stack.Brokers()
		n.log.Info("broker ready", "brokers", stack.Brokers())
	}
}

// tokens makes the tokens of tenants, unless the configuration names its own.
func (n *node) tokens(tenants []string) error {
	if len(n.cfg.Gateway.Tokens) > 0 {
		return nil
	}
	for _, tenant := range tenants {
		secret, err := token(n.cfg.Data, tenant)
		if err != nil {
			return err
		}
		n.cfg.Gateway.Tokens = append(n.cfg.Gateway.Tokens, config.HashToken(tenant, secret))
		n.log.Info("token ready", "tenant", tenant, "file", tokenFile(n.cfg.Data, tenant))
	}
	return nil
}

func welcome(cfg config.Config) http.HandlerFunc {
	text := fmt.Sprintf(`runledger: the ledger of everything automation did.

  questions   http://%[1]s/docs       (OpenAPI: /openapi.json)
  push        http://%[1]s/v1/push/{source}
  health      http://%[1]s/readyz     /healthz   /metrics

In a terminal:
  runledger query failures --tenant acme
  runledger query mttd --tenant acme
  runledger query runs --tenant acme --where outcome=failure
`, cfg.Listen)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprint(w, text)
	}
}
